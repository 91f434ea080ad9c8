"""The demo's verdict: right attendance passes, and each kind of wrong attendance is told in words."""

from typing import Any

import pytest

from infra.local.demo.cast import CAST
from infra.local.demo.verdict import findings
from tests.infra.local.demo.rows import rows

LIVE = {person.email or person.name for person in CAST if person.visits}


def changed(name: str, **fields: object) -> list[dict[str, Any]]:
    """The right attendance with one row changed."""
    return [row | fields if name in (row["email"], row["display_name"]) else row for row in rows()]


def wrong(found: list[dict[str, Any]]) -> list[str]:
    """The claims that do not hold."""
    return [finding.claim for finding in findings(found, LIVE) if not finding.holds]


def test_the_right_attendance_passes() -> None:
    assert wrong(rows()) == []
    assert len(findings(rows(), LIVE)) == 11


def test_somebody_who_was_not_shown_live_is_told() -> None:
    shown = findings(rows(), LIVE - {"eva.evans@school.example"})
    assert [finding.holds for finding in shown].count(False) == 1
    assert "While the class was on" in next(finding.claim for finding in shown if not finding.holds)


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (changed("Dan Drew", duration_seconds=76), "devices are counted once"),
        (changed("Cleo Clark", sessions=[{}]), "in 2 stays"),
        (changed("finn.ford@school.example", status="unknown"), "is absent"),
        (changed("Kitchen tablet", match="exact_email"), "matched to nobody"),
        (changed("Ben Baker", basis="live"), "Meet's own record"),
        ([*rows(), rows()[0]], "each person once"),
        ([row for row in rows() if row["email"] != "eva.evans@school.example"], "Eva Evans"),
    ],
)
def test_each_wrong_is_told_in_words(found: list[dict[str, Any]], word: str) -> None:
    assert any(word in claim for claim in wrong(found))
