"""Each check: silent about what is well, and for what is not, the name of it and the very command or link that mends it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from infra.doctor.account import NEEDED
from infra.doctor.checks import cloud_checks, local_checks
from infra.doctor.delegation import USES
from infra.doctor.deployment import QUEUE, ROOT, TOPIC, Deployment
from infra.doctor.finding import Finding, Verdict, outcome
from infra.doctor.google import Google
from shared.adapters.google import apis
from shared.adapters.google.apis import CLASSROOM, DIRECTORY, MEET
from shared.adapters.zoom.troubles import SCOPES
from tests.infra.doctor.school import PROJECT, TEACHER, School

KEYS = tuple(check.key for check in cloud_checks({}))


def findings(school: School, key: str, at: Deployment | None = None) -> list[Finding]:
    """What one check finds in a school."""
    check = next(check for check in cloud_checks(school.environment) if check.key == key)
    return outcome(check, at or school.deployment)


def wrong(school: School, key: str) -> list[Finding]:
    """What one check finds that is not as it should be."""
    return [finding for finding in findings(school, key) if finding.verdict in (Verdict.MISSING, Verdict.ADVICE, Verdict.UNKNOWN)]


def test_a_deployment_that_is_well_lacks_nothing(school: School) -> None:
    told = {check.key: wrong(school, check.key) for check in cloud_checks(school.environment)}
    assert {key: found for key, found in told.items() if found} == {}
    assert all(findings(school, key) for key in told)


@dataclass(frozen=True)
class Fault:
    """Something that is broken in a school, which check finds it, what it tells and what mends it."""

    key: str
    breaks: Callable[[School], object]
    told: str
    remedy: str
    verdict: Verdict = Verdict.MISSING


def _index_away(school: School) -> None:
    school.indexes.pop()


def _index_building(school: School) -> None:
    school.indexes[0]["state"] = "CREATING"


def _off(school: School, name: str, **changes: object) -> None:
    told = getattr(school, name)
    setattr(school, name, {**told, **changes})


FAULTS = [
    Fault("project", lambda s: setattr(s, "project", None), "no active project", "projectcreate"),
    Fault("project", lambda s: _off(s, "project", state="DELETE_REQUESTED"), "no active project", "projectcreate"),
    Fault(
        "billing", lambda s: _off(s, "billing", billingEnabled=False), "no billing account", f"linkedaccount?project={PROJECT}"
    ),
    Fault(
        "apis",
        lambda s: s.disabled.add("meet.googleapis.com"),
        "meet.googleapis.com is not",
        "services enable meet.googleapis.com",
    ),
    Fault("database", lambda s: setattr(s, "database", None), "no database", "terraform"),
    Fault("database", lambda s: _off(s, "database", type="DATASTORE_MODE"), "Datastore mode", "firestore-native"),
    Fault(
        "database",
        lambda s: _off(s, "database", deleteProtectionState="DELETE_PROTECTION_DISABLED"),
        "delete protection",
        "terraform",
        Verdict.ADVICE,
    ),
    Fault(
        "database",
        lambda s: _off(s, "database", pointInTimeRecoveryEnablement="POINT_IN_TIME_RECOVERY_DISABLED"),
        "point-in-time",
        "terraform",
        Verdict.ADVICE,
    ),
    Fault("indexes", _index_away, "missing", "terraform"),
    Fault("indexes", _index_building, "creating", "look again"),
    Fault("secrets", lambda s: s.secrets.pop("jwt-secret"), "JWT_SECRET has no value", "versions add jwt-secret"),
    Fault("secrets", lambda s: s.secrets.update({"zoom-client-secret": "DISABLED"}), "ZOOM_CLIENT_SECRET", "versions add"),
    Fault("functions", lambda s: s.services.pop("webhook"), "webhook is not deployed", "terraform"),
    Fault(
        "functions",
        lambda s: s.services["webhook"].update(terminalCondition={"state": "CONDITION_FAILED", "message": "no memory"}),
        "no memory",
        "run/detail/europe-west1/webhook",
    ),
    Fault("settings", lambda s: s.setting("ORGANISATION_TIMEZONE", "Berlin"), "ORGANISATION_TIMEZONE", "tfvars"),
    Fault("settings", lambda s: s.setting("TASKS_SERVICE_ACCOUNT", None), "not told TASKS_SERVICE_ACCOUNT", "terraform"),
    Fault("settings", lambda s: s.setting("TICK_JOB", None), "monitoring is not told TICK_JOB", "terraform"),
    Fault("callers", lambda s: s.invokers["monitor_tick"].append("allUsers"), "everybody may call monitor-tick", "terraform"),
    Fault("callers", lambda s: s.invokers["meet_sync"].clear(), "nobody of ours may call meet-sync", "terraform"),
    Fault("callers", lambda s: s.invokers["webhook"].clear(), "webhook cannot be reached", "terraform"),
    Fault("queue", lambda s: setattr(s, "queue", None), "no queue", "terraform"),
    Fault("queue", lambda s: _off(s, "queue", state="PAUSED"), "queue is paused", f"infra.maintenance --project {PROJECT}"),
    Fault("clock", lambda s: setattr(s, "job", None), "no job", "terraform"),
    Fault("clock", lambda s: _off(s, "job", state="PAUSED"), "monitor-tick is paused", "resume"),
    Fault("clock", lambda s: _off(s, "job", state="DISABLED"), "is disabled", "jobs run monitor-tick"),
    Fault("clock", lambda s: _off(s, "job", status={"code": 7}), "permission_denied", "gcloud logging read"),
    Fault("clock", lambda s: s.job.pop("lastAttemptTime"), "has never run", "jobs run"),  # type: ignore[union-attr]
    Fault("topic", lambda s: setattr(s, "has_topic", False), "no topic", "terraform"),
    Fault("topic", lambda s: s.publishers.clear(), "may not publish", "add-iam-policy-binding meet-events"),
    Fault("push", lambda s: setattr(s, "subscription", None), "no subscription meet-push", "terraform"),
    Fault("push", lambda s: s.subscription["pushConfig"].pop("oidcToken"), "not signed", "terraform"),  # type: ignore[index]
    Fault(
        "push",
        lambda s: s.subscription["pushConfig"]["oidcToken"].update(serviceAccountEmail="other@x.example"),  # type: ignore[index]
        "signed for other@x.example",
        "terraform",
    ),
    Fault("push", lambda s: s.subscription.update(topic="_deleted-topic_"), "_deleted-topic_", "terraform"),  # type: ignore[union-attr]
    Fault(
        "push",
        lambda s: s.subscription.pop("deadLetterPolicy"),  # type: ignore[union-attr]
        "no dead-letter",
        "terraform",
        Verdict.ADVICE,
    ),
    Fault("delegation", lambda s: s.scopes.discard(MEET.scopes[0]), MEET.scopes[0], f"add {MEET.scopes[0]}"),
    Fault(
        "delegation", lambda s: s.scopes.discard(CLASSROOM.scopes[1]), CLASSROOM.scopes[1], "domainwidedelegation", Verdict.ADVICE
    ),
    Fault(
        "delegation", lambda s: s.scopes.discard(DIRECTORY.scopes[0]), DIRECTORY.scopes[0], "domainwidedelegation", Verdict.ADVICE
    ),
    Fault("delegation", lambda s: s.people.discard(TEACHER), f"no account {TEACHER}", "--as", Verdict.UNKNOWN),
    Fault("delegation", lambda s: setattr(s, "may_sign", False), "may not sign", "serviceAccountTokenCreator", Verdict.UNKNOWN),
    Fault("sign_in", lambda s: s.setting("OIDC_AUDIENCE", "my-client"), "no client id", "auth/clients"),
    Fault("sign_in", lambda s: s.setting("ADMIN_EMAILS", None), "ADMIN_EMAILS", "admin_emails"),
    Fault("zoom", lambda s: s.zoom_scopes.remove(SCOPES[3]), SCOPES[3], f"add {SCOPES[3]}"),
    Fault("zoom", lambda s: setattr(s, "zoom_status", 401), "refuses the app's credentials", "App Credentials"),
    Fault("zoom", lambda s: setattr(s, "zoom_status", 503), "Zoom answers 503", "again", Verdict.UNKNOWN),
    Fault(
        "zoom_webhook",
        lambda s: s.setting("ZOOM_WEBHOOK_SECRET", None),
        "ZOOM_WEBHOOK_SECRET",
        "/api/webhook/zoom",
    ),
    Fault("address", lambda s: s.pages.update({"GET /api/monitoring/health": 200}), "did not sign in", "runbook"),
    Fault("address", lambda s: s.pages.update({"POST /api/webhook/zoom": 200}), "without a signature", "runbook"),
    Fault("address", lambda s: s.pages.update({"GET /api/openapi.json": 404}), "answers 404, not 200", "runbook"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.key}: {fault.told}")
def test_what_is_broken_is_named_with_what_mends_it(school: School, fault: Fault) -> None:
    fault.breaks(school)
    told = [finding for finding in wrong(school, fault.key) if fault.told in finding.told]
    assert told, wrong(school, fault.key)
    assert fault.remedy in told[0].remedy
    assert told[0].verdict is fault.verdict
    assert told[0].why or told[0].verdict is Verdict.UNKNOWN


def test_only_the_scopes_that_are_missing_are_named(school: School) -> None:
    school.scopes -= {CLASSROOM.scopes[0], CLASSROOM.scopes[2]}
    told = [finding.told.split()[0] for finding in wrong(school, "delegation")]
    assert told == [CLASSROOM.scopes[0], CLASSROOM.scopes[2]]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("GOOGLE_SERVICE_ACCOUNT", "delegation"),
        ("ZOOM_CLIENT_ID", "zoom"),
        ("ZOOM_CLIENT_ID", "zoom_webhook"),
        ("OIDC_AUDIENCE", "sign_in"),
        ("MEET_EVENTS_TOPIC", "topic"),
        ("MEET_EVENTS_TOPIC", "push"),
    ],
)
def test_a_part_that_nobody_switched_on_is_no_fault(school: School, name: str, key: str) -> None:
    school.setting(name, None)
    assert {finding.verdict for finding in findings(school, key)} == {Verdict.OFF}


def test_a_field_that_documents_expire_by_is_looked_for(school: School, tmp_path: Path) -> None:
    from infra.doctor.database import Expiry

    wanted = tmp_path / "indexes.json"
    school.fields.clear()
    wanted.write_text('{"indexes": [], "fieldOverrides": [{"collectionGroup": "live", "fieldPath": "expire_at", "ttl": true}]}')
    assert [finding.told for finding in outcome(Expiry(wanted), school.deployment)] == ["live.expire_at has no TTL policy"]
    name = f"projects/{PROJECT}/databases/(default)/collectionGroups/live/fields/expire_at"
    school.fields.append({"name": name, "ttlConfig": {"state": "ACTIVE"}})
    assert [finding.verdict for finding in outcome(Expiry(wanted), school.deployment)] == [Verdict.OK]


@pytest.mark.parametrize("check", [*KEYS])
def test_what_cannot_be_asked_is_told_as_such_and_breaks_nothing(check: str) -> None:
    school = School(base="http://127.0.0.1:9")
    elsewhere = {**school.environment, "GOOGLE_TOKEN_URI": "http://127.0.0.1:9/token"}
    one = next(each for each in cloud_checks(elsewhere) if each.key == check)
    told = outcome(one, school.deployment)
    assert {finding.verdict for finding in told} <= ({Verdict.OK} if check == "credentials" else {Verdict.UNKNOWN})
    assert all(finding.remedy for finding in told if finding.verdict is Verdict.UNKNOWN)


def test_a_right_that_we_lack_is_no_fault_of_the_deployment(school: School) -> None:
    school.refuses["firestore"] = 403
    told = findings(school, "indexes")
    assert [finding.verdict for finding in told] == [Verdict.UNKNOWN]
    assert "Viewer" in told[0].remedy


def test_what_the_functions_do_not_tell_is_taken_from_whoever_asks(school: School) -> None:
    school.services.clear()
    at = replace(
        school.deployment, env={"OIDC_AUDIENCE": "1-a.apps.googleusercontent.com", "ADMIN_EMAILS": "root@school.example"}
    )
    assert [finding.verdict for finding in findings(school, "sign_in", at)] == [Verdict.OK]


def test_nobody_signed_in_is_told_with_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "none.json"))
    told = outcome(cloud_checks({})[0], Deployment(Google(), PROJECT, "europe-west1"))
    assert [finding.verdict for finding in told] == [Verdict.UNKNOWN]
    assert told[0].remedy == "gcloud auth application-default login"


def test_every_scope_that_the_code_asks_for_is_tried() -> None:
    asked = {each for each in vars(apis).values() if isinstance(each, apis.Api)}
    assert asked == {api for api, _, _ in USES}


def test_what_is_looked_for_is_what_terraform_makes() -> None:
    text = "".join(path.read_text("utf-8") for path in sorted((ROOT / "infra/cloud").glob("*.tf")))
    enabled = set(re.findall(r'"([a-z-]+)\.googleapis\.com"', text))
    names = dict(re.findall(r'^  (queue|topic)\s*=\s*"([^"]+)"', text, re.MULTILINE))
    assert not text or enabled >= NEEDED.keys()
    assert not text or names == {"queue": QUEUE, "topic": TOPIC}


def test_every_check_stands_in_the_readme_and_every_line_there_is_a_check() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    listed = readme[readme.index("## Doctor") :].split("\n## ")[0]
    keys = re.findall(r"^\| `(\w+)` \|", listed, re.MULTILINE)
    assert keys == [*KEYS, *(check.key for check in local_checks())]
