"""What a check found, and what a check is."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

P_contra = TypeVar("P_contra", contravariant=True)


class Verdict(StrEnum):
    """What a finding amounts to. `OFF` is a part that nobody switched on, `UNKNOWN` one that could not be asked."""

    OK = "ok"
    OFF = "off"
    ADVICE = "advice"
    UNKNOWN = "unknown"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is so, and where it is not as it should be, why that matters and the very command or link that mends it."""

    verdict: Verdict
    told: str
    why: str = ""
    remedy: str = ""


class Check(Protocol[P_contra]):
    """One thing to look at. `key` names it in the README, `title` in the report."""

    key: str
    title: str

    def look(self, at: P_contra) -> Iterator[Finding]:
        """What is found; raises `CannotAsk` where it cannot be found out."""


class CannotAsk(Exception):
    """Something could not be found out; `remedy` says what would let it be asked."""

    def __init__(self, told: str, remedy: str = "") -> None:
        super().__init__(told)
        self.told = told
        self.remedy = remedy


def ok(told: str) -> Finding:
    """Something that is as it should be."""
    return Finding(Verdict.OK, told)


def off(told: str, remedy: str = "") -> Finding:
    """A part that is not used; `remedy` says how to switch it on."""
    return Finding(Verdict.OFF, told, remedy=remedy)


def advice(told: str, why: str, remedy: str) -> Finding:
    """Something that works, and would be better otherwise."""
    return Finding(Verdict.ADVICE, told, why, remedy)


def missing(told: str, why: str, remedy: str) -> Finding:
    """Something without which it does not work."""
    return Finding(Verdict.MISSING, told, why, remedy)


def outcome(check: Check[P_contra], at: P_contra) -> list[Finding]:
    """What one check finds; what it could not ask is a finding too."""
    try:
        return list(check.look(at))
    except CannotAsk as away:
        return [Finding(Verdict.UNKNOWN, away.told, remedy=away.remedy)]
