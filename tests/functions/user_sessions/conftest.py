"""A deployment of this function for each test, and one issuer for the run."""

from collections.abc import Iterator

import pytest

from shared.config import settings
from tests.functions.user_sessions.asking import Here, environment_of
from tests.issuer import Issuer, serving


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    """Google, as far as its keys go."""
    with serving() as served:
        yield served


@pytest.fixture
def deployment(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The environment; whoever changes it more clears the settings again."""
    for name, value in environment_of(issuer).items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    yield monkeypatch
    settings.cache_clear()


@pytest.fixture
def here(deployment: pytest.MonkeyPatch) -> Here:  # noqa: ARG001 - the environment
    """The function over fakes."""
    return Here()
