"""What is known about a class's people beside what was seen in its room; stamped on the session when it is folded.

With it the fold stays a pure function: the same facts and the same knowledge give the same attendance.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.domain.policies import DEFAULT_POLICY, Policy
from shared.domain.rulings import Ruling


@dataclass(frozen=True, slots=True)
class Known:
    """Knowledge about one class. Addresses and plain names (`identities.plain_name`) are in lower case.

    `names` are the full names of people on the class's roster, by address; `staff` the addresses of everybody who teaches,
    among those who are on the roster or were seen. `ids` says whose a participant's ref is by a sign-in or an imported
    roster, `confirmed` by a person's word. `aliases` gives the people whom somebody confirmed under a plain name. `rulings`
    are those about this session.
    """

    policy: Policy = DEFAULT_POLICY
    names: Mapping[str, str] = field(default_factory=dict)
    staff: frozenset[str] = frozenset()
    ids: Mapping[str, str] = field(default_factory=dict)
    confirmed: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rulings: tuple[Ruling, ...] = ()


NOTHING_KNOWN = Known()
