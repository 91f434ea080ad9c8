"""Rules over every text file."""

import pytest

from infra.check.texts import check_text

UP = ".." + "/"


def wrongs(text: str) -> list[str]:
    """What is found in a text."""
    return [finding.wrong for finding in check_text("docs/x.md", text)]


@pytest.mark.parametrize("path", [f"{UP}shared/docs", f"{UP}{UP}shared", f"./{UP}shared/x"])
def test_a_path_out_of_the_repository_is_found(path: str) -> None:
    assert len(wrongs(f"see {path} for more")) == 1


@pytest.mark.parametrize("text", ["shared/web", "./shared/web", f"web{UP}sharedness", f"{UP}functions"])
def test_a_path_within_the_repository_is_no_trouble(text: str) -> None:
    assert wrongs(text) == []


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME", "HA" + "CK"])
def test_what_is_left_for_later_is_found_at_its_line(word: str) -> None:
    (finding,) = check_text("x.py", f"a = 1\n# {word}: b\n")
    assert (finding.line, finding.wrong) == (2, f"{word} leaves something for later")


def test_a_word_that_only_holds_such_letters_is_no_trouble() -> None:
    assert wrongs("a hackney carriage, mktemp XXXXXX, MASTODONTIC") == []
