"""Setting a document on pages: head, address, lines under a head that each page repeats, taxes, sum and notice."""

from functions.billing.paper.sheet import BODY, BOTTOM, GREY, INK, LEFT, RIGHT, TOP, Sheet, line_height, lines_of
from functions.billing.paper.words import (
    NO_DATE,
    NOTICE,
    amount,
    clock,
    cut,
    date_head,
    day,
    facts_of,
    notes_of,
    percent,
    total_of,
    words_of,
)
from shared.domain.invoices import Document, Line

# Where each column begins and how wide it is.
DATE, TEXT, TAX, NET = (LEFT + 6, 70), (LEFT + 80, 296), (LEFT + 380, 44), (LEFT + 424, BODY - 430)
FACTS, LABEL = RIGHT - 210, 72
GAP = 5
# The longest texts of a line and of the head; what is stored is shorter, and with these a line fits on a page in any letters.
LONGEST, LONGEST_IN_HEAD = 600, 1000


def pdf_of(document: Document) -> bytes:
    """The document as PDF, the same bytes each time."""
    words = words_of(document)
    sheet = Sheet(document, words.title)
    sheet.add_page()
    y = _table_head(sheet, _head(sheet))
    for line in document.lines:
        high = _height(sheet, line)
        if y + high > BOTTOM:
            y = _table_head(sheet, _next_page(sheet))
        _row(sheet, line, y)
        y += high
        sheet.rule(y)
    _sums(sheet, y + 10)
    return bytes(sheet.output())


def _head(sheet: Sheet) -> int:
    """Who sends it, what it is, to whom it goes, and its numbers and dates; answers where the lines begin."""
    document, words = sheet.document, words_of(sheet.document)
    y = TOP
    for place, told in enumerate(lines_of(document.issuer or "")):
        y = sheet.say(LEFT, y, 260, told, 9 if place else 13, bold=not place, colour=GREY if place else INK)
    below = sheet.say(FACTS, TOP, RIGHT - FACTS, words.title, 20, bold=True, align="R")
    y = max(y, below) + 18
    sheet.rule(y)
    y += 14
    start = y
    y = sheet.say(LEFT, y, 260, words.to, 7, colour=GREY) + 1
    y = sheet.say(LEFT, y, 260, cut(document.party_name or document.party, LONGEST), 10, bold=True)
    for told in lines_of(cut(document.postal_address or "", LONGEST_IN_HEAD)):
        y = sheet.say(LEFT, y, 260, told, 9)
    if document.party_name is not None:
        y = sheet.say(LEFT, y, 260, document.party, 9)
    place = start
    for label, value in facts_of(document):
        sheet.say(FACTS, place, LABEL, label, 8, colour=GREY)
        place = sheet.say(FACTS + LABEL, place, RIGHT - FACTS - LABEL, value, 9, align="R") + 1
    return max(y, place) + 18


def _next_page(sheet: Sheet) -> int:
    """A page that says what it belongs to; answers where its lines begin."""
    document = sheet.document
    sheet.add_page()
    sheet.say(LEFT, TOP, BODY, f"{words_of(document).title} {document.number}", 9, bold=True)
    name = cut(document.party_name or document.party, 40)
    sheet.say(LEFT + 200, TOP, BODY - 200, name, 8, colour=GREY, align="R")
    return TOP + 22


def _table_head(sheet: Sheet, y: int) -> int:
    sheet.band(y, 18)
    net = f"Net {sheet.document.currency}"
    date = date_head(sheet.document)
    for (x, width), told, align in ((DATE, date, "L"), (TEXT, "What", "L"), (TAX, "Tax", "R"), (NET, net, "R")):
        sheet.say(x, y + 4, width, told, 8, bold=True, align=align)
    return y + 18


def _row(sheet: Sheet, line: Line, y: int) -> None:
    (x, width), zone = DATE, sheet.document.zone
    below = sheet.say(x, y + GAP, width, NO_DATE if line.start_at is None else day(line.start_at, zone), 9)
    if line.start_at is not None:
        sheet.say(x, below, width, clock(line.start_at, zone), 8, colour=GREY)
    x, width = TEXT
    below = sheet.say(x, y + GAP, width, cut(line.description, LONGEST), 9)
    for told in notes_of(line, sheet.document):
        below = sheet.say(x, below, width, cut(told, LONGEST), 8, colour=GREY)
    sheet.say(*_at(TAX, y), percent(line.tax_basis_points) if line.tax_basis_points else NO_DATE, 9, align="R")
    sheet.say(*_at(NET, y), amount(line.net), 9, align="R")


def _height(sheet: Sheet, line: Line) -> int:
    """How high the line is."""
    width = TEXT[1]
    text = sheet.height(width, cut(line.description, LONGEST), 9)
    text += sum(sheet.height(width, cut(told, LONGEST), 8) for told in notes_of(line, sheet.document))
    return max(text, line_height(9) + (0 if line.start_at is None else line_height(8))) + 2 * GAP


def _sums(sheet: Sheet, y: int) -> None:
    """The net sum, the tax by rate, what it comes to, and that it never changes; all on one page."""
    document = sheet.document
    rows = [("Net", document.net.text)]
    rows += [(f"Tax {percent(tax.basis_points)} on {amount(tax.net)}", tax.tax.text) for tax in document.taxes]
    if y + 16 * len(rows) + 60 > BOTTOM:
        y = _next_page(sheet)
    for label, value in rows:
        sheet.say(FACTS - 60, y, 150, label, 9, colour=GREY)
        y = sheet.say(FACTS + 90, y, RIGHT - FACTS - 96, value, 9, align="R") + 3
    sheet.rule(y + 2, FACTS - 60)
    sheet.say(FACTS - 60, y + 8, 150, total_of(document), 11, bold=True)
    y = sheet.say(FACTS + 90, y + 8, RIGHT - FACTS - 96, document.gross.text, 11, bold=True, align="R")
    sheet.say(LEFT, y + 18, BODY, NOTICE, 7, colour=GREY)


def _at(column: tuple[int, int], y: int) -> tuple[int, int, int]:
    return column[0], y + GAP, column[1]
