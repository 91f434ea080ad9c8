"""The gate over Firestore: two instances of a function share its limits and its directory."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from shared import system
from shared.adapters.firestore.gate import gate_for
from shared.adapters.firestore.people import FirestorePeople
from shared.config import read_settings
from shared.domain.accounts import AskedTooOften, Caller, SignedOut
from shared.domain.directory import Access, Person
from shared.usecases.admit_caller import Gate

if TYPE_CHECKING:
    from google.cloud import firestore

SETTINGS = read_settings({"ADMIN_EMAILS": "Root@school.example", "RATE_PER_USER": "30", "RATE_PER_ADDRESS": "90"})
ADA, ROOT = "ada@school.example", "root@school.example"


class Standing:
    """The machine, with a clock that stands, so that no window ends within a test."""

    def __init__(self) -> None:
        self.noon = system.now()
        self.monotonic, self.sleep, self.new_id = system.monotonic, system.sleep, system.new_id

    def now(self) -> datetime:
        return self.noon


def is_admitted(gate: Gate, caller: Caller) -> bool:
    try:
        gate.admit(caller, "203.0.113.7")
    except AskedTooOften:
        return False
    return True


def test_the_limit_holds_over_two_instances(database: "firestore.Client") -> None:
    machine = Standing()
    gates = [gate_for(database, SETTINGS, machine) for _ in range(2)]
    ada = Caller("1", ADA, "user", None, machine.now())
    assert 26 <= sum(is_admitted(gates[turn % 2], ada) for turn in range(40)) <= 30
    assert is_admitted(gates[0], Caller("2", "bea@school.example", "user", None, machine.now()))


def test_roles_and_sign_outs_come_from_the_directory(database: "firestore.Client") -> None:
    machine = Standing()
    now = machine.now()
    FirestorePeople(database, system.sleep).save(
        [(None, Person(ADA, (), access=Access.USER)), (None, Person("bea@school.example", (), signed_out_at=now))]
    )
    gate = gate_for(database, SETTINGS, machine)
    assert gate.admit(Caller("1", ADA, "admin", None, now), "203.0.113.7").role == "user"
    assert gate.admit(Caller("2", ROOT, "user", None, now, role_is_claimed=False), "203.0.113.7").role == "admin"
    with pytest.raises(SignedOut):
        gate.admit(Caller("3", "bea@school.example", "admin", None, now - timedelta(seconds=1)), "203.0.113.7")
