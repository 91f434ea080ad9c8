"""What a function loads: a refused request pays for nothing, and no function ever loads what it does not use.

Each import is a part of a cold start, so the tables below are the promise and the processes here hold to it.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from infra.pack import function_names, is_service
from tests.boot.unpacked import BIN, SETTINGS, routes_of, unpack

FUNCTIONS = [name for name in function_names() if not is_service(name)]
NOWHERE = "127.0.0.1:1"
STRANGERS = frozenset({"aiohttp", "httpx", "socketio", "redis", "numpy", "pandas", "hypothesis", "pytest", "infra", "tests"})
HEAVY = frozenset({"googleapiclient", "google.cloud.tasks_v2", "google.cloud.firestore", "pydantic", "grpc"})

# What each composed function may load of the heavy packages; anything else of them is a mistake in its wiring.
USES = {
    "attendance": frozenset({"google.cloud.firestore", "grpc", "pydantic"}),
    "billing": HEAVY - {"googleapiclient"},
    "dashboard": frozenset(),
    "housekeeping": HEAVY,
    "meet_push": HEAVY,
    "meet_sync": HEAVY,
    "monitor_tick": HEAVY,
    "monitoring": frozenset({"google.cloud.firestore", "grpc", "pydantic"}),
    "openapi": frozenset(),
    "people": HEAVY - {"google.cloud.tasks_v2"},
    "privacy": frozenset({"google.cloud.firestore", "grpc", "pydantic"}),
    "register": frozenset({"google.cloud.firestore", "grpc", "pydantic"}),
    "schedule": HEAVY,
    "user_sessions": frozenset({"google.cloud.firestore", "grpc", "pydantic"}),
    "webhook": frozenset({"google.cloud.firestore", "grpc"}),
}

PROBE = """
import json, sys
name, what, asked = sys.argv[1:]
sys.path.insert(0, ".")
import functions_framework
client = functions_framework.create_app(name, "main.py").test_client()
statuses = [client.open(path, method=method).status_code for method, path in json.loads(asked)]
if what == "composed":
    import importlib
    importlib.import_module(f"functions.{name}.doors")
    importlib.import_module(f"functions.{name}.wiring").wire()
print(json.dumps({"statuses": statuses, "modules": sorted(sys.modules)}))
"""


def loaded(name: str, what: str, folder: Path) -> tuple[list[int], set[str]]:
    """The statuses of one request to every closed route and one to nowhere, and the modules loaded after them.

    `what` is `refused`, or `composed` for a function that has also been composed, as its first good request does it.
    """
    asked = [(r["method"], r["path"].replace("{", "").replace("}", "")) for r in routes_of(name) if r["caller"] != "anyone"]
    env = {
        "PATH": f"{BIN}:/usr/bin:/bin",
        "HOME": str(folder),
        "FIRESTORE_EMULATOR_HOST": NOWHERE,
        "CLOUD_TASKS_ENDPOINT": f"http://{NOWHERE}",
        "GOOGLE_API_ENDPOINT": f"http://{NOWHERE}",
        "MONITOR_TICK_URL": f"http://{NOWHERE}/tick",
        "MEET_SYNC_URL": f"http://{NOWHERE}/sync",
        "MEET_PUSH_URL": f"http://{NOWHERE}/push",
        "HOUSEKEEPING_URL": f"http://{NOWHERE}/housekeeping",
        "PUSH_SERVICE_ACCOUNT": "push@demo-rollcall.iam.gserviceaccount.com",
        "TASKS_SERVICE_ACCOUNT": "tasks@demo-rollcall.iam.gserviceaccount.com",
        "SCHEDULER_SERVICE_ACCOUNT": "scheduler@demo-rollcall.iam.gserviceaccount.com",
        **SETTINGS,
    }
    command = [sys.executable, "-c", PROBE, name, what, json.dumps([*asked, ("GET", "/no/such/thing")])]
    ran = subprocess.run(command, cwd=unpack(name, folder), env=env, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout.splitlines()[-1])
    return told["statuses"], set(told["modules"])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_refusal_loads_nothing_heavy(name: str, tmp_path: Path) -> None:
    statuses, modules = loaded(name, "refused", tmp_path)
    assert set(statuses) <= {401, 404}
    assert not modules & (HEAVY | STRANGERS)
    assert not any(module.startswith("shared.adapters") for module in modules)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_composed_function_loads_only_what_it_uses(name: str, tmp_path: Path) -> None:
    _, modules = loaded(name, "composed", tmp_path)
    assert modules & HEAVY <= USES[name]
    assert not modules & STRANGERS


def test_every_function_is_in_the_table_of_uses() -> None:
    assert sorted(USES) == FUNCTIONS
