"""What each function loads: nothing heavy for a refusal, and no package that it does not use."""

from infra.pack import function_names
from tests.bench.figures import Bench, Figure, exactly
from tests.boot.test_modules import HEAVY, STRANGERS, USES, loaded


def measure(bench: Bench) -> list[Figure]:
    """For each function the heavy packages that it loads, and how many of them it should not."""
    figures = []
    for name in function_names():
        bench.say(f"modules: {name}")
        _, refused = loaded(name, "refused", bench.folder / f"modules-refused-{name}")
        _, composed = loaded(name, "composed", bench.folder / f"modules-composed-{name}")
        wrong = refused & (HEAVY | STRANGERS) | composed & ((HEAVY - USES[name]) | STRANGERS)
        note = f"{len(refused)} modules for a refusal, {len(composed)} composed"
        figures.append(exactly("modules", f"{name}: forbidden packages", len(wrong), 0, "packages", note))
    return figures
