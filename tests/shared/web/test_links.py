"""Shared links: only an unaltered one opens its document, only until it is over, and it is no token, nor is a token a link."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from shared.config import ConfigurationError, Settings, read_settings
from shared.domain.accounts import Caller
from shared.domain.messages import Addressees, Delivery, EventType, Message
from shared.web.callers import Door, caller_of
from shared.web.links import GOOD_IN_MAIL, bill_link, document_in, link_to
from shared.web.problems import Problem
from shared.web.tokens import mint

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=168)
DOCUMENT, OTHER = "a" * 32, "b" * 32
OLD, NEW = "old:" + "o" * 40, "new:" + "n" * 40


def deployment(keys: str = NEW, **more: str) -> Settings:
    return read_settings({"JWT_SECRET": keys, **more})


def altered(link: str) -> Iterator[str]:
    kid, document, expires, signature = link.split(".")
    yield f"{kid}.{OTHER}.{expires}.{signature}"
    yield f"{kid}.{document}.{int(expires) + 1}.{signature}"
    yield f"old.{document}.{expires}.{signature}"
    yield f"{kid}.{document}.{expires}.{signature[:-1]}"
    yield f"{kid}.{document}.{expires}.{'A' * 43}"
    yield f"{kid}.{document}.{expires}"
    yield f"{link}\n"
    yield f"{link}="
    yield link.upper()
    yield ""


def test_a_link_opens_its_document_until_it_is_over() -> None:
    link = link_to(DOCUMENT, LATER, deployment())
    assert document_in(link, deployment(), NOW.timestamp()) == DOCUMENT
    assert document_in(link, deployment(), (LATER - timedelta(seconds=1)).timestamp()) == DOCUMENT
    assert document_in(link, deployment(), LATER.timestamp()) is None
    assert len(link_to(DOCUMENT, LATER, deployment(f"{'k' * 64}:{'n' * 40}"))) <= 256


def test_an_altered_link_opens_nothing() -> None:
    known = deployment(f"{NEW} {OLD}")
    link = link_to(DOCUMENT, LATER, known)
    assert document_in(link, known, NOW.timestamp()) == DOCUMENT
    assert [document_in(each, known, NOW.timestamp()) for each in altered(link)] == [None] * 10


def test_a_link_of_another_deployment_opens_nothing() -> None:
    link = link_to(DOCUMENT, LATER, deployment())
    assert document_in(link, deployment(JWT_ISSUER="other"), NOW.timestamp()) is None
    assert document_in(link, deployment(JWT_AUDIENCE="other"), NOW.timestamp()) is None
    assert document_in(link, deployment("new:" + "m" * 40), NOW.timestamp()) is None


def test_a_key_that_is_retired_takes_its_links_along() -> None:
    link = link_to(DOCUMENT, LATER, deployment(OLD))
    assert document_in(link, deployment(f"{NEW} {OLD}"), NOW.timestamp()) == DOCUMENT
    assert document_in(link, deployment(NEW), NOW.timestamp()) is None


def test_neither_is_taken_for_the_other() -> None:
    known, mum = deployment(), Caller("mum", "mum@home.example", "user")
    assert document_in(mint(mum, known, NOW), known, NOW.timestamp()) is None
    headers = {"Authorization": f"Bearer {link_to(DOCUMENT, LATER, known)}"}
    with pytest.raises(Problem) as refused:
        caller_of(Door("user", ()), headers, known)
    assert refused.value.told.status == 401


def test_without_a_key_no_link_is_made() -> None:
    with pytest.raises(ConfigurationError, match="JWT_SECRET"):
        link_to(DOCUMENT, LATER, deployment(""))
    assert document_in(link_to(DOCUMENT, LATER, deployment()), deployment(""), NOW.timestamp()) is None


def told_of(event: EventType) -> Delivery:
    """An e-mail that tells a payer of a document."""
    message = Message(event, DOCUMENT, NOW, {"document_id": DOCUMENT})
    (delivery,) = Addressees(has_mail=True).deliveries(message, ["mum@home.example"])
    return delivery


def test_a_mail_about_a_bill_opens_it_for_thirty_days_where_our_address_is_known() -> None:
    known = deployment(PUBLIC_URL="https://school.example")
    link = bill_link(known, told_of(EventType.INVOICE_ISSUED))
    assert link is not None
    home, _, word = link.rpartition("/")
    assert home == "https://school.example/api/billing/shared"
    end = (NOW + GOOD_IN_MAIL).timestamp()
    assert (document_in(word, known, end - 1), document_in(word, known, end)) == (DOCUMENT, None)
    assert bill_link(known, told_of(EventType.INVOICE_ISSUED)) == link


def test_a_mail_has_no_link_without_our_address_or_key_and_about_nothing_but_bills() -> None:
    assert bill_link(deployment(), told_of(EventType.INVOICE_OVERDUE)) is None
    assert bill_link(read_settings({"PUBLIC_URL": "https://school.example"}), told_of(EventType.INVOICE_OVERDUE)) is None
    known = deployment(PUBLIC_URL="https://school.example")
    for event in (EventType.PAYMENT_ORDER_ISSUED, EventType.PAYMENT_RECORDED, EventType.WARNING_RAISED):
        assert bill_link(known, told_of(event)) is None
