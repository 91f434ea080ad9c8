"""Signing in at the door: from Google's token to one of ours, and who is kept out with which words."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from shared import system
from shared.config import settings
from shared.domain.accounts import AskedTooOften, Caller
from shared.domain.directory import Access, Person, PersonRole, person_id_of
from shared.domain.identities import IdentityKind, Told, Word
from tests.builders import at
from tests.functions.user_sessions.asking import OMAR, Here, body_of, credential
from tests.issuer import rsa_key, signed

OMAR_EMAIL, ADA_EMAIL, LENA_EMAIL = "omar@school.example", "ada@school.example", "lena@school.example"


@dataclass
class Counting:
    """A gate that counts who comes, and has enough after `most`."""

    most: int
    strangers: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)

    def admit(self, caller: Caller, address: str) -> Caller:
        """Let a known caller in."""
        self.people.append(f"{caller.email} {address}")
        return caller

    def admit_stranger(self, address: str) -> None:
        """Let somebody ask to be known."""
        self.strangers.append(address)
        if len(self.strangers) > self.most:
            raise AskedTooOften(self.most, datetime(2026, 12, 1, 12, 1, tzinfo=UTC), 42)


@pytest.fixture
def school(here: Here) -> Here:
    """The function, with two people whom the directory knows."""
    here.desk.enters(
        Person(OMAR_EMAIL, (PersonRole.STUDENT,), "Omar", "Nasser", 17, "Mathematics"),
        Person(ADA_EMAIL, (PersonRole.TEACHER,), "Ada", "Lovelace"),
    )
    return here


def comes(here: Here, token: str) -> tuple[int, dict[str, Any]]:
    response = here.ask("POST", "/sign-in", None, {"credential": token})
    return response.status_code, body_of(response)


def test_whoever_signs_in_at_google_gets_a_token_of_ours(school: Here) -> None:
    status, told = comes(school, credential("Omar@School.example", name="Omar N."))
    assert status == 200
    token = told.pop("token")
    assert told == {
        "success": True,
        "expiresIn": 3600,
        "user": {"id": person_id_of(OMAR_EMAIL), "username": "Omar N.", "email": OMAR_EMAIL, "role": "user"},
        "student": {
            "studentId": 17, "firstName": "Omar", "lastName": "Nasser", "department": "Mathematics", "email": OMAR_EMAIL,
        },
    }  # fmt: skip
    claims = jwt.decode(token, "s" * 40, algorithms=["HS256"], audience="rollcall", issuer="rollcall")
    assert claims["exp"] - claims["iat"] == 3600
    assert abs(claims["iat"] - system.now().timestamp()) < 60


def test_that_token_opens_what_is_theirs(school: Here) -> None:
    _, told = comes(school, credential(OMAR_EMAIL))
    joined = school.told("POST", "/join-meeting", told["token"], {"meetingId": "abc-mnop-xyz"})
    assert joined["userData"]["user"] == {
        "id": person_id_of(OMAR_EMAIL),
        "username": "Omar Nasser",
        "email": OMAR_EMAIL,
        "role": "user",
    }
    assert joined["userData"]["student"]["studentId"] == 17
    assert school.ask("GET", "/stats", told["token"]).status_code == 403


@pytest.mark.parametrize(("email", "role"), [(ADA_EMAIL, "teacher"), (OMAR_EMAIL, "user"), ("root@school.example", "admin")])
def test_the_role_is_the_directorys(school: Here, email: str, role: str) -> None:
    _, told = comes(school, credential(email))
    assert told["user"]["role"] == role
    assert (told["student"] is not None) == (email == OMAR_EMAIL)
    assert jwt.decode(told["token"], options={"verify_signature": False})["role"] == role


def test_a_role_that_the_issuers_token_claims_is_not_taken(school: Here) -> None:
    _, told = comes(school, credential(OMAR_EMAIL, role="admin"))
    assert told["user"]["role"] == "user"


def test_somebody_whom_nobody_entered_is_told_whom_to_ask(school: Here) -> None:
    status, told = comes(school, credential("stranger@gmail.example"))
    assert (status, told["success"], told["message"], told["title"]) == (404, False, "User not found", "User not found")
    assert "administrator" in told["detail"]


def test_somebody_who_was_entered_just_now_gets_in_as_what_they_are(school: Here) -> None:
    new = "new@school.example"
    assert comes(school, credential(new))[0] == 404
    school.desk.enters(Person(new, (PersonRole.TEACHER,), access=Access.TEACHER))
    assert comes(school, credential(new))[1]["user"]["role"] == "teacher"


def test_after_it_google_says_who_is_in_a_meeting(school: Here) -> None:
    comes(school, credential(OMAR_EMAIL, "42"))
    (identity,) = school.house.identities.get_many([(IdentityKind.REF, "google:42")])
    assert identity.word == Word(OMAR_EMAIL, Told.SIGNED_IN, OMAR_EMAIL, at(0))


def test_an_account_that_is_somebody_elses_is_kept_out_with_the_remedy(school: Here) -> None:
    comes(school, credential(ADA_EMAIL, "42"))
    for token in (credential(OMAR_EMAIL, "42"), credential(ADA_EMAIL, "43")):
        status, told = comes(school, token)
        assert (status, told["success"]) == (403, False)
        assert told["message"] == told["detail"]
        assert "withdraw" in told["detail"]
        assert "token" not in told


def test_a_credential_from_before_the_sign_out_is_refused(school: Here) -> None:
    known = school.house.people.get(OMAR_EMAIL)
    assert known is not None
    later = system.now() + timedelta(minutes=1)
    assert school.house.people.save([(known, replace(known.value, signed_out_at=later))])
    status, told = comes(school, credential(OMAR_EMAIL))
    assert (status, told["message"]) == (401, "Invalid or expired token")
    assert "token" not in told


def forgeries() -> dict[str, str]:
    now = int(system.now().timestamp())
    return {
        "nonsense": "a.b.c",
        "another key": signed({"sub": "1"}, key=rsa_key("somebody")),
        "an address that is not verified": credential(OMAR_EMAIL, email_verified=False),
        "another audience": credential(OMAR_EMAIL, aud="another-app"),
        "another issuer": credential(OMAR_EMAIL, iss="https://evil.example"),
        "too old": credential(OMAR_EMAIL, iat=now - 7200, exp=now - 3600),
        "ours": jwt.encode(
            {"sub": "1", "email": OMAR_EMAIL, "role": "admin"}, "s" * 40, algorithm="HS256", headers={"kid": "default"}
        ),
    }


@pytest.mark.parametrize("which", list(forgeries()))
def test_no_other_credential_is_taken(school: Here, which: str) -> None:
    status, told = comes(school, forgeries()[which])
    assert (status, told["success"], told["message"]) == (401, False, "Invalid or expired token")
    assert school.house.identities.of_person(OMAR_EMAIL) == ()


@pytest.mark.parametrize(
    "body", [{}, {"credential": ""}, {"credential": 1}, {"credential": "x" * 4097}, {"credential": "x", "role": "admin"}]
)
def test_a_body_without_one_is_refused_by_name_and_not_repeated(school: Here, body: dict[str, object]) -> None:
    response = school.ask("POST", "/sign-in", None, body)
    assert response.status_code == 422
    assert body_of(response)["errors"][0]["field"] in ("credential", "role")
    assert b"xxx" not in response.get_data()


def test_where_no_issuer_is_named_nobody_signs_in(school: Here, deployment: pytest.MonkeyPatch) -> None:
    deployment.delenv("OIDC_ISSUER")
    settings.cache_clear()
    status, told = comes(school, credential(OMAR_EMAIL))
    assert status == 401
    assert "OIDC_ISSUER" in told["detail"]


def test_no_credential_and_no_token_stands_in_the_log(school: Here, capsys: pytest.CaptureFixture[str]) -> None:
    for token in (credential(OMAR_EMAIL), credential("stranger@gmail.example"), credential(OMAR_EMAIL, aud="x")):
        _, told = comes(school, token)
        logged = capsys.readouterr().err
        assert token[-20:] not in logged
        assert str(told.get("token", token))[-20:] not in logged


def test_each_address_may_try_only_so_often(school: Here) -> None:
    gate = Counting(2)
    here = replace(school, gate=gate)
    statuses = [comes(here, "a.b.c")[0] for _ in range(4)]
    assert statuses == [401, 401, 429, 429]
    assert len(set(gate.strangers)) == 1
    response = here.ask("POST", "/sign-in", None, {"credential": "a.b.c"})
    assert response.headers["Retry-After"] == "42"
    told = body_of(response)
    assert (told["success"], told["message"]) == (False, told["detail"])


def test_known_callers_pass_the_gate_as_themselves(school: Here) -> None:
    gate = Counting(0)
    replace(school, gate=gate).told("GET", "/my-sessions", OMAR)
    assert (len(gate.people), gate.strangers) == (1, [])
