"""A small Workspace Events: one subscription for each target, changed by operations that may take their time."""

from dataclasses import dataclass, field

from tests.shared.adapters.google.scripted import NOT_FOUND, Answer, Asked, Json, error, matches

ADA = "ada.teacher@school.example"
OWN_ID = "104820000000000000001"
TARGET = f"//cloudidentity.googleapis.com/users/{OWN_ID}"
TOPIC = "projects/example-project/topics/meet-events"
EVENT_TYPES = [
    "google.workspace.meet.conference.v2.started",
    "google.workspace.meet.conference.v2.ended",
    "google.workspace.meet.participant.v2.joined",
    "google.workspace.meet.participant.v2.left",
]


def subscription(number: int = 1, **changes: object) -> Json:
    """A subscription of Ada's as Google shows it."""
    return {
        "name": f"subscriptions/meet-{number}",
        "targetResource": TARGET,
        "eventTypes": EVENT_TYPES,
        "notificationEndpoint": {"pubsubTopic": TOPIC},
        "state": "ACTIVE",
        "expireTime": "2026-09-21T08:00:00.123456789Z",
        **changes,
    }


@dataclass
class SmallEvents:
    """Google's subscriptions by name. Operations are done after `polls` looks, and fail with `failure` (google.rpc.Status).

    With `is_naming` the refusal of a second subscription names the first.
    """

    there: dict[str, Json] = field(default_factory=dict)
    polls: int = 0
    failure: Json | None = None
    is_naming: bool = True
    running: dict[str, Json] = field(default_factory=dict)
    made: int = 1

    def holds(self, one: Json) -> str:
        """Note a subscription; answers with its name."""
        self.there[one["name"]] = one
        name: str = one["name"]
        return name

    def __call__(self, asked: Asked) -> Answer:
        if (found := matches(r"GET /v1/(operations/\w+)", asked)) is not None:
            return self._polled(found.group(1))
        if asked.path == "/v1/subscriptions":
            return self._create(asked) if asked.method == "POST" else self._list(asked)
        found = matches(r"\w+ /v1/(subscriptions/[\w-]+)(:reactivate)?", asked)
        if found is None or found.group(1) not in self.there:
            return NOT_FOUND
        return self._one(asked, self.there[found.group(1)])

    def _one(self, asked: Asked, stored: Json) -> Answer:
        match asked.method:
            case "GET":
                return 200, stored
            case "PATCH":
                stored["expireTime"] = "2026-09-28T08:00:00Z"
                return self._operation(stored)
            case "POST":
                stored["state"] = "ACTIVE"
                stored.pop("suspensionReason", None)
                return self._operation(stored)
            case _:
                del self.there[stored["name"]]
                return self._operation({})

    def _create(self, asked: Asked) -> Answer:
        for one in self.there.values():
            if one["targetResource"] == asked.body["targetResource"]:
                status, body = error(409, "Subscription already exists.", "ALREADY_EXISTS")
                if self.is_naming:
                    body["error"]["details"][0]["metadata"] = {"current_subscription": one["name"]}
                return status, body
        self.made += 1
        told = {key: value for key, value in asked.body.items() if key != "ttl"}
        fresh = subscription(self.made, **told)
        if self.failure is None:
            self.holds(fresh)
        return self._operation(fresh)

    def _list(self, asked: Asked) -> Answer:
        wanted = asked.param("filter") or ""
        found = [one for one in self.there.values() if f'target_resource="{one["targetResource"]}"' in wanted]
        return 200, {"subscriptions": found} if found else {}

    def _operation(self, outcome: Json) -> Answer:
        name = f"operations/op{len(self.running)}"
        end: Json = {"response": outcome} if self.failure is None else {"error": self.failure}
        self.running[name] = {"name": name, "done": True, **end, "left": self.polls}
        return self._shown(name)

    def _polled(self, name: str) -> Answer:
        self.running[name]["left"] -= 1
        return self._shown(name)

    def _shown(self, name: str) -> Answer:
        operation = {key: value for key, value in self.running[name].items() if key != "left"}
        return 200, operation if self.running[name]["left"] <= 0 else {"name": name}
