"""People API v1: names and addresses of people of one's own Workspace customer; strangers are not found."""

from http import HTTPStatus

from infra.local.simulator.accounts import Account
from infra.local.simulator.calls import Call, Json, Operation
from infra.local.simulator.refusals import absent, invalid
from infra.local.simulator.world import World

MOST_NAMES = 200
_NOT_FOUND_CODE = 5
_MASKS = frozenset({"personFields", "requestMask.includeField", "sources"})
_OWN_SOURCES = {"READ_SOURCE_TYPE_PROFILE", "READ_SOURCE_TYPE_DOMAIN_CONTACT"}


class PeopleApi:
    """Serves People over a world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def operations(self) -> dict[str, Operation]:
        """What is served, by method id."""
        return {
            "people.people.get": Operation(self.person, _MASKS),
            "people.people.getBatchGet": Operation(self.batch, _MASKS | {"resourceNames"}),
        }

    def person(self, call: Call) -> Json:
        """One person."""
        fields = _fields(call)
        account = self._account(call.path["peopleId"], call.subject)
        if account is None:
            raise absent()
        return _shown(account, fields, call)

    def batch(self, call: Call) -> Json:
        """Up to 200 people in the order asked for, each with a status of its own."""
        fields = _fields(call)
        names: list[str] = call.query.get("resourceNames", [])
        if not names:
            raise invalid("Must specify at least one resource name.")
        if len(names) > MOST_NAMES:
            raise invalid(f"Number of resource names requested exceeds the maximum of {MOST_NAMES}.")
        return {"responses": [self._response(name, fields, call) for name in names]}

    def _response(self, name: str, fields: frozenset[str], call: Call) -> Json:
        if not name.startswith("people/"):
            raise invalid(f"Invalid resource name: {name!r} does not begin with people/.")
        account = self._account(name.removeprefix("people/"), call.subject)
        if account is None:
            status = {"code": _NOT_FOUND_CODE, "message": "Requested entity was not found."}
            return {"httpStatusCode": int(HTTPStatus.NOT_FOUND), "requestedResourceName": name, "status": status}
        person = _shown(account, fields, call)
        return {"httpStatusCode": int(HTTPStatus.OK), "person": person, "requestedResourceName": name}

    def _account(self, person_id: str, subject: str) -> Account | None:
        if person_id == "me":
            return self._world.accounts.seen(subject)
        account = self._world.accounts.by_id(person_id)
        return account if account is not None and self._world.resolves(account.email, subject) else None


def _fields(call: Call) -> frozenset[str]:
    """The fields asked for: either mask, both at once are refused."""
    plain, older = call.query.get("personFields", ""), call.query.get("requestMask.includeField", "")
    if plain and older:
        raise invalid("Only one of personFields and requestMask.includeField may be set.")
    if not plain and not older:
        raise invalid('personFields mask is required. Please specify one or more valid paths, such as "names".')
    names = (plain or older).split(",")
    return frozenset(name.removeprefix("person.") for name in names)


def _shown(account: Account, fields: frozenset[str], call: Call) -> Json:
    shown: Json = {"resourceName": f"people/{account.user_id}", "etag": f"%{account.user_id[-8:]}"}
    sources = call.query.get("sources")
    if sources and not _OWN_SOURCES & set(sources):
        return shown
    if "metadata" in fields:
        shown["metadata"] = {"sources": [{"type": "PROFILE", "id": account.user_id}], "objectType": "PERSON"}
    metadata = {"primary": True, "source": {"type": "DOMAIN_PROFILE", "id": account.user_id}}
    if "names" in fields:
        shown["names"] = [_name(account) | {"metadata": metadata}]
    if "emailAddresses" in fields:
        shown["emailAddresses"] = [{"metadata": metadata | {"verified": True}, "value": account.email}]
    return shown


def _name(account: Account) -> Json:
    name: Json = {"displayName": account.name, "unstructuredName": account.name, "givenName": account.given_name}
    if account.family_name:
        name |= {
            "familyName": account.family_name,
            "displayNameLastFirst": f"{account.family_name}, {account.given_name}",
        }
    return name
