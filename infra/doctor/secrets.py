"""Secrets: that each one that is in use holds a value. The values themselves are not read."""

from collections.abc import Iterator

from infra.doctor.deployment import Deployment
from infra.doctor.finding import Finding, missing, off, ok
from infra.doctor.google import Absent

REQUIRED = {"JWT_SECRET": "Nobody can sign in without it."}
WITH = {
    "ZOOM_CLIENT_SECRET": "ZOOM_CLIENT_ID",
    "GOOGLE_OAUTH_CLIENT_SECRET": "GOOGLE_OAUTH_CLIENT_ID",
    "OUTGOING_WEBHOOK_SECRET": "OUTGOING_WEBHOOK_URLS",
}


class Secrets:
    """Whether each secret that a function is given, or needs, has a version that is enabled."""

    key, title = "secrets", "Secrets"

    def look(self, at: Deployment) -> Iterator[Finding]:
        """See `Check`."""
        given = {variable for name in at.services for variable in at.secrets_of(name)}
        declared = sorted({variable for table in at.tables for variable in table.secrets})
        unused = []
        for variable in declared:
            has_value = _is_filled(at, at.secret_id(variable))
            is_needed = variable in REQUIRED or variable in given or bool(at.setting(WITH.get(variable, "")))
            if has_value and variable in given:
                yield ok(variable)
            elif has_value:
                yield off(f"{variable} has a value and no function is given it", f'add "{variable}" to secrets_filled and apply')
            elif is_needed:
                secret = at.secret_id(variable)
                command = f"printf %s '<the value>' | gcloud secrets versions add {secret} --data-file=- --project {at.project}"
                yield missing(f"{variable} has no value", REQUIRED.get(variable, "Functions that need it do not start."), command)
            else:
                unused.append(variable)
        if unused:
            yield off(f"not used: {', '.join(unused)}")


def _is_filled(at: Deployment, secret: str) -> bool:
    parent = f"projects/{at.project}/secrets/{secret}"
    try:
        versions = at.google.pages("secretmanager", "projects.secrets.versions.list", "versions", parent=parent)
    except Absent:
        return False
    return any(version.get("state") == "ENABLED" for version in versions)
