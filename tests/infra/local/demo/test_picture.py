"""The demo's pictures."""

import io
from datetime import timedelta

import pytest
from rich.console import Console, RenderableType

from infra.local.demo.picture import LivePicture, attendance_table
from tests.infra.local.demo.rows import START, rows


def drawn(picture: RenderableType, width: int = 140) -> list[str]:
    """A picture as lines of text."""
    out = io.StringIO()
    Console(file=out, width=width).print(picture)
    return out.getvalue().splitlines()


def session(**present: bool) -> dict[str, object]:
    """What active-sessions says of people, by the first part of their addresses."""
    people = [{"email": f"{name}@school.example".replace("_", "."), "present": here} for name, here in present.items()]
    return {"feed": "live", "participants": people}


def line_of(name: str, lines: list[str]) -> str:
    """The line about somebody."""
    return next(line for line in lines if name in line)


def test_presence_is_drawn_as_it_was_reported() -> None:
    picture = LivePicture(START)
    for second, here in ((0, True), (20, False), (32, True)):
        picture.note(session(ben_baker=here), START + timedelta(seconds=second))
    lines = drawn(picture.draw(START + timedelta(seconds=40), 140))
    bar = "█" * 20 + "·" * 12 + "█" * 8
    assert bar in line_of("Ben Baker", lines)
    assert bar + "█" not in line_of("Ben Baker", lines)
    assert "second 40 of 60 (feed: live)" in lines[0]


def test_before_and_after_the_class_nothing_is_drawn() -> None:
    picture = LivePicture(START)
    picture.note(session(ben_baker=True), START - timedelta(seconds=1))
    picture.note(None, START)
    assert "█" not in "".join(drawn(picture.draw(START + timedelta(seconds=90), 140)))


def test_the_table_tells_each_persons_attendance() -> None:
    lines = drawn(attendance_table(rows(), START, 140))
    assert "by e-mail" in line_of("Cleo Clark", lines)
    assert "0:45" in line_of("Cleo Clark", lines)
    assert "12:00:03" in line_of("Cleo Clark", lines)
    assert "absent" in line_of("Finn Ford", lines)
    assert "unmatched" in line_of("+44", lines)
    assert line_of("Ada", lines).count("█") == 60
    assert "Ada" in lines[2]


@pytest.mark.parametrize("width", [80, 100, 140])
def test_pictures_fit_where_they_are_shown(width: int) -> None:
    live = LivePicture(START)
    live.note(session(ada_teacher=True), START)
    for picture in (live.draw(START + timedelta(seconds=30), width), attendance_table(rows(), START, width)):
        text = "\n".join(drawn(picture, width))
        assert "…" not in text
        assert "Ada Teacher" in text
