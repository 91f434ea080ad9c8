"""What was found, as a table for people or as JSON for programs, and what it amounts to."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from infra.doctor.finding import Finding, Verdict

SIGNS = {
    Verdict.OK: ("✓", "green"),
    Verdict.OFF: ("-", "dim"),
    Verdict.ADVICE: ("!", "yellow"),
    Verdict.UNKNOWN: ("?", "magenta"),
    Verdict.MISSING: ("✗", "red"),
}
HEADINGS = {
    Verdict.MISSING: "To mend, from the top:",
    Verdict.UNKNOWN: "To be able to ask:",
    Verdict.ADVICE: "Better:",
    Verdict.OFF: "To switch on what is not used:",
}
FINE, LACKING, NOT_ASKED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Looked:
    """One check's findings."""

    key: str
    title: str
    findings: Sequence[Finding]


def exit_code(looked: Sequence[Looked]) -> int:
    """1 when something is missing, else 2 when something could not be asked, else 0."""
    verdicts = {finding.verdict for each in looked for finding in each.findings}
    return LACKING if Verdict.MISSING in verdicts else NOT_ASKED if Verdict.UNKNOWN in verdicts else FINE


def as_json(looked: Sequence[Looked]) -> str:
    """Everything, for programs."""
    told = [
        {"check": each.key, "verdict": finding.verdict.value, "told": finding.told, "why": finding.why, "remedy": finding.remedy}
        for each in looked
        for finding in each.findings
    ]
    return json.dumps({"exit_code": exit_code(looked), "findings": told}, indent=2)


def show(console: Console, looked: Sequence[Looked]) -> None:
    """Everything as a table, then what mends it, each command in one line so that it can be copied, and the sum of it."""
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    shown, silent = _without_echoes(looked)
    for each in shown:
        for place, finding in enumerate(_first_the_worst(each.findings)):
            sign, colour = SIGNS[finding.verdict]
            told = Text(finding.told, style="dim" if finding.verdict is Verdict.OFF else "")
            table.add_row(Text(sign, style=colour), "" if place else each.title, told)
    console.print(table)
    if silent:
        console.print(Text(f"\nFor the same reason not looked at: {', '.join(silent)}.", style="magenta"))
    for verdict, title in HEADINGS.items():
        _show_remedies(console, title, [f for each in shown for f in each.findings if f.verdict is verdict and f.remedy])
    console.print(_sum(looked))


def _show_remedies(console: Console, title: str, findings: Sequence[Finding]) -> None:
    """What to do, once for all that it mends."""
    by_remedy: dict[str, list[Finding]] = {}
    for finding in findings:
        by_remedy.setdefault(finding.remedy, []).append(finding)
    if by_remedy:
        console.print(Text(f"\n{title}", style="bold"))
    for remedy, mended in by_remedy.items():
        whys = " ".join(dict.fromkeys(finding.why for finding in mended if finding.why))
        console.print(Text(f"  {'; '.join(finding.told.rstrip('.') for finding in mended)}. {whys}".rstrip()), soft_wrap=True)
        console.print(Text(f"    {remedy}", style="cyan"), soft_wrap=True)


def _without_echoes(looked: Sequence[Looked]) -> tuple[list[Looked], list[str]]:
    """The checks, and those that could not be made for a reason that stands there already."""
    reasons: set[tuple[Finding, ...]] = set()
    shown, silent = list[Looked](), list[str]()
    for each in looked:
        found = tuple(each.findings)
        is_echo = found in reasons and all(finding.verdict is Verdict.UNKNOWN for finding in found)
        reasons.add(found)
        silent += [each.title] if is_echo else []
        shown += [] if is_echo else [each]
    return shown, silent


def _first_the_worst(findings: Sequence[Finding]) -> list[Finding]:
    order = list(SIGNS)
    return sorted(findings, key=lambda finding: -order.index(finding.verdict))


def _sum(looked: Sequence[Looked]) -> Text:
    counts = {verdict: sum(f.verdict is verdict for each in looked for f in each.findings) for verdict in Verdict}
    if counts[Verdict.MISSING]:
        return Text(f"\n{counts[Verdict.MISSING]} missing. Mend from the top: what comes later often follows.", style="bold red")
    if counts[Verdict.UNKNOWN]:
        return Text(f"\nNothing is missing, and {counts[Verdict.UNKNOWN]} could not be asked.", style="bold magenta")
    return Text("\nNothing is missing.", style="bold green")
