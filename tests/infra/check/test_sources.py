"""Rules over one Python file."""

import pytest

from infra.check.sources import MAY_IMPORT_LATE, check_source


def wrongs(text: str, path: str = "shared/usecases/ring_bell.py") -> list[str]:
    """What is found in a file with `text`."""
    return [finding.wrong for finding in check_source(path, text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("from datetime import datetime, UTC\nat = datetime.now(UTC)\n", "datetime.datetime.now"),
        ("import datetime as d\nat = d.datetime.utcnow()\n", "datetime.datetime.utcnow"),
        ("import time\ntime.sleep(1)\n", "time.sleep"),
        ("from time import time as seconds\nat = seconds()\n", "time.time"),
        ("def wait(sleep=None):\n    return sleep\n\nimport time\nwait(time.sleep)\n", "time.sleep"),
        ("import uuid\nname = uuid.uuid4().hex\n", "uuid.uuid4"),
        ("import random\nn = random.random()\n", "random.random"),
        ("from random import choice\nn = choice([1])\n", "random.choice"),
    ],
)
def test_whatever_asks_the_machine_is_found_under_any_name(text: str, name: str) -> None:
    assert wrongs(text) == [f"{name} makes a result that no test can foresee"]


def test_only_the_module_of_the_machine_asks_it() -> None:
    assert wrongs("import time\ntime.sleep(1)\n", "shared/system.py") == []


def test_a_clock_that_is_handed_in_is_no_trouble() -> None:
    assert wrongs("def ring(now, random):\n    return now(), random.random()\n") == []


@pytest.mark.parametrize(
    "text", ["def f(client):\n    client.transaction()\n", "from g import transactional\n@transactional\ndef f(): ...\n"]
)
def test_a_firestore_transaction_is_found(text: str) -> None:
    assert len(wrongs(text)) == 1
    assert "transactions lock" in wrongs(text)[0]


@pytest.mark.parametrize("name", ["Increment", "ArrayUnion", "ArrayRemove"])
def test_a_change_that_counts_twice_when_told_twice_is_found(name: str) -> None:
    assert wrongs(f"from google.cloud import firestore\nx = firestore.{name}(1)\n") == [
        f"`{name}` counts a fact that is told twice as two"
    ]


@pytest.mark.parametrize("text", ["fee = 1.5\n", "fee = float(text)\n", "fee = cents / 3\n", "fee = 1\nfee /= 2\n"])
def test_money_as_a_float_is_found_in_modules_about_money(text: str) -> None:
    assert wrongs(text, "shared/domain/money.py") == ["money as a float loses cents"]
    assert wrongs(text, "functions/billing/doors.py") == ["money as a float loses cents"]
    assert wrongs(text, "shared/domain/presence.py") == []


def test_whole_minor_units_are_no_trouble() -> None:
    assert wrongs("share, rest = divmod(cents, 3)\nhalf = cents // 2\n", "shared/domain/money.py") == []


def test_an_import_inside_a_function_stands_only_in_wiring_or_where_it_is_argued() -> None:
    text = "def f():\n    import jwt\n    return jwt\n"
    assert wrongs(text) == ["an import inside a function"]
    assert wrongs(text, "functions/schedule/wiring.py") == []
    for path in MAY_IMPORT_LATE:
        assert wrongs(text, path) == []


def test_a_finding_names_the_line_and_the_remedy() -> None:
    (finding,) = check_source("shared/domain/x.py", "import time\n\n\nat = time.time()\n")
    assert str(finding).startswith("shared/domain/x.py:4: time.time")
    assert "shared/system.py" in finding.remedy
