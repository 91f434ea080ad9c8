"""Tests of the one translation of Google's errors: each refusal names its trouble and a remedy."""

import json
import socket
from typing import Any

import httplib2
import pytest
from google.auth.exceptions import DefaultCredentialsError, RefreshError, TransportError
from googleapiclient.errors import HttpError

from shared.adapters.google.apis import CALENDAR, CLASSROOM, EVENTS, MEET, REPORTS
from shared.adapters.google.troubles import Exists, Missing, advice_on, refusal_of, refusal_of_operation
from shared.domain.errors import Unavailable, UpstreamRefused
from tests.shared.adapters.google.scripted import error, old_error

ADA = "ada@school.example"


def http_error(answer: tuple[int, dict[str, Any]]) -> HttpError:
    """What the client raises for such an answer."""
    status, body = answer
    return HttpError(httplib2.Response({"status": status}), json.dumps(body).encode())


def refused(trouble: Exception) -> UpstreamRefused:
    """The refusal that a person has to act on."""
    refusal = refusal_of(trouble, MEET, ADA)
    assert isinstance(refusal, UpstreamRefused)
    return refusal


@pytest.mark.parametrize(
    "answer",
    [
        error(429, "Quota exceeded", "RATE_LIMIT_EXCEEDED"),
        error(500),
        error(503),
        old_error(403, "rateLimitExceeded"),
        old_error(403, "userRateLimitExceeded"),
        old_error(403, "quotaExceeded"),
    ],
)
def test_a_busy_google_is_a_matter_of_time(answer: tuple[int, dict[str, Any]]) -> None:
    assert isinstance(refusal_of(http_error(answer), MEET, ADA), Unavailable)


@pytest.mark.parametrize(
    "trouble",
    [
        TimeoutError(),
        ConnectionResetError(),
        socket.gaierror(),
        httplib2.ServerNotFoundError(),
        TransportError("down"),
        RefreshError("later", retryable=True),
        json.JSONDecodeError("cut off", "{", 1),
    ],
)
def test_a_broken_line_is_a_matter_of_time(trouble: Exception) -> None:
    assert isinstance(refusal_of(trouble, MEET, ADA), Unavailable)


def test_no_token_names_the_account_and_the_scopes_to_grant() -> None:
    for trouble in (http_error(error(401)), RefreshError("invalid_grant: Invalid email or User ID")):
        refusal = refused(trouble)
        assert refusal.title == "No valid credentials found"
        assert ADA in refusal.detail
        assert "meetings.space.readonly" in refusal.detail
        assert "Domain-wide delegation" in refusal.detail


def test_a_process_without_any_identity_says_so() -> None:
    refusal = refused(DefaultCredentialsError("none"))
    assert refusal.title == "No valid credentials found"
    assert "service account" in refusal.detail


def test_a_missing_right_to_sign_names_the_role() -> None:
    said = 'Error calling the IAM signBlob API: {"error": {"code": 403, "status": "PERMISSION_DENIED"}}'
    refusal = refused(TransportError(said))
    assert refusal.title == "No valid credentials found"
    assert "Service Account Token Creator" in refusal.detail


def test_somebody_elses_meeting_is_a_question_of_who_asks() -> None:
    refusal = refused(http_error(error(403, "Permission denied on resource CONFERENCE_RECORD")))
    assert refusal.title == "Insufficient permissions"
    assert f"Check that {ADA} owns it" in refusal.detail


def test_a_missing_scope_is_named() -> None:
    refusal = refused(http_error(error(403, "insufficient scopes", "ACCESS_TOKEN_SCOPE_INSUFFICIENT")))
    assert refusal.title == "Insufficient permissions"
    assert "lacks a right" in refusal.detail
    assert "meetings.space.readonly" in refusal.detail


@pytest.mark.parametrize("answer", [old_error(403, "accessNotConfigured"), error(403, "off", "SERVICE_DISABLED")])
def test_an_api_that_is_switched_off_is_named(answer: tuple[int, dict[str, Any]]) -> None:
    refusal = refused(http_error(answer))
    assert refusal.title == "Meet API not enabled"
    assert "Enable the Meet API" in refusal.detail


@pytest.mark.parametrize(
    "answer",
    [
        old_error(400, "invalid", "Invalid conference type value."),
        old_error(403, "forbiddenForServiceAccounts", "Service accounts cannot invite attendees without delegation."),
    ],
)
def test_a_bare_service_account_is_told_to_act_as_the_teacher(answer: tuple[int, dict[str, Any]]) -> None:
    refusal = refusal_of(http_error(answer), CALENDAR, ADA)
    assert isinstance(refusal, UpstreamRefused)
    assert refusal.title == "Insufficient permissions"
    assert f"Let Rollcall act as {ADA}" in refusal.detail
    assert "calendar.events" in refusal.detail


def test_absent_gone_and_there_already_are_for_the_caller_to_judge() -> None:
    assert isinstance(refusal_of(http_error(error(404)), MEET, ADA), Missing)
    assert isinstance(refusal_of(http_error(error(410)), MEET, ADA), Missing)
    assert isinstance(refusal_of(http_error(error(409)), MEET, ADA), Exists)


def test_what_is_there_already_says_what_google_tells_of_it() -> None:
    status, body = error(409, "There.", "ALREADY_EXISTS")
    body["error"]["details"] += [
        {"metadata": {"current_subscription": "subscriptions/a", "count": 2}},
        {"metadata": "odd"},
        "odd",
    ]
    refusal = refusal_of(http_error((status, body)), EVENTS, ADA)
    assert isinstance(refusal, Exists)
    assert refusal.metadata == {"current_subscription": "subscriptions/a", "count": "2"}


@pytest.mark.parametrize(
    "answer",
    [
        old_error(401, "authError", "Access denied. You are not authorized to read activity records."),
        old_error(403, "forbidden", "Not allowed."),
    ],
)
def test_who_may_not_read_the_audit_log_is_told_which_privilege_to_give(answer: tuple[int, dict[str, Any]]) -> None:
    refusal = refusal_of(http_error(answer), REPORTS, ADA)
    assert isinstance(refusal, UpstreamRefused)
    assert refusal.title == "Insufficient permissions"
    assert f"Give {ADA} (GOOGLE_ADMIN_EMAIL) an administrator role that has the privilege Reports" in refusal.detail
    assert "admin.reports.audit.readonly" in refusal.detail


def test_who_may_not_read_a_course_is_told_to_look_at_classroom_and_not_at_a_meeting() -> None:
    refusal = refusal_of(http_error(error(403, "@ClassroomApiDisabled")), CLASSROOM, ADA)
    assert isinstance(refusal, UpstreamRefused)
    assert refusal.title == "Insufficient permissions"
    assert f"Check that {ADA} teaches that course" in refusal.detail
    assert "classroom.rosters.readonly" in refusal.detail
    assert "meeting" not in refusal.detail


def test_only_apis_with_more_to_check_than_the_subject_have_advice() -> None:
    assert ADA in (advice_on(EVENTS, ADA) or "")
    assert advice_on(MEET, ADA) is None


@pytest.mark.parametrize(
    ("code", "kind"),
    [(5, Missing), (6, Exists), (10, Exists), (7, UpstreamRefused), (9, UpstreamRefused), (8, Unavailable), (13, Unavailable)],
)
def test_the_error_of_an_operation_is_judged_like_an_answer(code: int, kind: type[Exception]) -> None:
    assert isinstance(refusal_of_operation({"code": code, "message": "No."}, EVENTS, ADA), kind)


def test_an_operations_error_without_a_code_is_a_matter_of_time() -> None:
    assert isinstance(refusal_of_operation({}, EVENTS, ADA), Unavailable)


def test_any_other_no_repeats_what_google_says() -> None:
    refusal = refused(http_error(old_error(400, "invalid", "Invalid attendee email.")))
    assert refusal.title == "Google refused the request"
    assert "Invalid attendee email." in refusal.detail


@pytest.mark.parametrize("content", [b"", b"<html>", b'{"error": "invalid_grant"}', b"[]"])
def test_a_body_in_no_known_form_is_no_reason_to_stumble(content: bytes) -> None:
    assert refused(HttpError(httplib2.Response({"status": 403}), content)).title == "Insufficient permissions"
