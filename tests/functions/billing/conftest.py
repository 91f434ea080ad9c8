"""A deployment of this function for each test."""

from collections.abc import Iterator

import pytest

from shared.config import settings
from tests.functions.billing.asking import Here


@pytest.fixture
def deployment(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The environment, with one key; whoever changes it more clears the settings again."""
    monkeypatch.setenv("JWT_SECRET", "s" * 40)
    monkeypatch.setenv("ROLLCALL_AUTH", "required")
    settings.cache_clear()
    yield monkeypatch
    settings.cache_clear()


@pytest.fixture
def here(deployment: pytest.MonkeyPatch) -> Here:  # noqa: ARG001 - the environment
    """The function over fakes."""
    return Here()
