"""Letters: what of a text the fonts can show, and whether it has to be shaped.

Texts come from people: names in any script, and whatever somebody pastes into one. What cannot be shown is shown as `�`, so that
nobody takes the rest for the whole; what could make a text look like another one is left out.
"""

import unicodedata
from collections.abc import Container

REPLACEMENT = "\ufffd"
# They join letters of Persian and the scripts of India; other invisible characters only turn or hide what is around them.
JOINERS = ("\u200c", "\u200d")
_SPACES = ("Cc", "Zl", "Zp", "Zs")
_RIGHT_TO_LEFT = ("R", "AL", "AN")


def shown(text: str, known: Container[int]) -> str:
    """The text as it can be printed on one line with a font of these code points."""
    return "".join(_shown(letter, known) for letter in unicodedata.normalize("NFC", text)).strip()


def _shown(letter: str, known: Container[int]) -> str:
    kind = unicodedata.category(letter)
    if kind in _SPACES:
        return " "
    if letter in JOINERS:
        return letter
    if kind == "Cf":
        return ""
    return letter if kind not in ("Co", "Cs", "Cn") and ord(letter) in known else REPLACEMENT


def must_be_shaped(text: str) -> bool:
    """Whether letters of the text run from the right, join, or carry marks."""
    if text.isascii():
        return False
    return any(unicodedata.bidirectional(c) in _RIGHT_TO_LEFT or unicodedata.combining(c) or c in JOINERS for c in text)


def base_direction(text: str) -> str:
    """Where the text begins, by its first letter that has a direction: `ltr` or `rtl`."""
    first = next((kind for letter in text if (kind := unicodedata.bidirectional(letter)) in ("L", "R", "AL")), "L")
    return "ltr" if first == "L" else "rtl"
