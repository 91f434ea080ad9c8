"""The gate's story: roles that can be taken away within a minute, and limits for each person and address."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.accounts import AskedTooOften, Caller, SignedOut
from shared.domain.directory import Access, Person, PersonRole
from shared.domain.errors import Unavailable
from shared.ports import Versioned
from shared.usecases.admit_caller import MOST_KNOWN, CurrentRoles, Gate
from shared.usecases.spend_quota import SpendQuota
from tests.fake_people import MemoryPeople
from tests.fake_quotas import MemoryQuotas
from tests.fakes import Clock

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ADA, HERE = "ada@school.example", "203.0.113.7"
SECOND = timedelta(seconds=1)


class Directory(MemoryPeople):
    """People who count how often somebody asks for one of them."""

    reads = 0
    is_away = False

    def get(self, email: str) -> Versioned[Person] | None:
        self.reads += 1
        if self.is_away:
            raise Unavailable("away")
        return super().get(email)

    def puts(self, person: Person) -> None:
        assert self.save([(super().get(person.email), person)])


@dataclass
class House:
    """A gate over fakes."""

    people: Directory
    quotas: MemoryQuotas
    clock: Clock
    gate: Gate

    def admits(self, caller: Caller, address: str = HERE) -> str:
        """The role that the caller gets in with."""
        return self.gate.admit(caller, address).role


@pytest.fixture
def house() -> House:
    people, quotas, clock = Directory(), MemoryQuotas(), Clock(NOON)

    def ticks() -> float:
        return (clock.at - NOON).total_seconds() + 1000

    roles = CurrentRoles(people, ["root@school.example"], ticks)
    return House(people, quotas, clock, Gate(roles, SpendQuota(quotas, clock, ticks), clock, 20, 30, "salt"))


def shows(role: str | None, email: str = ADA, issued_at: datetime = NOON) -> Caller:
    """Somebody with a token that claims this role, or none."""
    return Caller("1", email, role or "user", None, issued_at, role is not None)


@pytest.mark.parametrize("role", ["user", "teacher", "admin"])
def test_a_role_stands_that_nobody_took_away(house: House, role: str) -> None:
    assert house.admits(shows(role)) == role
    house.people.puts(Person("bea@school.example", (PersonRole.STUDENT,)))
    assert house.admits(shows(role, "bea@school.example")) == role


@pytest.mark.parametrize(
    ("claimed", "access", "role"),
    [
        ("admin", Access.TEACHER, "teacher"),
        ("admin", Access.USER, "user"),
        ("teacher", Access.USER, "user"),
        ("teacher", Access.ADMIN, "teacher"),
        ("user", Access.ADMIN, "user"),
        ("admin", Access.ADMIN, "admin"),
    ],
)
def test_the_directory_takes_a_claimed_role_away_and_adds_nothing_to_it(
    house: House, claimed: str, access: Access, role: str
) -> None:
    house.people.puts(Person(ADA, (PersonRole.TEACHER,), access=access))
    assert house.admits(shows(claimed)) == role


@pytest.mark.parametrize(
    ("roles", "access", "role"),
    [
        ((PersonRole.TEACHER,), None, "teacher"),
        ((PersonRole.STUDENT, PersonRole.TEACHER), None, "teacher"),
        ((PersonRole.STUDENT,), None, "user"),
        ((PersonRole.GUARDIAN,), None, "user"),
        ((PersonRole.STUDENT,), Access.ADMIN, "admin"),
        ((PersonRole.STUDENT,), Access.TEACHER, "teacher"),
        ((PersonRole.TEACHER,), Access.USER, "user"),
    ],
)
def test_a_token_without_a_role_gets_the_directorys(
    house: House, roles: tuple[PersonRole, ...], access: Access | None, role: str
) -> None:
    house.people.puts(Person(ADA, roles, access=access))
    assert house.admits(shows(None)) == role


def test_a_token_without_a_role_of_somebody_unknown_is_the_least() -> None:
    people = Directory()
    assert CurrentRoles(people, [], lambda: 1.0)(shows(None)).role == "user"


def test_the_deployments_administrators_are_administrators_until_the_directory_says_less(house: House) -> None:
    assert house.admits(shows(None, "root@school.example")) == "admin"
    house.people.puts(Person("root@school.example", (), access=Access.USER))
    house.clock.passes(61 * SECOND)
    assert house.admits(shows(None, "root@school.example")) == "user"
    assert house.admits(shows("admin", "root@school.example")) == "user"


def test_a_demotion_counts_within_a_minute_and_costs_one_read_a_minute(house: House) -> None:
    assert house.admits(shows("admin")) == "admin"
    house.people.puts(Person(ADA, (), access=Access.USER))
    house.clock.passes(59 * SECOND)
    assert house.admits(shows("admin")) == "admin"
    assert house.people.reads == 1
    house.clock.passes(SECOND)
    assert house.admits(shows("admin")) == "user"
    assert house.people.reads == 2


def test_a_token_from_before_the_sign_out_is_worth_nothing_and_a_newer_one_is(house: House) -> None:
    house.people.puts(Person(ADA, (PersonRole.TEACHER,), signed_out_at=NOON))
    for claimed in ("admin", "teacher", None):
        with pytest.raises(SignedOut):
            house.admits(shows(claimed, issued_at=NOON - SECOND))
    with pytest.raises(SignedOut):
        house.gate.admit(replace(shows("teacher"), token_issued_at=None), HERE)
    assert house.admits(shows("teacher", issued_at=NOON)) == "teacher"
    assert house.admits(shows("teacher", issued_at=NOON + SECOND)) == "teacher"


def test_a_sign_out_counts_within_a_minute(house: House) -> None:
    person = Person(ADA, (PersonRole.TEACHER,))
    house.people.puts(person)
    assert house.admits(shows("teacher")) == "teacher"
    house.clock.passes(10 * SECOND)
    house.people.puts(replace(person, signed_out_at=house.clock.at))
    house.clock.passes(50 * SECOND)
    with pytest.raises(SignedOut):
        house.admits(shows("teacher"))


def test_nobody_is_let_in_on_a_role_that_cannot_be_checked(house: House) -> None:
    house.people.is_away = True
    with pytest.raises(Unavailable):
        house.admits(shows("admin"))


def test_a_person_and_an_address_each_have_a_limit_and_learn_how_long_to_wait(house: House) -> None:
    house.clock.passes(15 * SECOND)
    for _ in range(20):
        house.admits(shows("user"))
    with pytest.raises(AskedTooOften) as often:
        house.admits(shows("user"))
    assert (often.value.limit, often.value.retry_s) == (20, 45)
    for _ in range(9):
        house.admits(shows("user", "bea@school.example"))
    with pytest.raises(AskedTooOften) as often:
        house.admits(shows("user", "bea@school.example"))
    assert (often.value.limit, often.value.retry_s) == (30, 45)
    assert house.admits(shows("user", "bea@school.example"), "203.0.113.8") == "user"
    house.clock.passes(45 * SECOND)
    assert house.admits(shows("user")) == "user"


def test_whoever_asks_to_sign_in_is_counted_by_address(house: House) -> None:
    for _ in range(30):
        house.gate.admit_stranger(HERE)
    with pytest.raises(AskedTooOften):
        house.gate.admit_stranger(HERE)
    house.gate.admit_stranger("203.0.113.8")


def test_one_person_is_one_person_under_every_kind_of_token(house: House) -> None:
    for turn in range(20):
        house.admits(replace(shows("user"), subject=str(turn)), f"203.0.113.{turn}")
    with pytest.raises(AskedTooOften):
        house.admits(shows("user"), "203.0.113.99")


def test_too_many_requests_cost_the_directory_nothing(house: House) -> None:
    for _ in range(20):
        house.admits(shows("user"))
    house.clock.passes(59 * SECOND)
    with pytest.raises(AskedTooOften):
        house.admits(shows("user"))
    assert house.people.reads == 1


def test_no_address_stands_in_a_counters_key_nor_can_it_be_found_by_trying(house: House) -> None:
    house.admits(shows("user"))
    told = {key for key, _, _ in house.quotas.used}
    assert not any(ADA in key or HERE in key for key in told)
    other = MemoryQuotas()
    spend = SpendQuota(other, house.clock, lambda: 1.0)
    Gate(house.gate.role_of, spend, house.clock, 20, 30, "another salt").admit_stranger(HERE)
    assert not told & {key for key, _, _ in other.used}
    assert "salt" not in repr(house.gate)


def test_memory_of_people_is_bounded() -> None:
    people = Directory()
    roles = CurrentRoles(people, [], lambda: 1.0)
    for number in range(MOST_KNOWN + 5):
        roles(shows("user", f"{number}@school.example"))
    assert len(roles._known) <= MOST_KNOWN
