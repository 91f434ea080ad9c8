"""Sixty-four events at the same instant on one session: none refused, none lost, none twice."""

import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from google.cloud import firestore

from tests.bench.figures import Bench, Figure, exactly
from tests.bench.ingest import PATH
from tests.bench.load import code_of
from tests.bench.served import Server, environment, packed, serving
from tests.bench.store import book, class_on, client_of, house_over, new_project

AT_ONCE = 64


def measure(bench: Bench) -> list[Figure]:
    """Several bursts, each on a session of its own and told twice; then what the store holds after one tick."""
    rounds = bench.rounds()
    client = client_of(bench.host, project := new_project("burst"))
    book(client, [class_on(room, AT_ONCE) for room in range(rounds)])
    first, again = Counter[str](), Counter[str]()
    with serving(packed(bench, "webhook"), environment(bench, project)) as server:
        for room in range(rounds):
            bench.say(f"hot: burst {room + 1} of {rounds}")
            events = [_event(room, number) for number in range(AT_ONCE)]
            first += _at_once(server, events)
            again += _at_once(server, events)
    held = _held(client, rounds)
    wanted = rounds * AT_ONCE
    note = f"{rounds} bursts of {AT_ONCE}"
    return [
        exactly("hot", "events at once on one session that failed", wanted - first["success"], 0, "events", note),
        exactly("hot", "told again and not known", wanted - again["duplicate"], 0, "events", note),
        exactly("hot", "lost or twice in the log", abs(held["evidence"] - wanted), 0, "events", note),
        exactly("hot", "lost or twice in the session after one tick", abs(held["joins"] - wanted), 0, "events", note),
        exactly("hot", "attendance rows too few or too many", abs(held["rows"] - wanted), 0, "rows", note),
        exactly("hot", "still pending after one tick", held["pending"], 0, "events", note),
    ]


def _event(room: int, number: int) -> bytes:
    told = {
        "meetingId": code_of(room),
        "participantEmail": f"p{number}@school.example",
        "eventType": "join",
        "timestamp": (datetime.now(UTC) - timedelta(minutes=10)).isoformat(),
        "eventId": f"burst-{room}-{number}",
    }
    return json.dumps(told).encode()


def _at_once(server: Server, events: list[bytes]) -> Counter[str]:
    """Send all at the same instant; what they were answered, by status word, or by code where it is not 200."""
    ready = threading.Barrier(len(events))

    def send(body: bytes) -> str:
        ready.wait(30)
        status, answer = server.ask("POST", PATH, body)
        return str(json.loads(answer)["status"]) if status == 200 else f"HTTP {status}"

    with ThreadPoolExecutor(len(events)) as pool:
        return Counter(pool.map(send, events))


def _held(client: firestore.Client, rounds: int) -> dict[str, int]:
    """What is stored once the tick has folded what no request did."""
    house = house_over(client, datetime.now(UTC) + timedelta(minutes=2))
    house.tick()
    sessions = house.sessions.get_many([class_on(room).session_id for room in range(rounds)])
    return {
        "evidence": len(list(client.collection("evidence").stream())),
        "pending": len(list(client.collection("pending").stream())),
        "rows": len(list(client.collection("attendance").stream())),
        "joins": sum(len(heard.joins) for session in sessions.values() for heard in session.heard.values()),
    }
