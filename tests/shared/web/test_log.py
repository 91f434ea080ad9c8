"""The log: one line each, in the form that Cloud Logging and Error Reporting read, whatever it is told."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.config import read_running, running
from shared.web.log import LONGEST, LONGEST_TRACE, RequestLine, log, log_crash, log_request

TRACE = "0123456789abcdef0123456789abcdef"


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The one line that was written."""
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    line: dict[str, Any] = json.loads(lines[0])
    return line


@pytest.fixture
def in_project(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A process of the project `school`, in the version `tick-0007` of the service `monitor-tick`."""
    for name, value in (("GOOGLE_CLOUD_PROJECT", "school"), ("K_SERVICE", "monitor-tick"), ("K_REVISION", "tick-0007")):
        monkeypatch.setenv(name, value)
    running.cache_clear()
    yield
    running.cache_clear()


def crash(words: str) -> Exception:
    """A failure that was raised here."""
    try:
        raise LookupError(words)
    except LookupError as trouble:
        return trouble


@pytest.mark.usefixtures("in_project")
def test_a_line_names_the_trace_as_the_logs_explorer_looks_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    log("INFO", "tick", TRACE, opened=2, class_id="c1")
    assert told(capsys) == {
        "severity": "INFO",
        "message": "tick",
        "trace_id": TRACE,
        "logging.googleapis.com/trace": f"projects/school/traces/{TRACE}",
        "opened": 2,
        "class_id": "c1",
    }


def test_where_no_project_is_told_the_trace_stands_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GOOGLE_CLOUD_PROJECT", raising=False)
    running.cache_clear()
    log("INFO", "tick", TRACE)
    assert told(capsys) == {"severity": "INFO", "message": "tick", "trace_id": TRACE}
    running.cache_clear()


def test_a_request_is_told_in_cloud_loggings_own_form(capsys: pytest.CaptureFixture[str]) -> None:
    log_request(RequestLine("GET", "/api/x/{person}", 200, 0.25), TRACE)
    line = told(capsys)
    assert (line["severity"], line["message"]) == ("DEBUG", "GET /api/x/{person}")
    assert line["httpRequest"] == {
        "requestMethod": "GET",
        "requestUrl": "/api/x/{person}",
        "status": 200,
        "latency": "0.250000s",
    }


@pytest.mark.usefixtures("in_project")
def test_a_crash_is_what_error_reporting_groups(capsys: pytest.CaptureFixture[str]) -> None:
    log_crash(crash("no such room"), TRACE, function="monitor_tick")
    line = told(capsys)
    assert line["@type"].endswith("clouderrorreporting.v1beta1.ReportedErrorEvent")
    assert line["severity"] == "ERROR"
    assert line["message"].startswith("Traceback (most recent call last)")
    assert line["message"].rstrip().endswith("LookupError: no such room")
    assert line["serviceContext"] == {"service": "monitor-tick", "version": "tick-0007"}
    place = line["context"]["reportLocation"]
    assert (place["filePath"], place["functionName"]) == (__file__, "crash")
    assert place["lineNumber"] > 0
    assert line["function"] == "monitor_tick"


def test_a_crash_that_was_never_raised_is_told_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    log_crash(ValueError("made, not raised"), TRACE)
    assert told(capsys)["context"]["reportLocation"]["filePath"] == "unknown"


def test_a_long_stack_keeps_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    log_crash(crash("x" * 3 * LONGEST_TRACE + "END"), TRACE)
    line = told(capsys)
    assert len(line["message"]) == LONGEST_TRACE
    assert line["message"].rstrip().endswith("END")


@pytest.mark.parametrize(
    "words", ["a\nb", "\x1b[31mred", "\u2028", '{"severity": "CRITICAL"}', "\r\n{}", "ä" * 10, "\x00", "\ud800"]
)
def test_nothing_that_is_sent_looks_like_a_line_of_its_own(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    log("INFO", words, TRACE, name=words)
    log_request(RequestLine(words, words, 200), TRACE, name=words)
    out = capsys.readouterr().err
    assert out.isascii()
    assert out.count("\n") == 2
    line = json.loads(out.splitlines()[0])
    assert (line["severity"], line["message"], line["name"]) == ("INFO", words, words)


def test_a_field_never_takes_the_place_of_the_lines_own(capsys: pytest.CaptureFixture[str]) -> None:
    fields: dict[str, object] = {
        "logging.googleapis.com/trace": "projects/other/traces/x",
        "@type": "x",
        "httpRequest": "x",
        "name": "ok",
    }
    log("INFO", "tick", TRACE, **fields)
    line = told(capsys)
    assert "other" not in line.get("logging.googleapis.com/trace", "")
    assert "@type" not in line
    assert "httpRequest" not in line
    assert line["name"] == "ok"


@given(st.text(), st.text(), st.one_of(st.text(), st.integers(), st.floats(allow_nan=False), st.none(), st.binary()))
def test_every_line_can_be_read_and_is_short(message: str, name: str, value: object) -> None:
    import contextlib
    import io

    with contextlib.redirect_stderr(io.StringIO()) as written:
        log("INFO", message, TRACE, **{f"own_{name}": value})
    line = json.loads(written.getvalue())
    assert len(line["message"]) <= LONGEST
    assert len(str(line[f"own_{name}"])) <= max(LONGEST, 400)


def test_what_runs_here_is_read_from_what_the_cloud_sets() -> None:
    told = read_running({"GOOGLE_CLOUD_PROJECT": "school", "K_SERVICE": "webhook", "K_REVISION": "webhook-0003"})
    assert (told.project, told.service, told.version) == ("school", "webhook", "webhook-0003")
    assert read_running({"FUNCTION_TARGET": "webhook"}).service == "webhook"
    assert (read_running({}).project, read_running({}).service, read_running({}).version) == (None, "rollcall", "local")
