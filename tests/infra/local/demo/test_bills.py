"""The demo's bills: right ones pass, each kind of wrong one is told, and they are drawn."""

from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from infra.local.demo.bills import GROSS, Billed, bills_table, findings_about
from infra.local.demo.cast import CAST, TEACHER
from infra.local.demo.office import WAGE_MINOR


def document(number: int, party: str, minor: int) -> dict[str, Any]:
    """An issued document of one line."""
    line = {"session_id": "s", "how": "12.00 EUR a lesson", "evidence": {"status": "present"}}
    money = {"amount_minor": minor, "currency": "EUR"}
    return {"number": f"INV-{number}", "party": party, "net": money, "gross": money, "lines": [line], "content_hash": "a1b2"}


def right() -> Billed:
    """What the demo should end with."""
    students = sorted(person.email or "" for person in CAST if person.is_student)
    invoices = [document(number, party, GROSS) for number, party in enumerate(students)]
    words = ["paid", "partly_paid", "unpaid", "unpaid", "unpaid"]
    left = {"amount_minor": 928, "currency": "EUR"}
    standings = {each["number"]: {"standing": word, "open": left} for each, word in zip(invoices, words, strict=True)}
    doubts = [{"doubt": each} for each in ("unidentified", "may_be_stranger", "unidentified")]
    return Billed(doubts, [], invoices, [document(9, TEACHER, WAGE_MINOR)], standings)


def test_right_bills_pass() -> None:
    assert [each.holds for each in findings_about(right())] == [True] * 4


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"before": []}, "unknown"),
        ({"after": [{}]}, "unknown"),
        ({"invoices": right().invoices[1:]}, "one invoice"),
        ({"invoices": [document(0, TEACHER, GROSS), *right().invoices[1:]]}, "one invoice"),
        ({"invoices": [*right().invoices[:4], document(4, "finn.ford@school.example", 1)]}, "one invoice"),
        ({"orders": []}, "teacher"),
    ],
)
def test_a_wrong_bill_is_told(changes: dict[str, Any], word: str) -> None:
    wrong = [each for each in findings_about(replace(right(), **changes)) if not each.holds]
    assert any(word in each.claim and each.told for each in wrong)


def test_what_is_open_is_drawn_beside_what_was_billed() -> None:
    console = Console(width=140)
    with console.capture() as drawn:
        console.print(bills_table(right()))
    text = drawn.get()
    assert "12.00 EUR a lesson" in text
    assert "14.28 EUR" in text
    assert "9.28 EUR" in text
