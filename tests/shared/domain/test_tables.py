"""Tables of any meaning: the header says what the cells are, and what has no form is told with its row."""

import pytest

from shared.domain.tables import MOST_ERRORS, Columns, RowError, one_line, read_sheet, told_errors, unquoted

COLUMNS = Columns({"name": "name", "first name": "name", "size": "size"}, ("name", "size"), 3, "shoe")


def test_cells_have_the_names_of_their_columns_and_rows_their_numbers() -> None:
    sheet = read_sheet("\ufeff First-Name ;SIZE\r\n\r\nboot;'=44;\r\n;\r\nclog\r\n", COLUMNS)
    assert [(line.number, line.cells) for line in sheet.lines] == [(3, {"name": "boot", "size": "=44"}), (5, {"name": "clog"})]
    assert sheet.errors == ()


def test_a_row_with_more_cells_than_the_header_is_told_and_the_others_are_read() -> None:
    sheet = read_sheet("name,size\nboot,4,4\nclog,5\n", COLUMNS)
    assert [line.number for line in sheet.lines] == [3]
    assert [(error.row, error.field) for error in sheet.errors] == [(2, "row")]


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("", "csv", "one row for each shoe"),
        ('name,size\n"boot', "csv", "no CSV"),
        ("name,size\n" + "boot,4\n" * 4, "csv", "more than 3 rows"),
        ("name\nboot", "size", "No column is called size; add it."),
        ("name,size,colour\n", "colour", "No such column"),
        ("name,first name,size\n", "name", "Two columns"),
    ],
)
def test_a_table_without_the_right_form_has_no_rows(text: str, field: str, words: str) -> None:
    sheet = read_sheet(text, COLUMNS)
    (error,) = sheet.errors
    assert sheet.lines == ()
    assert (error.row, error.field) == (1, field)
    assert words in error.message


def test_errors_are_told_by_their_rows_and_not_without_end() -> None:
    errors = [RowError(row, "size", "Too big.") for row in range(200, 0, -1)]
    assert [error.row for error in told_errors(errors)] == list(range(1, MOST_ERRORS + 1))


@pytest.mark.parametrize("cell", ["a\nb", "a\x00b", "\x1b[31m", "\ud800"])
def test_a_cell_is_one_line_that_can_be_stored(cell: str) -> None:
    assert one_line("Zoë, 2 €") == "Zoë, 2 €"
    with pytest.raises(ValueError, match="control characters or line ends"):
        one_line(cell)


@pytest.mark.parametrize(("cell", "told"), [("'=1+1", "=1+1"), ("'Neill", "'Neill"), (" a ", "a"), ("=1", "=1"), ("", "")])
def test_only_the_apostrophe_of_our_exports_is_taken_off(cell: str, told: str) -> None:
    assert unquoted(cell) == told
