"""Tests of remembering what Google said."""

from shared.adapters.google.memory import Remembered


def test_what_was_put_last_under_a_name_is_remembered() -> None:
    memory = Remembered[int](2)
    memory.put("a", 1)
    memory.put("a", 2)
    assert (memory.get("a"), memory.get("b")) == (2, None)


def test_what_was_not_asked_for_the_longest_is_forgotten_first() -> None:
    memory = Remembered[int](2)
    memory.put("a", 1)
    memory.put("b", 2)
    memory.get("a")
    memory.put("c", 3)
    assert [memory.get(name) for name in "abc"] == [1, None, 3]


def test_putting_a_value_again_makes_it_the_latest() -> None:
    memory = Remembered[int](2)
    memory.put("a", 1)
    memory.put("b", 2)
    memory.put("a", 3)
    memory.put("c", 4)
    assert [memory.get(name) for name in "abc"] == [3, None, 4]
