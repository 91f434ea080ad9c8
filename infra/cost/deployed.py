"""What is deployed and counted by its mere being there, from the functions' own tables."""

import json
from pathlib import Path
from typing import Any

from infra.cost.month import Deployed
from infra.local.settings import REPOSITORY

# The job that has Firestore export the list of the forgotten (infra/cloud/backups.tf).
JOBS_OF_BACKUPS = 1


def deployed(functions: Path = REPOSITORY / "functions") -> Deployed:
    """Read every function.json."""
    tables: list[dict[str, Any]] = [json.loads(path.read_text("utf-8")) for path in sorted(functions.glob("*/function.json"))]
    services = [table for table in tables if table["trigger"]["kind"] == "service"]
    return Deployed(
        functions=len(tables),
        jobs=sum(table["trigger"]["kind"] == "schedule" for table in tables) + JOBS_OF_BACKUPS,
        secrets=len({name for table in tables for name in table["secrets"]}),
        secret_references=sum(len(table["secrets"]) for table in tables),
        gateway_mib=max(table["memory_mib"] for table in services),
        waiting_mib=tuple(table["memory_mib"] for table in tables for _ in range(table["min_instances"])),
    )
