"""Who asks, the project, its billing, and the APIs that have to be enabled in it."""

from collections.abc import Iterator

from infra.doctor.deployment import Deployment
from infra.doctor.finding import Finding, missing, ok
from infra.doctor.google import Absent

NEEDED = {
    "admin": "the audit log and the directory",
    "calendar-json": "bookings",
    "cloudfunctions": "the functions",
    "cloudscheduler": "the clock",
    "cloudtasks": "tasks at their time",
    "firestore": "everything that is stored",
    "iamcredentials": "acting for people of your domain without a key file",
    "logging": "logs",
    "meet": "participants of meetings",
    "monitoring": "alarms",
    "people": "who a participant is",
    "pubsub": "live joins and leaves",
    "run": "the functions",
    "secretmanager": "secrets",
    "workspaceevents": "live joins and leaves",
}


class Credentials:
    """Whether somebody is signed in."""

    key, title = "credentials", "Google Cloud sign-in"

    def look(self, at: Deployment) -> Iterator[Finding]:
        """See `Check`."""
        found = at.google.credentials()
        yield ok(f"asking as {getattr(found, 'service_account_email', None) or getattr(found, 'account', '') or 'you'}")


class Project:
    """Whether the project is there and alive."""

    key, title = "project", "Project"

    def look(self, at: Deployment) -> Iterator[Finding]:
        """See `Check`."""
        try:
            told = at.google.ask("cloudresourcemanager", "projects.get", name=f"projects/{at.project}")
        except Absent:
            told = {}
        if told.get("state") == "ACTIVE":
            yield ok(f"{at.project} is active")
        else:
            yield missing(
                f"there is no active project {at.project}",
                "Everything of Rollcall runs in one project of your own.",
                "https://console.cloud.google.com/projectcreate",
            )


class Billing:
    """Whether the project may cost something."""

    key, title = "billing", "Billing"

    def look(self, at: Deployment) -> Iterator[Finding]:
        """See `Check`."""
        told = at.google.ask("cloudbilling", "projects.getBillingInfo", name=f"projects/{at.project}")
        if told.get("billingEnabled"):
            yield ok(str(told.get("billingAccountName", "enabled")))
        else:
            yield missing(
                "no billing account is linked",
                "Without one Google runs no functions, whatever they would cost.",
                f"https://console.cloud.google.com/billing/linkedaccount?project={at.project}",
            )


class Apis:
    """Whether the APIs that Rollcall calls are enabled."""

    key, title = "apis", "APIs"

    def look(self, at: Deployment) -> Iterator[Finding]:
        """See `Check`."""
        names = [f"projects/{at.project}/services/{api}.googleapis.com" for api in sorted(NEEDED)]
        told = at.google.ask("serviceusage", "services.batchGet", parent=f"projects/{at.project}", names=names)
        enabled = {str(each["name"]).rpartition("/")[2] for each in told.get("services", []) if each.get("state") == "ENABLED"}
        lacking = [api for api in sorted(NEEDED) if f"{api}.googleapis.com" not in enabled]
        if not lacking:
            yield ok(f"all {len(NEEDED)} are enabled")
        for api in lacking:
            command = f"gcloud services enable {api}.googleapis.com --project {at.project}"
            yield missing(f"{api}.googleapis.com is not enabled", f"It is for {NEEDED[api]}.", command)
