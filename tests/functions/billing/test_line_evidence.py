"""The evidence of a line on the wire: rules in words, and authors for administrators alone."""

from datetime import timedelta

from functions.billing.line_evidence import DecisionPart, VisitPart, words_of
from shared.domain.evidence import Basis, Source
from shared.domain.policies import Policy
from shared.usecases.show_line_evidence import Decided, Visit
from tests.builders import NOON
from tests.tracked import BOSS, STUDENT

HOUR = timedelta(hours=1)


def test_the_rules_are_told_in_words_with_their_own_numbers() -> None:
    told = " ".join(words_of(Policy(grace_minutes=7, minimum_share_percent=60, student_no_show_minutes=20)))
    assert "more than 7 minutes after the start" in told
    assert "less than 60 % of the class" in told
    assert "waited 20 minutes is a no-show" in told
    assert "read whole is absent" in told


def test_rules_that_are_switched_off_are_not_told() -> None:
    told = " ".join(words_of(Policy(auto_absent=False)))
    assert "no-show" not in told
    assert "unknown until somebody decides" in told


def test_who_decided_and_recorded_is_told_to_administrators_alone() -> None:
    decided = Decided("status", "late", NOON, "The register says so.", "ada@school.example", is_withdrawn=False)
    visit = Visit(Source.MANUAL, Basis.MANUAL, NOON, NOON + HOUR, None, None, "c", NOON + HOUR, "seen", "ada@school.example")
    assert [DecisionPart.of(decided, caller).by for caller in (BOSS, STUDENT)] == ["ada@school.example", None]
    assert [VisitPart.of(visit, caller).by for caller in (BOSS, STUDENT)] == ["ada@school.example", None]
    assert DecisionPart.of(decided, STUDENT).reason == "The register says so."
    assert VisitPart.of(visit, STUDENT).reason == "seen"
