"""Accounts and their ids."""

from infra.local.simulator.accounts import Accounts, user_id_of
from tests.infra.local.simulator.running import STUDENT


def test_an_address_has_the_same_id_of_21_digits_in_every_run_and_in_any_case() -> None:
    assert user_id_of("Ben.Student@School.Example") == user_id_of(STUDENT) == "129895563995887052929"


def test_an_id_alone_says_nothing_until_its_address_was_seen() -> None:
    accounts = Accounts()
    assert accounts.by_id(user_id_of(STUDENT)) is None
    accounts.seen(STUDENT.upper())
    account = accounts.by_id(user_id_of(STUDENT))
    assert account is not None
    assert account.email == STUDENT


def test_a_name_is_guessed_until_it_is_told() -> None:
    accounts = Accounts()
    assert accounts.seen("ada.de-vries@school.example").name == "Ada De Vries"
    assert accounts.seen("ada.de-vries@school.example", "Ada de Vries").family_name == "Vries"
    assert accounts.seen("ada.de-vries@school.example").name == "Ada de Vries"


def test_a_name_of_one_word_is_a_given_name() -> None:
    account = Accounts().seen("ben@school.example")
    assert (account.given_name, account.family_name) == ("Ben", "")
