"""Sheets of A4: fonts, colours, foot, and texts that wrap, on a library that makes PDF. Lengths are whole points.

Only what `letters.shown` lets through is printed, so no text can turn, hide or count as anything but letters.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from fpdf import FPDF
from fpdf.fonts import TTFFont

from functions.billing.paper.letters import base_direction, must_be_shaped, shown
from shared.domain.invoices import Document

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 595, 48, 547, 48, 762
BODY = RIGHT - LEFT
FOOT = 784
FONT = "paper"
INK, GREY, BAND, HAIRLINE = (24, 28, 36), (105, 112, 124), (241, 243, 246), (214, 218, 224)
LINE_PERCENT = 132
# The font's widths are thousandths of its size.
EM = 1000
# Stands for the number of pages until it is known; no text holds it, since letters of no script are not shown.
ALL_PAGES = "\U000f0000" * 4
_FONTS = Path(__file__).with_name("fonts")
_FILES = {"": "DejaVuSansCondensed.ttf", "B": "DejaVuSansCondensed-Bold.ttf"}


class Sheet(FPDF):
    """The pages of one document: the same document gives the same bytes."""

    def __init__(self, document: Document, title: str) -> None:
        super().__init__(unit="pt", format="A4")
        self.document = document
        for style, file in _FILES.items():
            self.add_font(FONT, style, _FONTS.joinpath(file))
        self.faces = {style: font for style in _FILES if isinstance(font := self.fonts[f"{FONT}{style}"], TTFFont)}
        self.letters = frozenset.intersection(*(frozenset(face.cmap) for face in self.faces.values()))
        self.wrapped: dict[tuple[str, int, int, bool], tuple[str, ...]] = {}
        self.set_auto_page_break(auto=False)
        self.set_margins(LEFT, TOP, WIDTH - RIGHT)
        self.c_margin = 0
        self.alias_nb_pages(ALL_PAGES)
        self.set_creation_date(document.issued_at)
        self.set_producer("Rollcall")
        self.set_lang("en")
        self.set_title(shown(f"{title} {document.number}", self.letters))
        self.set_author(shown(lines_of(document.issuer)[0], self.letters) if document.issuer else "")

    def footer(self) -> None:
        """What makes the document provable, and which page of how many it is."""
        document, page = self.document, self.page_no()
        self.rule(FOOT - 8)
        below = self.say(LEFT, FOOT, BODY, f"Content hash {document.content_hash}", 6, colour=GREY)
        self.say(LEFT, below, BODY, f"Previous hash {document.previous_hash or 'none, this is the first'}", 6, colour=GREY)
        self.say(LEFT, FOOT, BODY - 16, f"{document.number}, page {page} of", 7, colour=GREY, align="R")
        self.set_xy(RIGHT - 14, FOOT)
        self.cell(14, line_height(7), ALL_PAGES)

    def say(
        self,
        x: int,
        y: int,
        width: int,
        text: str,
        size: int,
        *,
        bold: bool = False,
        colour: Sequence[int] = INK,
        align: str = "L",
    ) -> int:
        """Print a text into a column, over as many lines as it takes; answers with the place below it."""
        high = line_height(size)
        self.set_text_color(*colour)
        for line in self.lines(width, text, size, bold=bold):
            if must_be_shaped(line):
                self.set_text_shaping(use_shaping_engine=True, direction=base_direction(line))
                self.set_xy(x, y)
                self.cell(width, high, line, align=align)
                self.set_text_shaping(use_shaping_engine=False)
            else:
                begin = x + width - self._width(line, size, bold=bold) if align == "R" else x
                self.text(begin, y + size, line)
            y += high
        return y

    def height(self, width: int, text: str, size: int, *, bold: bool = False) -> int:
        """How high a text is in a column of this width."""
        return line_height(size) * len(self.lines(width, text, size, bold=bold))

    def lines(self, width: int, text: str, size: int, *, bold: bool = False) -> tuple[str, ...]:
        """The text in lines that fit into the width, at least one; the font is set for them."""
        self.set_font(FONT, "B" if bold else "", size)
        key = (text, width, size, bold)
        if key not in self.wrapped:
            self.wrapped[key] = tuple(self._wrapped(shown(text, self.letters), width, size, bold=bold))
        return self.wrapped[key]

    def rule(self, y: int, left: int = LEFT) -> None:
        """A thin line up to the right margin."""
        self.set_draw_color(*HAIRLINE)
        self.line(left, y, RIGHT, y)

    def band(self, y: int, height: int) -> None:
        """A light band over the whole width."""
        self.set_fill_color(*BAND)
        self.rect(LEFT, y, BODY, height, style="F")

    def _wrapped(self, text: str, width: int, size: int, *, bold: bool) -> Iterator[str]:
        """Broken between words, and inside a word only where it is wider than the column."""
        line = ""
        for word in text.split():
            longer = f"{line} {word}" if line else word
            if self._width(longer, size, bold=bold) <= width:
                line = longer
                continue
            if line:
                yield line
            *pieces, line = self._pieces(word, width, size, bold=bold)
            yield from pieces
        yield line

    def _pieces(self, word: str, width: int, size: int, *, bold: bool) -> list[str]:
        """A word in pieces that fit into the width."""
        pieces, taken, room = [""], 0, width * EM
        for letter in word:
            wide = int(self.faces["B" if bold else ""].cw[ord(letter)]) * size
            if taken + wide > room and pieces[-1]:
                pieces.append("")
                taken = 0
            pieces[-1] += letter
            taken += wide
        return pieces

    def _width(self, text: str, size: int, *, bold: bool) -> int:
        """How wide a line is at most, rounded up: letters that join are never wider than when they stand alone."""
        widths = self.faces["B" if bold else ""].cw
        return -(-sum(int(widths[ord(letter)]) for letter in text) * size // EM)


def lines_of(text: str) -> list[str]:
    """The lines of a text that say something."""
    return [line for line in text.splitlines() if line.strip()] or [""]


def line_height(size: int) -> int:
    """How high a line of this size is."""
    return size * LINE_PERCENT // 100 + 1
