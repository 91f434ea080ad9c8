"""Long-running operations."""

from infra.local.simulator.operations import MOST_KEPT, StoredOperation, keep


def test_an_operation_under_way_tells_its_name_and_one_that_is_done_its_outcome() -> None:
    assert "done" not in StoredOperation("operations/o", "ada@school.example", {"@type": "x"}, 1).shown()
    done = StoredOperation("operations/o", "ada@school.example", {"@type": "x"}, 0).shown()
    assert (done["name"], done["done"], done["response"]) == ("operations/o", True, {"@type": "x"})


def test_old_operations_are_forgotten() -> None:
    kept: dict[str, StoredOperation] = {}
    for number in range(MOST_KEPT + 5):
        keep(kept, StoredOperation(str(number), "ada@school.example", {}, 0))
    assert len(kept) == MOST_KEPT
    assert min(map(int, kept)) == 5
