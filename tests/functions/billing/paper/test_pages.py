"""The PDF: everything that the document says stands on it, whatever people write, and it is the same bytes each time."""

import hashlib
import os
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from functions.billing.paper.letters import REPLACEMENT
from functions.billing.paper.pages import pdf_of
from infra.local.settings import REPOSITORY
from shared.domain.invoices import LineKind, Paper
from shared.domain.money import Money
from tests.functions.billing.paper.samples import PREVIOUS, a_document, a_line, pages_of, text_of

SAME = """
import hashlib
from functions.billing.paper.pages import pdf_of
from tests.functions.billing.paper.samples import a_document, a_line
print(hashlib.sha256(pdf_of(a_document(a_line(description="Algebra, العربية, Ελληνικά"), a_line(1)))).hexdigest())
"""


def test_everything_that_the_document_says_is_on_it() -> None:
    correction = a_line(
        1,
        kind=LineKind.ADJUSTMENT,
        net=Money(-250, "EUR"),
        tax_basis_points=700,
        corrects="INV-000100",
        cause="it is now excused",
    )
    package = a_line(2, kind=LineKind.PACKAGE, description="Ten lessons: lesson 3 of 10", net=Money(-3000, "EUR"), how=None)
    document = a_document(a_line(tax_basis_points=1900), correction, package, a_line(3, start_at=None, description="A book"))
    text = text_of(document)
    for told in (
        "Rollcall School", "12 Harbour Street", "1016 AB Amsterdam", "Invoice", "Marta Nasser-Holm",
        "Keizersgracht 1, 1015 CC Amsterdam", "mum@home.example", "INV-000123", "Issued 10 Jan 2027", "Due 24 Jan 2027",
        "1 Dec 2026 – 31 Dec 2026", "Date (UTC)", "Net EUR", "1 Dec 2026 12:00", "Algebra, omar@school.example",
        "With ada@school.example, 60 min at 30.00 EUR an hour", "19 % 30.00", "Corrects INV-000100: it is now excused",
        "7 % -2.50", "Ten lessons: lesson 3 of 10", "Paid from a package", "A book", "Net 27.50 EUR",
        "Tax 7 % on -2.50 -0.18 EUR", "Tax 19 % on 30.00 5.70 EUR",
        "Total due 33.02 EUR", document.content_hash, PREVIOUS, "INV-000123, page 1 of 1",
    ):  # fmt: skip
        assert told in text, told


def test_nothing_is_invented_where_nothing_is_known() -> None:
    text = text_of(a_document(issuer=None, party_name=None, postal_address=None, previous_hash=""))
    assert text.count("mum@home.example") == 1
    assert "None" not in text
    assert "none, this is the first" in text


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"paper": Paper.CREDIT_NOTE, "number": "CN-000001", "cancels": "INV-000123"}, ["Credit note", "Takes back INV-000123"]),
        ({"paper": Paper.PAYMENT_ORDER, "number": "PO-000001"}, ["Payment order", "Payable to", "To be paid by 24 Jan 2027"]),
    ],
)
def test_other_papers_have_their_own_title(changes: dict[str, object], wanted: list[str]) -> None:
    text = text_of(a_document(**changes))
    assert all(told in text for told in wanted)
    assert "Invoice" not in text


def test_the_same_document_gives_the_same_bytes_in_any_process() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", SAME],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    here = pdf_of(a_document(a_line(description="Algebra, العربية, Ελληνικά"), a_line(1)))
    assert told == {hashlib.sha256(here).hexdigest()}


def test_a_document_with_a_zone_tells_its_times_in_it_and_names_it_on_each_line() -> None:
    told = text_of(a_document(a_line(), a_line(200), timezone="Europe/Berlin"))
    assert "Times in Europe/Berlin" in told
    assert "1 Dec 2026 13:00 CET" in told
    assert "19 Jun 2027 14:00 CEST" in told
    assert "UTC" not in told
    plain = text_of(a_document())
    assert "Date (UTC)" in plain
    assert "12:00" in plain


def test_another_document_gives_other_bytes() -> None:
    document = a_document()
    assert pdf_of(document) != pdf_of(replace(document, content_hash="0" * 64))


def test_names_of_every_script_are_readable() -> None:
    names = ("Ελένη Παπαδοπούλου", "Дмитрий Щербаков", "Łukasz Żółć", "Þórður Ævarsson", "Նարեկ", "ნინო")
    text = text_of(a_document(*(a_line(number, description=name) for number, name in enumerate(names))))
    assert all(name in text for name in names)


def test_what_runs_from_the_right_is_turned_and_joined() -> None:
    text = text_of(a_document(a_line(description="שלום עולם"), a_line(1, description="محمد علي")))
    assert "שלום עולם" in text
    assert "محمد علي" in text
    # Joined letters are other shapes than single ones: the same letters take less room and other glyphs.
    joined, single = pdf_of(a_document(a_line(description="ببب"))), pdf_of(a_document(a_line(description="ب ب ب")))
    assert joined != single


def test_what_no_font_has_is_seen_to_be_missing() -> None:
    assert f"{REPLACEMENT}{REPLACEMENT} for Omar" in text_of(a_document(a_line(description="数学 for Omar")))


@pytest.mark.parametrize(
    "name",
    [
        "x" * 3000,
        "word " * 600,
        "\x00\x01\x1b[31mred\x7f",
        "<b>bold</b> **stars** __under__ {nb} %PDF /JS (open) \\",
        "\u202egnp.exe\u202c \u2066\u2069",
        "\U000f0000\U000f0000\U000f0000\U000f0000",
        "a\u0301\u0302\u0303" * 200,
        "שלום" * 400,
        "👩‍👩‍👧‍👦 🏳️‍🌈",
        "",
    ],
)
def test_hostile_names_leave_a_whole_document(name: str) -> None:
    document = a_document(
        a_line(description=name, how=name, corrects="INV-000001", cause=name), party_name=name, postal_address=name
    )
    text = text_of(document)
    assert "Total due 30.00 EUR" in text
    assert f"page 1 of {len(pages_of(pdf_of(document)))}" in text


def test_markup_is_letters_and_counts_no_pages() -> None:
    text = text_of(a_document(a_line(description="<b>{nb}</b> **x**")))
    assert "<b>{nb}</b> **x**" in text


def test_long_texts_wrap_inside_their_column() -> None:
    word = "unbreakable" * 30
    text = text_of(a_document(a_line(description=f"Algebra {word}")))
    assert word in text.replace(" ", "")


def test_many_lines_take_a_short_time_and_each_page_repeats_the_head() -> None:
    document = a_document(*(a_line(number, description=f"Class {number:04d}") for number in range(1200)))
    began = time.process_time()
    pdf = pdf_of(document)
    assert time.process_time() - began < 20
    assert len(pdf) < 1_500_000
    pages = pages_of(pdf)
    assert all("Date (UTC)" in page and f"page {number} of {len(pages)}" in page for number, page in enumerate(pages, 1))
    assert all("Invoice INV-000123 Marta" in page for page in pages[1:])
    text = " ".join(pages)
    assert all(text.count(f"Class {number:04d}") == 1 for number in range(1200))
    assert "Total due 36000.00 EUR" in pages[-1]


def test_the_sum_never_stands_alone_without_its_parts() -> None:
    for count in range(10, 20):
        pages = pages_of(pdf_of(a_document(*(a_line(number, tax_basis_points=1900) for number in range(count)))))
        (page,) = [page for page in pages if "Total due" in page]
        assert "Tax 19 % on" in page
        assert "This document never changes" in page
