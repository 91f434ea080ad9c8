"""Letters: what a text may bring onto paper, whoever wrote it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.billing.paper.letters import REPLACEMENT, base_direction, must_be_shaped, shown

KNOWN = frozenset(range(0x20, 0x250)) | frozenset(range(0x370, 0x600)) | {0xFFFD}


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("Zażółć", "Zażółć"),
        ("Jose\u0301", "José"),
        ("数学 101", f"{REPLACEMENT}{REPLACEMENT} 101"),
        ("Ada\x00\x07Byron", "Ada  Byron"),
        ("one\u2028two\nthree", "one two three"),
        ("pay \u202e00.1\u202c EUR", "pay 00.1 EUR"),
        ("in\u200bvis\ufeffible\u00ad", "invisible"),
        ("lone \ud800 half", f"lone {REPLACEMENT} half"),
        ("our own \U000f0000 sign", f"our own {REPLACEMENT} sign"),
        ("<b>&amp;**{nb}", "<b>&amp;**{nb}"),
    ],
)
def test_what_cannot_be_shown_is_replaced_and_what_deceives_is_left_out(text: str, paper: str) -> None:
    assert shown(text, KNOWN) == paper


@given(st.text())
def test_nothing_but_known_letters_and_joiners_comes_through(text: str) -> None:
    assert all(ord(letter) in KNOWN or letter in "\u200c\u200d" for letter in shown(text, KNOWN))


def test_only_what_runs_from_the_right_or_carries_marks_is_shaped() -> None:
    assert not must_be_shaped("Algebra")
    assert not must_be_shaped("Ελληνικά, Русский, Zażółć")
    assert must_be_shaped("עברית")
    assert must_be_shaped("العربية")
    assert must_be_shaped("q\u0307")


def test_a_text_begins_where_its_first_letter_does() -> None:
    assert base_direction("Algebra עברית") == "ltr"
    assert base_direction("12. עברית, ada@school.example") == "rtl"
    assert base_direction("العربية") == "rtl"
    assert base_direction("12.50") == "ltr"
