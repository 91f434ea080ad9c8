"""A month's price follows from counts and prices alone, item by item, and README quotes what it comes to today."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from infra.cost.__main__ import main
from infra.cost.deployed import deployed
from infra.cost.month import Deployed, Month, Plan, price, usage_of
from infra.cost.prices import READ_ON, REGIONS, Price
from infra.cost.report import bar, number
from infra.cost.stored import THINGS, Measured, read_measured, write_measured
from infra.cost.usage import Usage, total, usage_in
from infra.local.settings import REPOSITORY
from infra.local.troubles import Trouble

NOTHING = Plan(classes=0, students=0, viewer_hours=0, pages=0, live_hours=0)
BARE = Deployed(functions=0, jobs=0, secrets=0, secret_references=0, gateway_mib=512)
STORED = read_measured()


def priced(plan: Plan, per: Mapping[str, Usage] | None = None, region: str = "eur3") -> Month:
    return price(plan, {name: (per or {}).get(name, Usage()) for name in THINGS}, BARE, REGIONS[region])


def item(month: Month, name: str) -> tuple[float, float, float]:
    found = next(each for each in month.items if each.name == name)
    return found.amount, found.free, found.usd


def test_only_what_lies_beyond_the_free_tier_is_paid() -> None:
    asked = Price(0.06, 100_000, 1_500_000, "")
    assert asked.of(1_500_000) == 0
    assert asked.of(1_600_000) == pytest.approx(0.06)
    assert asked.of(100_000, is_free=False) == pytest.approx(0.06)


def test_reads_of_classes_and_students_add_up() -> None:
    per = {"class": Usage(reads=100), "student": Usage(reads=10)}
    month = priced(replace(NOTHING, classes=1000, students=20), per)
    assert item(month, "Firestore reads") == (300_000, 300_000, 0)
    month = priced(replace(NOTHING, classes=10_000, students=20), per)
    amount, free, usd = item(month, "Firestore reads")
    assert (amount, free) == (3_000_000, 1_500_000)
    assert usd == pytest.approx(0.9)
    cheaper = priced(replace(NOTHING, classes=10_000, students=20), per, "us-central1")
    assert item(cheaper, "Firestore reads")[2] == pytest.approx(0.45)


def test_a_school_without_classes_still_pays_for_the_clock_and_what_waits() -> None:
    used = usage_of(NOTHING, {name: Usage(calls=1) for name in THINGS})
    assert {name: usage.calls for name, usage in used.items() if usage.calls} == {"the clock": 21_600 + 4_320}
    month = price(NOTHING, {name: Usage() for name in THINGS}, replace(BARE, waiting_mib=(512,)), REGIONS["eur3"])
    assert item(month, "Waiting instances, CPU")[2] == pytest.approx(730 * 3600 * 0.0000025)
    assert month.usd == month.usd_without_free == sum(each.usd for each in month.items)


def test_the_gateway_has_only_what_the_functions_left_of_the_free_tier() -> None:
    alone = item(priced(replace(NOTHING, live_hours=100)), "Gateway CPU")
    shared = item(priced(replace(NOTHING, live_hours=100, classes=1), {"class": Usage(billed_ms=100_000_000)}), "Gateway CPU")
    assert alone == pytest.approx((360_000, 180_000, 180_000 * 0.000024))
    assert shared == pytest.approx((360_000, 80_000, 280_000 * 0.000024))


def test_looks_grow_with_minutes_and_polls_with_classes_that_are_on() -> None:
    per = {name: Usage() for name in THINGS} | {
        "look": Usage(calls=1),
        "look_student": Usage(reads=1),
        "poll": Usage(calls=1, reads=2),
    }
    used = usage_of(replace(NOTHING, classes=100, students=10, minutes=50, viewer_hours=1, live_hours=10), per)
    assert used["looks into meetings"].calls == 100 * 10
    assert used["looks into meetings"].reads == 100 * 10 * 10
    assert used["dashboards"].calls == 360
    assert used["dashboards"].reads == pytest.approx(360 * 2 * (100 * 50 / 60 / 10))


def test_usages_add_subtract_and_are_told() -> None:
    one, two = Usage(reads=3, writes=1), Usage(reads=1, writes=2)
    assert total([one, two]) == Usage(reads=4, writes=3)
    assert one - two == Usage(reads=2)
    assert usage_in((one * 2).told()) == Usage(reads=6, writes=2)


def test_counts_are_kept_and_read(tmp_path: Path) -> None:
    path = tmp_path / "measured.json"
    made = Measured("2026-11-21", {"class_sizes": [3, 9]}, {name: Usage(reads=1.5) for name in THINGS}, {"webhook": 80})
    write_measured(made, path)
    assert read_measured(path) == made
    path.write_text(json.dumps({"per": {}}), "utf-8")
    with pytest.raises(Trouble, match=r"infra\.cost --measure"):
        read_measured(path)


def test_the_stored_counts_are_of_a_school_that_was_really_played() -> None:
    assert STORED.how["class_sizes"] == [3, 9]
    assert STORED.per["class"].writes > 20
    assert STORED.per["student"].writes > 5
    assert STORED.per["student"].messages == pytest.approx(8 / 3, abs=0.7)
    assert STORED.per["tick"].calls == STORED.per["housekeeping"].calls == STORED.per["poll"].calls == 1
    assert STORED.per["tick"].reads <= 5
    assert all(STORED.per[name].reads > 0 for name in ("look", "page", "poll", "line"))
    memory = {
        path.parent.name: json.loads(path.read_text("utf-8"))["memory_mib"]
        for path in REPOSITORY.glob("functions/*/function.json")
    }
    assert STORED.peak_mib.keys() <= memory.keys()
    assert all(peak < memory[name] for name, peak in STORED.peak_mib.items())


def test_what_is_deployed_is_read_from_the_functions_tables() -> None:
    found = deployed()
    assert found.jobs == 3
    assert found.gateway_mib == 512
    assert 0 < found.secrets <= found.secret_references


def test_prices_are_complete_dated_and_say_their_source() -> None:
    date.fromisoformat(READ_ON)
    assert len({frozenset(prices) for prices in REGIONS.values()}) == 1
    for prices in REGIONS.values():
        assert all(each.source.startswith("https://cloud.google.com/") and each.usd > 0 for each in prices.values())


def test_amounts_and_bars_are_as_long_as_they_say_something() -> None:
    assert [number(each) for each in (0, 7, 0.234, 1234567.8)] == ["0", "7", "0.23", "1,234,568"]
    month = priced(replace(NOTHING, live_hours=1000))
    longest = max(each.usd for each in month.items)
    drawn = [len(bar(each, longest).plain) for each in month.items]
    assert max(drawn) == 16
    assert [length > 0 for length in drawn] == [each.usd / longest * 128 >= 0.5 for each in month.items]


def test_the_command_tells_programs_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--classes", "1000", "--students", "20", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["plan"]["classes"] == 1000
    assert sum(each["usd"] for each in told["items"]) == pytest.approx(told["usd"], abs=0.01)
    with pytest.raises(SystemExit):
        main(["--verify-seconds", "0"])
    assert "give 1 or more" in capsys.readouterr().err


def test_readme_quotes_what_the_command_says_today(capsys: pytest.CaptureFixture[str]) -> None:
    text = (REPOSITORY / "README.md").read_text("utf-8")
    quoted = re.search(r"python -m infra\.cost ([^\n]*)\n```\n\n```\n(.*?)\n```", text, re.DOTALL)
    assert quoted is not None, "README's section What it costs has the command and what it printed, in two blocks"
    assert main(quoted.group(1).split("#")[0].split()) == 0
    told = [line.rstrip() for line in capsys.readouterr().out.strip("\n").splitlines()]
    assert [line.rstrip() for line in quoted.group(2).splitlines()] == told
