"""What every store of card links does: the fake and the emulator alike."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from shared.card_ports import CardLink, CardLinks
from shared.domain.money import Money
from tests.fake_cards import MemoryCardLinks
from tests.fakes import no_sleep

LINK = CardLink("d" * 32, "plink_1", "https://pay/plink_1", Money(5000, "EUR"))


@pytest.fixture(params=["memory", "firestore"])
def links(request: pytest.FixtureRequest) -> Iterator[CardLinks]:
    if request.param == "memory":
        yield MemoryCardLinks()
    else:
        from shared.adapters.firestore.card_links import FirestoreCardLinks

        yield FirestoreCardLinks(request.getfixturevalue("database"), no_sleep)


def test_the_last_link_of_a_document_is_found(links: CardLinks) -> None:
    assert links.get(LINK.document_id) is None
    assert links.save(None, LINK)
    before = links.get(LINK.document_id)
    assert before is not None
    assert before.value == LINK
    after = replace(LINK, link_id="plink_2", amount=Money(100, "JPY"), nth=2)
    assert links.save(before, after)
    found = links.get(LINK.document_id)
    assert found is not None
    assert found.value == after
    assert links.get("e" * 32) is None


def test_of_two_who_store_a_link_at_once_the_second_is_refused(links: CardLinks) -> None:
    assert links.save(None, LINK)
    assert not links.save(None, replace(LINK, link_id="plink_2"))
    before = links.get(LINK.document_id)
    assert links.save(before, replace(LINK, link_id="plink_3", nth=2))
    assert not links.save(before, replace(LINK, link_id="plink_4", nth=2))


def test_whoever_stores_the_same_link_again_is_told_that_it_is_stored(links: CardLinks) -> None:
    assert links.save(None, LINK)
    assert links.save(None, LINK)
