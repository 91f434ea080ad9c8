"""Admin SDK Directory v1: the users of one's own Workspace customer, by id or by address."""

from http import HTTPStatus

from infra.local.simulator.accounts import Account
from infra.local.simulator.calls import Call, Json, Operation
from infra.local.simulator.refusals import Refusal, absent
from infra.local.simulator.world import World

PUBLIC_VIEW = "domain_public"


class DirectoryApi:
    """Serves the Directory over a world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def operations(self) -> dict[str, Operation]:
        """What is served, by method id."""
        return {"directory.users.get": Operation(self.user, frozenset({"viewType", "projection"}))}

    def user(self, call: Call) -> Json:
        """One user: the public view for everybody of the customer, all of it for admins."""
        is_public = call.query.get("viewType") == PUBLIC_VIEW
        if not is_public and call.subject not in self._world.knobs.admins:
            raise Refusal(HTTPStatus.FORBIDDEN, "Not Authorized to access this resource/api")
        account = self._account(call.path["userKey"])
        if account is None or not self._world.resolves(account.email, call.subject):
            raise absent("Resource Not Found: userKey")
        return _shown(account) if is_public else _shown(account) | self._for_admins(account)

    def _account(self, key: str) -> Account | None:
        return self._world.accounts.seen(key) if "@" in key else self._world.accounts.by_id(key)

    def _for_admins(self, account: Account) -> Json:
        return {
            "isAdmin": account.email in self._world.knobs.admins,
            "isDelegatedAdmin": False,
            "agreedToTerms": True,
            "suspended": False,
            "archived": False,
            "customerId": "C00simulated",
            "orgUnitPath": "/",
            "isMailboxSetup": True,
            "includeInGlobalAddressList": True,
        }


def _shown(account: Account) -> Json:
    return {
        "kind": "admin#directory#user",
        "id": account.user_id,
        "etag": f'"{account.user_id[-12:]}"',
        "primaryEmail": account.email,
        "name": {
            "givenName": account.given_name,
            "familyName": account.family_name,
            "fullName": account.name,
        },
        "emails": [{"address": account.email, "primary": True}],
    }
