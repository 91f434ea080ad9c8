"""A deployment that is well, served for one test."""

from collections.abc import Iterator

import pytest

from tests.infra.doctor.school import School


@pytest.fixture
def school() -> Iterator[School]:
    with School().serving() as serving:
        yield serving
