"""Keeping the forgotten forgotten: what comes in late bears the pseudonym, everything else passes untouched."""

from dataclasses import dataclass, field, replace

from shared.domain.evidence import Evidence, Participant, PersonKind
from shared.domain.subjects import pseudonym_from
from shared.people_ports import NAMELESS
from shared.usecases.pseudonymise import Pseudonymise
from tests.builders import at, seen
from tests.fake_privacy import MemoryForgotten

OMAR, LENA = "omar@school.example", "lena@school.example"
REF = "google:112233445566778899001"
ONE = pseudonym_from("1")


@dataclass
class Counting(MemoryForgotten):
    """Counts how often it is asked."""

    asked: list[int] = field(default_factory=list)

    def pseudonym_of(self, refs):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201
        """See the port."""
        self.asked.append(len(refs))
        return super().pseudonym_of(refs)


def keep_out(*refs: str) -> Pseudonymise:
    return Pseudonymise(MemoryForgotten(dict.fromkeys(refs, ONE)))


def test_facts_of_others_pass_as_they_are() -> None:
    facts = (seen("join", at(0), f"email:{LENA}", name="Lena"), seen("leave", at(1), "meet:c/1"))
    assert keep_out(f"email:{OMAR}")(facts) == facts
    assert keep_out()(facts) == facts
    assert keep_out(f"email:{OMAR}")(()) == ()


def test_a_forgotten_person_is_only_a_pseudonym_whatever_they_are_known_by() -> None:
    by_address = seen("join", at(0), name="Omar Nasser", device="omars-phone")
    stated = seen("join", at(0), "google:9", name="Omar Nasser", address=OMAR)
    by_ref = seen("join", at(0), REF, name="Omar Nasser", connection=f"participants/{REF.partition(':')[2]}/s1")
    for fact in (by_address, stated, by_ref):
        (kept,) = keep_out(f"email:{OMAR}", REF)([fact])
        assert kept.participant == Participant(f"email:{ONE}", kind=fact.participant.kind)
        assert (kept.at, kept.kind, kept.room, kept.source) == (fact.at, fact.kind, fact.room, fact.source)
        assert not any(trace in repr(kept).lower() for trace in ("omar", "nasser", "112233"))


def test_an_account_that_the_reading_says_is_theirs_is_theirs() -> None:
    fact, other = seen("join", at(0), REF, name="Omar"), seen("join", at(0), "google:77", name="Lena")
    addresses = {REF: OMAR, "google:77": LENA}
    kept = keep_out(f"email:{OMAR}")([fact, other], addresses)
    assert [each.participant.ref for each in kept] == [f"email:{ONE}", "google:77"]
    assert keep_out(f"email:{OMAR}").identities(addresses) == {"google:77": LENA}
    assert keep_out(REF).identities(addresses) == {"google:77": LENA}
    assert keep_out().identities(addresses) == addresses


def test_joining_and_leaving_stay_one_connection_and_two_devices_stay_two() -> None:
    facts = [seen("join", at(0), device="phone"), seen("leave", at(5), device="phone"), seen("join", at(1), device="laptop")]
    join, leave, other = keep_out(f"email:{OMAR}")(facts)
    assert join.connection == leave.connection != other.connection
    assert len({each.evidence_id for each in (join, leave, other)}) == 3


def test_a_fact_told_twice_stays_one_fact() -> None:
    told: list[Evidence] = []
    for _ in range(2):
        told += keep_out(f"email:{OMAR}")([seen("join", at(0), device="phone"), replace(seen("join", at(0)), event_id="e1")])
    assert len({each.evidence_id for each in told}) == 2
    assert told[:2] == told[2:]
    assert told[1].evidence_id == replace(seen("join", at(0)), event_id="e1").evidence_id


def test_an_author_who_was_forgotten_is_not_written_while_the_fact_is_about_somebody_else() -> None:
    fact = replace(seen("join", at(0), f"email:{LENA}", name="Lena"), author=OMAR, reason="I saw her")
    (kept,) = keep_out(f"email:{OMAR}")([fact])
    assert kept == replace(fact, author=ONE)


def test_a_forgotten_person_of_a_forgotten_author_is_forgotten_too() -> None:
    two = pseudonym_from("2")
    story = Pseudonymise(MemoryForgotten({f"email:{OMAR}": ONE, f"email:{LENA}": two}))
    (kept,) = story([replace(seen("join", at(0), f"email:{LENA}"), author=OMAR)])
    assert (kept.author, kept.participant.ref) == (ONE, f"email:{two}")
    (own,) = story([replace(seen("join", at(0)), author=OMAR)])
    assert (own.author, own.participant.ref) == (ONE, f"email:{ONE}")


def test_somebody_who_may_be_a_forgotten_person_loses_the_name_and_nothing_else() -> None:
    fact = seen("join", at(0), "meet:c1/7", name="Omar Nasser", person=PersonKind.ANONYMOUS)
    (kept,) = Pseudonymise(MemoryForgotten({"meet:c1/7": NAMELESS}))([fact])
    assert kept == replace(fact, participant=replace(fact.participant, display_name=None))
    assert kept.evidence_id == fact.evidence_id


def test_many_facts_are_one_question() -> None:
    forgotten = Counting()
    Pseudonymise(forgotten)([seen("join", at(minute)) for minute in range(50)])
    assert len(forgotten.asked) == 1
