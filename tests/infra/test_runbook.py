"""The runbook: every alarm has its section, every section says all that one needs at night, and every line is really written."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from shared.usecases.run_tick import TickSummary

ROOT = Path(__file__).resolve().parents[2]
CLOUD = ROOT / "infra/cloud"
RUNBOOK = (ROOT / "infra/runbook.md").read_text("utf-8")
SECTIONS = {
    found[1]: (found[2], found[3]) for found in re.finditer(r"^## (\w+): (.+)\n((?:(?!^## ).*\n)*)", RUNBOOK, re.MULTILINE)
}
PARTS = ("Means", "People notice", "Look at", "Do", "Over when")
# What a summary's spread of counts holds, by the function that spreads it into its line.
SPREAD = {"functions/monitor_tick": set(TickSummary().counts), "functions/housekeeping": {"expiring"}}
# A budget's mail has Google's own title.
WITHOUT_TITLE = {"month"}


def alarms(text: str) -> dict[str, str]:
    """The titles of the alarms in a file of Terraform, by their names there."""
    listed = re.finditer(r"^\s*(\w+)\s*=\s*\{\s*(?:above\s*=\s*\d+,\s*)?title\s*=\s*\"([^\"]+)\"", text, re.MULTILINE)
    single = re.finditer(r'resource "google_monitoring_alert_policy" "(\w+)" \{\n\s*display_name\s*=\s*"([^"]+)"', text)
    return {found[1]: found[2] for found in (*listed, *single)}


def fields_in(text: str) -> set[str]:
    """The fields of log lines that filters of Terraform ask for."""
    return set(re.findall(r"jsonPayload\.(\w+)", text)) - {"message"}


def lines() -> Iterator[tuple[str, str, set[str]]]:
    """Every line that the code writes under a name of its own: the function's folder, the name, and its fields."""
    for path in sorted(ROOT.glob("functions/**/*.py")):
        folder = "/".join(path.relative_to(ROOT).parts[:2])
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            is_log = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "log"
            if is_log and isinstance(node.args[1], ast.Constant):  # type: ignore[attr-defined]
                named = {word.arg for word in node.keywords if word.arg}  # type: ignore[attr-defined]
                is_spread = any(word.arg is None for word in node.keywords)  # type: ignore[attr-defined]
                yield folder, str(node.args[1].value), named | (SPREAD[folder] if is_spread else set())  # type: ignore[attr-defined]


def table() -> list[tuple[str, set[str], str]]:
    """The runbook's table of lines: message, fields, and who writes it."""
    rows = re.findall(r"^\| `([^`]+)` \| (.+?) \| (functions/\w+) \|$", RUNBOOK, re.MULTILINE)
    return [(message, set(re.findall(r"`(\w+)`", fields)), folder) for message, fields, folder in rows]


def test_titles_are_found_in_each_way_that_terraform_states_them() -> None:
    told = """
    ticks = {
      title    = "It stands still"
    }
    crashes = { above = 0, title = "It broke", remedy = "Look at ${local.x}." }
    resource "google_monitoring_alert_policy" "outside" {
      display_name          = "It is away"
    }
    widget = {
      title = chart.title
    }
    """
    assert alarms(told) == {"ticks": "It stands still", "crashes": "It broke", "outside": "It is away"}


def test_every_alarm_has_its_section_under_the_title_that_its_mail_has() -> None:
    declared = {name: title for path in CLOUD.glob("*.tf") for name, title in alarms(path.read_text("utf-8")).items()}
    assert declared.items() <= {name: title for name, (title, _) in SECTIONS.items()}.items()
    if declared:
        assert SECTIONS.keys() - declared.keys() <= WITHOUT_TITLE


def test_every_section_says_what_one_needs_in_the_night() -> None:
    assert len(SECTIONS) > 12
    for name, (_, text) in SECTIONS.items():
        assert [part for part in PARTS if f"- **{part}**: " in text] == list(PARTS), name


def test_every_line_that_an_alarm_stands_on_is_written_with_its_fields() -> None:
    written = list(lines())
    assert len(table()) > 8
    for message, fields, folder in table():
        found = [known for where, name, known in written if (where, name) == (folder, message)]
        assert found, message
        assert fields <= set().union(*found), message


def test_no_filter_asks_for_a_field_that_the_table_does_not_have() -> None:
    asked = {field for path in CLOUD.glob("*.tf") for field in fields_in(path.read_text("utf-8"))}
    assert asked <= {field for _, fields, _ in table() for field in fields}


def test_commands_of_this_repository_exist() -> None:
    for name in set(re.findall(r"python -m infra\.(\w+)", RUNBOOK)) - {"cost", "smoke"}:
        assert (ROOT / "infra" / name / "__main__.py").is_file() or (ROOT / "infra" / f"{name}.py").is_file(), name


def test_sections_that_are_pointed_to_exist() -> None:
    pointed = set(re.findall(r"(?:[Ss]ections?|as for|cause) \(?\*(\w+)\*", RUNBOOK)) | set(re.findall(r"\(\*(\w+)\*\)", RUNBOOK))
    assert pointed <= SECTIONS.keys()
