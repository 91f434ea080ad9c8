"""The control path of Google's sign-in: what its button hands to a page when somebody signs in there."""

from http import HTTPStatus
from typing import Any, Protocol

from starlette.requests import Request
from starlette.routing import Route

from infra.local.simulator.doors import door, read_order
from infra.local.simulator.orders import SignIn
from infra.local.simulator.refusals import Impossible
from infra.local.simulator.world import World

PATH = "/_sim/sign-in"
CLIENT_ID = "rollcall-local.apps.googleusercontent.com"
"""The web application that people sign in to, unless another is asked for."""


class IssueIdToken(Protocol):
    """Signs what Google says about a person, as whoever verifies it can check."""

    def __call__(self, *, email: str, name: str, audience: str) -> str:
        """An ID token, good for an hour."""


class SignInControl:
    """Serves `/_sim/sign-in`. Without somebody to sign, as when the simulator runs alone, nobody signs in."""

    def __init__(self, world: World, issue: IssueIdToken | None) -> None:
        self._world = world
        self._issue = issue

    def routes(self) -> list[Route]:
        """The routes."""
        return [Route(PATH, door(self._world, self.sign_in), methods=["POST"])]

    async def sign_in(self, request: Request) -> dict[str, Any]:
        """Somebody signs in with their Google account: the same one that joins meetings."""
        order = await read_order(request, SignIn)
        if self._issue is None:
            raise Impossible(HTTPStatus.CONFLICT, "credential", "nobody signs here; use the simulator of a whole stack")
        account = self._world.accounts.seen(order.email, order.display_name)
        credential = self._issue(email=account.email, name=account.name, audience=order.audience or CLIENT_ID)
        return {"credential": credential, "user_id": account.user_id}
