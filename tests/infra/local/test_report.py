"""What the person at the terminal sees."""

import io

from rich.console import Console

from infra.local.report import Reporter


def told(width: int = 40) -> tuple[Reporter, io.StringIO]:
    """A reporter to a narrow place that is no terminal, and what arrives there."""
    out = io.StringIO()
    return Reporter(Console(file=out, width=width, soft_wrap=True, highlight=False)), out


def test_a_long_token_stays_on_one_line() -> None:
    report, out = told()
    report.banner({"API": "http://x"}, {"teacher": "t" * 500}, {"data": "[here]"})
    lines = out.getvalue().splitlines()
    assert any(line.endswith("t" * 500) for line in lines)
    assert any(line.endswith("[here]") for line in lines)
    assert lines[-1] == "ready"


def test_each_part_is_told_when_it_serves() -> None:
    report, out = told()
    with report.starting():
        report.begins("firestore")
        report.serves("firestore", "127.0.0.1:1")
    assert out.getvalue().split() == ["up", "after", "0.0", "s", "firestore", "127.0.0.1:1"]


def test_a_terminal_sees_progress() -> None:
    out = io.StringIO()
    report = Reporter(Console(file=out, force_terminal=True, width=100))
    with report.starting():
        report.begins("firestore")
        report.begins("schedule")
        report.serves("schedule", "http://x")
    assert "firestore" in out.getvalue()
