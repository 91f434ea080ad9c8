"""Warnings: raised once when a line is crossed, ended when it is not crossed any more, whatever the order of the news."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.attendance import Attendance, AttendanceStatus, Match, Role
from shared.domain.evidence import Basis
from shared.domain.ids import stable_id
from shared.domain.policies import Policy
from shared.domain.warnings import AttendanceWarning, WarningKind, changes_of, episodes_of
from tests.builders import at

S = AttendanceStatus
DAY = 24 * 60
OMAR = "omar@school.example"
POLICY = Policy()
LETTERS = {"P": S.PRESENT, "L": S.LATE, "H": S.PARTIAL, "A": S.ABSENT, "N": S.NO_SHOW, "X": S.EXCUSED, "?": S.UNKNOWN}
NOW = at(1000 * DAY)


def a_row(day: int, status: S, **changes: object) -> Attendance:
    """Omar's row of the class on a day."""
    session_id = stable_id("session", str(day))
    row = Attendance(
        row_id=stable_id("attendance", session_id, OMAR),
        session_id=session_id,
        class_id=stable_id("class", str(day)),
        course_id="math",
        subject="Algebra",
        teacher_email="ada@school.example",
        start_at=at(day * DAY),
        end_at=at(day * DAY + 60),
        email=OMAR,
        display_name="Omar",
        role=Role.STUDENT,
        match=Match.EXACT_EMAIL,
        status=status,
        stays=(),
        devices=0,
        source=None,
        basis=Basis.MEASURED,
    )
    return replace(row, **changes)  # type: ignore[arg-type]


def rows_of(letters: str) -> list[Attendance]:
    return [a_row(day, LETTERS[letter]) for day, letter in enumerate(letters)]


def told(letters: str, policy: Policy = POLICY) -> list[tuple[str, int, int | None]]:
    """The episodes of a row of verdicts: kind, the day that began it, the day that ended it."""
    rows = rows_of(letters)
    days = {row.session_id: day for day, row in enumerate(rows)}
    found = episodes_of(rows, lambda _: policy, NOW)
    return [(e.kind.value, days[e.trigger.session_id], days[e.ended_by.session_id] if e.ended_by else None) for e in found]


def brought(
    known: Sequence[AttendanceWarning], rows: Sequence[Attendance], policy: Policy = POLICY
) -> tuple[AttendanceWarning, ...]:
    """All warnings after the rows were looked at."""
    changed = changes_of(known, episodes_of(rows, lambda _: policy, NOW), NOW)
    return tuple(({each.warning_id: each for each in known} | {each.warning_id: each for each in changed}).values())


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("", []),
        ("AA", []),
        ("AAA", [("absences_in_row", 2, None)]),
        ("ANA", [("absences_in_row", 2, None)]),
        ("AAAA", [("low_share", 3, None), ("absences_in_row", 2, None)]),
        ("AAPA", [("low_share", 3, None)]),
        ("AA?A", [("absences_in_row", 3, None)]),
        ("AAXA", [("low_share", 3, None), ("absences_in_row", 3, None)]),
        ("AAX", []),
        ("XXXXX", []),
        ("?????", []),
        ("AAAP", [("low_share", 3, None), ("absences_in_row", 2, 3)]),
        ("AAAH", [("low_share", 3, None), ("absences_in_row", 2, 3)]),
        ("PPPA", []),
        ("PPAA", [("low_share", 3, None)]),
        ("PPHH", []),
        ("PPAAPPPP", [("low_share", 3, 7)]),
        ("PPAAPPPPAA", [("low_share", 3, 7), ("low_share", 8, None)]),
        ("PPPPAAAPAAA", [("low_share", 5, None), ("absences_in_row", 6, 7), ("absences_in_row", 10, None)]),
    ],
)
def test_which_lines_a_row_of_verdicts_crosses(letters: str, expected: list[tuple[str, int, int | None]]) -> None:
    assert told(letters) == expected


def test_a_policy_may_switch_either_line_off() -> None:
    assert told("AAAAAA", replace(POLICY, warn_below_percent=None)) == [("absences_in_row", 2, None)]
    assert told("AAAAAA", replace(POLICY, warn_absences_in_row=None)) == [("low_share", 3, None)]


def test_each_session_is_judged_by_the_policy_that_it_had() -> None:
    rows = [replace(row, policy_version=day // 3) for day, row in enumerate(rows_of("AAPAAP"))]
    policies = {0: replace(POLICY, warn_absences_in_row=3), 1: replace(POLICY, warn_absences_in_row=2, warn_below_percent=None)}
    (found,) = episodes_of(rows, policies.__getitem__, NOW)
    assert (found.kind, found.trigger, found.ended_by, found.line) == (WarningKind.ABSENCES_IN_ROW, rows[4], rows[5], 2)


def test_a_warning_says_how_the_student_stood() -> None:
    (share, absences) = changes_of((), episodes_of(rows_of("PAAA"), lambda _: POLICY, NOW), NOW)
    assert (share.kind, share.line, share.taken, share.share_percent) == (WarningKind.LOW_SHARE, 75, 4, 25)
    assert (absences.kind, absences.line, absences.absences_in_row) == (WarningKind.ABSENCES_IN_ROW, 3, 3)
    assert (share.student_email, share.course_id, share.start_at, share.raised_at) == (OMAR, "math", at(3 * DAY), NOW)
    assert share.warning_id != absences.warning_id


def test_a_share_just_below_the_line_is_below_it() -> None:
    assert told("PPPPPPPPPPPPPPPPPPPPAAAPAPAP", replace(POLICY, warn_below_percent=80, warn_absences_in_row=None)) == []
    assert told("PPPAPPPA", replace(POLICY, warn_below_percent=75)) == []
    assert told("PPPAPPPAA", replace(POLICY, warn_below_percent=75)) == [("low_share", 8, None)]


def test_a_class_that_is_still_on_counts_for_nothing() -> None:
    rows = rows_of("AAA")
    assert episodes_of(rows, lambda _: POLICY, at(2 * DAY + 59)) == ()
    assert len(episodes_of(rows, lambda _: POLICY, at(2 * DAY + 60))) == 1


def test_whoever_teaches_is_not_warned() -> None:
    assert episodes_of([replace(row, role=Role.TEACHER) for row in rows_of("AAAAA")], lambda _: POLICY, NOW) == ()


def test_a_line_that_stays_crossed_is_told_once() -> None:
    known: tuple[AttendanceWarning, ...] = ()
    for count in range(1, 9):
        known = brought(known, rows_of("AAAAAAAA")[:count])
    assert [(each.kind, each.is_standing, each.rev) for each in known] == [
        (WarningKind.ABSENCES_IN_ROW, True, 1),
        (WarningKind.LOW_SHARE, True, 1),
    ]


def test_a_warning_ends_with_the_session_that_brought_the_student_back() -> None:
    rows = rows_of("AAAP")
    policy = replace(POLICY, warn_below_percent=None)
    known = brought((), rows[:3], policy)
    (after,) = brought(known, rows, policy)
    assert (after.ended_at, after.ended_by, after.rev) == (NOW, rows[3].session_id, 2)
    assert brought([after], rows, policy) == (after,)


def test_a_warning_whose_ground_was_corrected_away_ends_and_comes_back_when_the_correction_is_taken_back() -> None:
    policy = replace(POLICY, warn_below_percent=None)
    known = brought((), rows_of("AAA"), policy)
    corrected = brought(known, rows_of("APA"), policy)
    assert [(each.is_standing, each.ended_by, each.rev) for each in corrected] == [(False, None, 2)]
    again = brought(corrected, rows_of("AAA"), policy)
    assert [(each.is_standing, each.rev) for each in again] == [(True, 3)]
    assert [each.warning_id for each in again] == [each.warning_id for each in known]


def test_a_correction_that_only_moves_the_crossing_tells_nobody_twice() -> None:
    policy = replace(POLICY, warn_below_percent=None)
    known = brought((), rows_of("AAAA")[1:], policy)
    assert brought(known, rows_of("AAAA"), policy) == known
    assert brought(known, rows_of("?AAAA")[2:], policy) == known


def test_a_crossing_that_was_over_before_anybody_looked_is_not_told() -> None:
    assert brought((), rows_of("AAAP"), replace(POLICY, warn_below_percent=None)) == ()


def test_a_second_crossing_ends_the_first_warning_and_raises_one_of_its_own() -> None:
    policy = replace(POLICY, warn_below_percent=None)
    rows = rows_of("AAAPAAA")
    known = brought((), rows[:3], policy)
    first, second = brought(known, rows, policy)
    assert (first.is_standing, first.ended_by) == (False, rows[3].session_id)
    assert (second.is_standing, second.session_id) == (True, rows[6].session_id)


def test_of_two_standing_warnings_about_the_same_one_is_ended() -> None:
    policy = replace(POLICY, warn_below_percent=None)
    known = brought((), rows_of("AAA"), policy)
    twin = replace(known[0], session_id="f" * 32)
    after = brought([twin, *known], rows_of("AAA"), policy)
    assert {each.session_id: each.is_standing for each in after} == {"f" * 32: False, known[0].session_id: True}


verdicts = st.text("PLHANX?", max_size=24)


@given(verdicts, st.randoms(use_true_random=False))
def test_the_order_and_repetition_of_rows_change_nothing(letters: str, chance: st.DrawFn) -> None:
    rows = rows_of(letters)
    shuffled = [*rows, *rows[: len(rows) // 2]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert episodes_of(shuffled, lambda _: POLICY, NOW) == episodes_of(rows, lambda _: POLICY, NOW)


@given(verdicts, st.lists(st.integers(0, 24), max_size=8))
def test_sessions_that_are_not_known_change_nothing(letters: str, places: list[int]) -> None:
    mixed = letters
    for place in places:
        mixed = mixed[:place] + "?" + mixed[place:]

    def crossed(text: str) -> list[tuple[str, int, int | None]]:
        count = [sum(letter != "?" for letter in text[:day]) for day in range(len(text))]
        return [(kind, count[began], None if ended is None else count[ended]) for kind, began, ended in told(text)]

    assert crossed(mixed) == crossed(letters)


@given(verdicts)
def test_who_is_never_absent_is_never_warned_of_absences(letters: str) -> None:
    kept = letters.replace("A", "X").replace("N", "?")
    assert [kind for kind, *_ in told(kept) if kind == "absences_in_row"] == []


@given(verdicts)
def test_excused_sessions_never_extend_a_run(letters: str) -> None:
    def runs(text: str) -> int:
        return sum(kind == "absences_in_row" for kind, *_ in told(text))

    assert runs(letters) == runs(letters.replace("X", ""))


@given(st.lists(st.tuples(st.integers(0, 11), st.sampled_from("PLHANX?")), max_size=40))
def test_whatever_order_news_come_in_the_same_warnings_stand_and_looking_again_changes_nothing(
    news: list[tuple[int, str]],
) -> None:
    known: tuple[AttendanceWarning, ...] = ()
    rows: dict[int, Attendance] = {}
    for day, letter in news:
        rows[day] = a_row(day, LETTERS[letter])
        known = brought(known, list(rows.values()))
        assert brought(known, list(rows.values())) == known
    at_once = brought((), list(rows.values()))
    kinds = sorted(each.kind for each in known if each.is_standing)
    assert kinds == sorted(each.kind for each in at_once if each.is_standing)
    assert len(kinds) == len(set(kinds))
