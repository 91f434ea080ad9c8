"""The smoke test, against a whole stack: content where tokens are asked for, alarmed where they are not."""

from pathlib import Path

import httpx
import pytest

from infra.local.token import make_token, signing_settings
from infra.smoke import Deployment, main, smoke, strangers
from shared import system
from tests.journeys.conftest import Stack, started


def asked(stack: Stack) -> dict[str, str | None]:
    """What is wrong by each check's sentence, an administrator's question among them."""
    token = make_token(
        signing_settings(stack.environment), email="smoke@school.example", role="admin", name=None, now=system.now()
    )
    with httpx.Client(timeout=30, trust_env=False) as client:
        return dict(smoke(Deployment(stack.url, client, token), patience_s=20))


def test_a_deployment_that_lives_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with started(tmp_path, ROLLCALL_AUTH="required") as stack:
        told = asked(stack)
        assert len(told) == 8
        assert set(told.values()) == {None}
        assert main([stack.url]) == 0
    printed = capsys.readouterr().out
    assert "WRONG" not in printed
    assert "JWT_SECRET is not set" in printed


def test_an_open_house_does_not_pass(stack: Stack) -> None:
    """A laptop's stack lets in whoever comes; a deployment that did would be taken back."""
    with httpx.Client(timeout=30, trust_env=False) as client:
        told = dict(smoke(Deployment(stack.url, client, None), patience_s=0))
    sentence = (strangers.__doc__ or "").splitlines()[0]
    assert "answered 200 instead of 401" in str(told[sentence])
