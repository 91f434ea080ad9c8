"""Taking in events: our function against the least that validates and stores, spread over many sessions and on one."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from google.cloud import firestore

from tests.bench.counting import counting
from tests.bench.figures import Bench, Figure, at_most, exactly, ratio, told
from tests.bench.load import Job, Load, run
from tests.bench.served import cpu_ms, environment, packed, reference, serving
from tests.bench.store import book, class_on, client_of, new_project

PATH = "/api/webhook/meet-events"
ROOMS = 100
HOT_PEOPLE = 200
COUNTED = 800


@dataclass(frozen=True, slots=True)
class Round:
    """One round of one target; `cpu_ms` is the worker's processor time for each request."""

    load: Load
    cpu_ms: float


def _database(host: str, rooms: int, people: int = 40) -> tuple[str, firestore.Client]:
    """A new project with so many classes that are on."""
    project = new_project("ingest")
    client = client_of(host, project)
    book(client, [class_on(room, people) for room in range(rooms)])
    return project, client


def measure(bench: Bench) -> list[Figure]:
    """Rates round by round, then the counts."""
    rounds = _rounds(bench)
    failed = sum(each.load.failed for of_one in rounds.values() for each in of_one)
    rates = {name: [each.load.per_second for each in of_one] for name, of_one in rounds.items()}
    figures = [
        ratio("ingest", "with its inline fold, of validate + create", rates["folding"], rates["reference"], ">= 0.6"),
        ratio("ingest", "FOLD_INLINE=off, of validate + create", rates["storing"], rates["reference"], ">= 0.9"),
        exactly("ingest", "requests that failed", failed, 0, "requests"),
    ]
    for name, of_one in rounds.items():
        p50, p99 = median(each.load.p50_ms for each in of_one), median(each.load.p99_ms for each in of_one)
        cpu = median(each.cpu_ms for each in of_one)
        note = f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, {cpu:.2f} ms of processor time a request"
        figures.append(told("ingest", f"rate at 8 connections, {name}", median(rates[name]), "req/s", note))
    hot_note = f"{HOT_PEOPLE} people in the one session, a new session each round"
    hot = ratio("hot", "one session, of 100 sessions", rates["hot"], rates["folding"], ">= 0.9", hot_note)
    return [*figures, *_counts(bench), hot]


def _rounds(bench: Bench) -> dict[str, list[Round]]:
    """Rounds by target; the targets take turns, each with a server and a database of its own."""
    seconds, count = (1.5, bench.rounds()) if bench.is_quick else (2.5, bench.rounds())
    with ExitStack() as stack:
        targets: dict[str, Callable[[int], Job]] = {}
        workers: dict[str, int] = {}
        for name, fold in (("folding", "on"), ("storing", "off"), ("hot", "on")):
            rooms = count + 1 if name == "hot" else ROOMS
            project, _ = _database(bench.host, rooms, HOT_PEOPLE if name == "hot" else 40)
            server = stack.enter_context(serving(packed(bench, "webhook"), environment(bench, project, FOLD_INLINE=fold)))
            targets[name] = _jobs(name, server.port, PATH, seconds)
            workers[name] = server.worker
        server = stack.enter_context(serving(reference(bench, "create"), environment(bench, new_project("create"))))
        targets["reference"], workers["reference"] = _jobs("reference", server.port, "/", seconds), server.worker
        for job in targets.values():
            run(job(0))
        rounds: dict[str, list[Round]] = {name: [] for name in targets}
        for number in range(1, count + 1):
            for name, job in targets.items():
                before = cpu_ms(workers[name])
                load = run(job(number))
                rounds[name].append(Round(load, (cpu_ms(workers[name]) - before) / load.sent))
            bench.say(
                f"ingest: round {number}: " + ", ".join(f"{n} {each[-1].load.per_second:.0f}/s" for n, each in rounds.items())
            )
        return rounds


def _jobs(name: str, port: int, path: str, seconds: float) -> Callable[[int], Job]:
    """The job of a numbered round; a hot round has a session of its own."""

    def job(number: int) -> Job:
        mark = f"{name}-{number}"
        if name == "hot":
            return Job(port, path, seconds, mark, first_room=number, rooms=1, people=HOT_PEOPLE)
        return Job(port, path, seconds, mark, rooms=ROOMS)

    return job


def _counts(bench: Bench) -> list[Figure]:
    """What one event costs the store, as it goes over the wire."""
    figures: list[Figure] = []
    with counting(bench.host) as counts:
        for name, fold, connections in (("storing", "off", 8), ("folding one by one", "on", 1), ("folding at 8", "on", 8)):
            bench.say(f"ingest: counting calls, {name}")
            project, _ = _database(bench.host, ROOMS)
            env = environment(bench, project, FOLD_INLINE=fold, FIRESTORE_EMULATOR_HOST=counts.host)
            with serving(packed(bench, "webhook"), env) as server:
                settled = Job(server.port, PATH, 30, "first", connections, most=ROOMS, warm_seconds=0)
                run(settled)
                counts.reset()
                run(Job(server.port, PATH, 60, "counted", connections, most=COUNTED, warm_seconds=0))
            commits = counts.calls["Commit"] / COUNTED
            wrote = ", ".join(f"{each / COUNTED:.2f} {collection}" for collection, each in sorted(counts.written.items()))
            one = counts.acknowledged / COUNTED
            figures.append(exactly("ingest", f"commits an event waits for to be safe, {name}", one, 1, "commits"))
            limit = 1.0 if fold == "off" else 2.0
            figures.append(at_most("ingest", f"all commits per event, {name}", commits, limit, "commits"))
            figures.append(told("ingest", f"documents per event, {name}", counts.written.total() / COUNTED, "docs", wrote))
            figures.append(at_most("ingest", f"documents read per event, {name}", counts.read / COUNTED, 0.3, "docs"))
    return figures
