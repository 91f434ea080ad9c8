"""CSV that is written while it is sent, and that a spreadsheet never runs as a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

CHUNK = 64 * 1024
_TRIGGERS = tuple("=+-@\t\r\n\0＝＋－＠")
_BOM = "\ufeff"


def cell(value: object) -> object:
    """One cell: numbers as they are, text that a spreadsheet would run as a formula with an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return value
    text = str(value).replace("\0", "")
    return "'" + text if text.lstrip(" ").startswith(_TRIGGERS) else text


def csv_stream(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The header at once, then the rows in pieces of about 64 KiB. UTF-8 with a mark that spreadsheets look for."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(header)
    yield (_BOM + buffer.getvalue()).encode()
    buffer.seek(0)
    buffer.truncate()
    for row in rows:
        writer.writerow([cell(value) for value in row])
        if buffer.tell() > CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    if buffer.tell():
        yield buffer.getvalue().encode()
