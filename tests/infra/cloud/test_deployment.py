"""What Terraform would make: least privilege, one caller for each inner door, every variable, index, clock and path in its place.

Terraform itself plans it, from the configuration as it is, with the provider's schema and no Google (infra/cloud/offline).
"""

import itertools
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from croniter import croniter

from infra.cloud.offline.terraform import ROOT, Terraform, TerraformError
from infra.local.manifest import owner_of, read_functions
from infra.pack import _own_files, _reached
from shared.adapters.tasks import DEADLINES
from shared.config import read_settings
from shared.ports import TaskKind
from shared.usecases.run_tick import BUDGET
from tests.infra.cloud.planned import DOMAIN, FUNCTIONS, INNER, PROJECT, SECRETS, TABLES, VARIABLES, Plan, account, url_of

EVERYTHING = sorted(TABLES)
INDEXES = json.loads((ROOT / "infra" / "firestore.indexes.json").read_text("utf-8"))
TASKS, SCHEDULER, PUSH = account("caller-tasks"), account("caller-scheduler"), account("caller-push")
CALLERS = {"task": TASKS, "scheduler": SCHEDULER, "push": PUSH}
BROAD = re.compile(r"roles/(owner|editor|viewer|browser|datastore\.(owner|user)|.*[aA]dmin)$")


def callers(name: str) -> set[str]:
    return {route["caller"] for route in TABLES[name]["routes"]}


def is_inner(name: str) -> bool:
    return bool(callers(name)) and callers(name) <= INNER


# --- the configuration itself


def test_it_keeps_to_the_providers_schema(terraform: Terraform) -> None:
    assert "valid" in terraform("validate", "-no-color")


def test_the_schema_that_it_is_held_to_refuses_what_google_does_not_know(terraform: Terraform) -> None:
    wrong = terraform.folder / "wrong.tf"
    topic = 'resource "google_pubsub_topic" "x" {\n  name  = "x"\n  bogus = 1\n}\n'
    queue = 'resource "google_cloud_tasks_queue" "y" {\n  name = "y"\n}\n'
    wrong.write_text(topic + queue)
    try:
        with pytest.raises(TerraformError) as refused:
            terraform("validate", "-no-color")
    finally:
        wrong.unlink()
    assert 'An argument named "bogus" is not expected here' in str(refused.value)
    assert 'The argument "location" is required' in str(refused.value)


def test_it_is_formatted(terraform: Terraform) -> None:
    assert terraform("fmt", "-check", "-recursive", str(ROOT / "infra" / "cloud")) == ""


RELEASE = VARIABLES["release"]


@pytest.mark.parametrize(
    ("changes", "complaints"),
    [
        (
            {
                "domain": "https://rollcall.school.example/",
                "admin_emails": [],
                "alert_emails": [],
                "extra_origins": ["https://*.school.example"],
                "release": {**RELEASE, "images": {"realtime": "x/realtime:latest"}, "objects": {"webhook": "webhook.zip"}},
            },
            {
                "write a bare host name",
                "name at least one e-mail address",
                "name at least one address",
                "write exact origins",
                "name an image by its digest",
                "each archive is named by its content",
            },
        ),
        (
            {"settings": {"ROLLCALL_AUTH": "open", "POLL_SECOND": "5"}, "secrets_filled": ["JWT"]},
            {"sets, POLL_SECOND, ROLLCALL_AUTH.", "without JWT_SECRET nobody can sign in", "no function declares JWT."},
        ),
        ({"release": {**RELEASE, "objects": {}}}, {"has no archive of webhook"}),
    ],
)
def test_what_is_told_wrongly_is_refused_with_a_remedy(
    terraform: Terraform, changes: dict[str, Any], complaints: set[str]
) -> None:
    with pytest.raises(TerraformError) as refused:
        terraform.plan({**VARIABLES, **changes})
    assert {complaint for complaint in complaints if complaint not in " ".join(str(refused.value).split())} == set()


# --- functions


def test_everything_in_functions_is_deployed(plan: Plan) -> None:
    assert sorted(map(str, plan.of("google_cloudfunctions2_function"))) == FUNCTIONS
    assert sorted(map(str, plan.of("google_cloud_run_v2_service"))) == sorted(TABLES.keys() - set(FUNCTIONS))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_its_table_in_the_cloud(plan: Plan, name: str) -> None:
    table, values = TABLES[name], plan.of("google_cloudfunctions2_function")[name]
    config, build = values["service_config"][0], values["build_config"][0]
    assert (build["runtime"], build["entry_point"]) == ("python311", name)
    assert build["source"][0]["storage_source"][0]["object"] == VARIABLES["release"]["objects"][name]
    assert config["available_memory"] == f"{table['memory_mib']}Mi"
    assert config["timeout_seconds"] == table["timeout_s"]
    assert (config["min_instance_count"], config["max_instance_count"]) == (table["min_instances"], table["max_instances"])
    assert 0 < config["max_instance_count"] <= 100
    assert config["max_instance_request_concurrency"] == table["concurrency"]
    assert int(plan.environment(name)["THREADS"]) >= table["concurrency"]


def test_the_gateway_keeps_a_browser_at_its_instance(plan: Plan) -> None:
    template = plan.of("google_cloud_run_v2_service")["realtime"]["template"][0]
    assert template["session_affinity"] is True
    assert template["scaling"][0]["max_instance_count"] == TABLES["realtime"]["max_instances"]
    assert template["timeout"] == "3600s"
    assert "@sha256:" in template["containers"][0]["image"]


def test_the_webhook_has_an_instance_ready_and_a_deployment_to_try_things_has_none(terraform: Terraform, plan: Plan) -> None:
    kind = "google_cloudfunctions2_function"
    assert plan.of(kind)["webhook"]["service_config"][0]["min_instance_count"] >= 1
    idle = Plan(terraform.plan({**VARIABLES, "warm": False}))
    assert {values["service_config"][0]["min_instance_count"] for values in idle.of(kind).values()} == {0}


# --- environments


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_function_is_told_what_its_table_declares_and_nothing_else(plan: Plan, name: str) -> None:
    always = {"GOOGLE_CLOUD_PROJECT"} | ({"THREADS"} if name in FUNCTIONS else set())
    assert plan.environment(name).keys() - always <= set(TABLES[name]["environment"])
    assert always <= plan.environment(name).keys()


@pytest.mark.parametrize("name", EVERYTHING)
def test_what_is_told_can_be_read_by_the_code(plan: Plan, name: str) -> None:
    told = read_settings({"K_SERVICE": name, **plan.environment(name)})
    assert told.project == PROJECT
    assert not told.is_open


def test_every_declared_variable_is_known_to_the_code_and_comes_from_somewhere(terraform: Terraform, plan: Plan) -> None:
    """From Terraform; or, where the code has a default, from `settings`. ROLLCALL_AUTH alone is never set."""
    declared = {variable for table in TABLES.values() for variable in table["environment"]}
    read = set(re.findall(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"', (ROOT / "shared" / "config.py").read_text("utf-8")))
    assert declared <= read
    told = {variable for name in EVERYTHING for variable in plan.environment(name)}
    values = dict.fromkeys(declared - told - {"ROLLCALL_AUTH"}, "1")
    full = Plan(terraform.plan({**VARIABLES, "settings": {**VARIABLES["settings"], **values}}))
    for name in EVERYTHING:
        assert set(TABLES[name]["environment"]) - {"ROLLCALL_AUTH"} <= full.environment(name).keys()


def test_functions_that_plan_tasks_know_where_they_go(plan: Plan) -> None:
    for name in EVERYTHING:
        environment = plan.environment(name)
        for variable in [
            variable
            for variable in TABLES[name]["environment"]
            if re.fullmatch(r"(MONITOR_TICK|MEET_SYNC|HOUSEKEEPING|BILLING|MEET_PUSH)_URL", variable)
        ]:
            assert environment[variable] == url_of(variable.removesuffix("_URL").lower())
        if "TASKS_QUEUE" in environment:
            queue = plan.one("google_cloud_tasks_queue")
            assert (environment["TASKS_QUEUE"], environment["TASKS_LOCATION"]) == (queue["name"], queue["location"])
            assert environment["TASKS_SERVICE_ACCOUNT"] == TASKS


# --- accounts and rights


def test_each_function_has_an_account_of_its_own(plan: Plan) -> None:
    accounts = [values["account_id"] for values in plan.all("google_service_account")]
    assert {f"fn-{name.replace('_', '-')}" for name in TABLES} <= set(accounts)
    assert len(accounts) == len(set(accounts))
    assert all(6 <= len(each) <= 30 for each in accounts)


def test_no_broad_role_is_given_to_anybody(plan: Plan) -> None:
    kinds = {one.kind for one in plan.resources if one.kind.endswith("_iam_member")}
    # a role of our own is known by its name only once it is made
    given = {one.get("role", "our own") for kind in kinds for one in plan.all(kind)}
    assert {role for role in given if BROAD.match(role)} == set()
    assert len(given) > 5


def test_only_what_belongs_to_everybody_is_open_to_everybody(plan: Plan) -> None:
    for name in EVERYTHING:
        if is_inner(name):
            assert plan.invokers(name) == {f"serviceAccount:{CALLERS[caller]}" for caller in callers(name)}
        else:
            assert plan.invokers(name) == {"allUsers"}
            assert TABLES[name]["trigger"]["public"] is True
    kinds = {one.kind for one in plan.resources if one.kind.endswith("_iam_member")} - {"google_cloud_run_v2_service_iam_member"}
    assert not [one for kind in kinds for one in plan.all(kind) if one.get("member") in ("allUsers", "allAuthenticatedUsers")]


def test_inner_functions_cannot_be_reached_from_outside_and_public_ones_only_by_the_one_address(plan: Plan) -> None:
    for name in FUNCTIONS:
        ingress = plan.of("google_cloudfunctions2_function")[name]["service_config"][0]["ingress_settings"]
        assert ingress == ("ALLOW_INTERNAL_ONLY" if is_inner(name) else "ALLOW_INTERNAL_AND_GCLB")
    assert plan.of("google_cloud_run_v2_service")["realtime"]["ingress"] == "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"


@pytest.mark.parametrize("name", EVERYTHING)
def test_documents_are_reached_by_who_uses_them(plan: Plan, name: str) -> None:
    folder = ROOT / "functions" / name
    _, foreign = _reached(ROOT, [path for path in _own_files(folder) if path.suffix == ".py"])
    uses = any(module.startswith("google.cloud.firestore") for module in foreign)
    assert (name in plan.of("google_project_iam_member", "store")) == uses


def test_the_right_to_documents_is_no_more_than_that(plan: Plan) -> None:
    role = plan.one("google_project_iam_custom_role", "store")
    assert {each.rpartition(".")[0] for each in role["permissions"]} == {"datastore.databases", "datastore.entities"}
    assert [each for each in role["permissions"] if each.startswith("datastore.databases")] == ["datastore.databases.get"]


@pytest.mark.parametrize("name", EVERYTHING)
def test_tasks_are_planned_by_who_is_told_of_the_queue(plan: Plan, name: str) -> None:
    uses = "TASKS_QUEUE" in TABLES[name]["environment"]
    assert (name in plan.of("google_cloud_tasks_queue_iam_member")) == uses
    assert (name in plan.of("google_service_account_iam_member", "task_caller")) == uses


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_function_reads_its_own_secrets_alone(plan: Plan, name: str) -> None:
    readers = plan.of("google_secret_manager_secret_iam_member")
    assert {str(key).split()[1] for key in readers if str(key).split()[0] == name} == set(TABLES[name]["secrets"])


def test_whoever_uses_neither_delegation_nor_grants_has_no_right_to_them(terraform: Terraform) -> None:
    plain = Plan(terraform.plan({**VARIABLES, "use_delegation": False, "use_grants": False}))
    assert plain.of("google_service_account_iam_member", "signer") == {}
    assert plain.of("google_project_iam_member", "grants") == {}
    assert not {"GOOGLE_SERVICE_ACCOUNT", "GOOGLE_GRANTS"} & set().union(*(plain.environment(name) for name in EVERYTHING))
    assert "google-delegate" not in {values["account_id"] for values in plain.all("google_service_account")}


def test_grants_are_the_only_secrets_that_are_known_by_the_beginning_of_their_names(plan: Plan) -> None:
    grants = plan.of("google_project_iam_member", "grants")
    assert grants.keys() == {name for name in TABLES if "GOOGLE_GRANTS" in TABLES[name]["environment"]}
    for binding in grants.values():
        assert 'secrets/rollcall-grant-")' in binding["condition"][0]["expression"]


# --- secrets


def test_secrets_are_made_empty_and_given_by_reference(plan: Plan) -> None:
    assert sorted(map(str, plan.of("google_secret_manager_secret"))) == SECRETS
    assert not plan.all("google_secret_manager_secret_version")
    for name in EVERYTHING:
        assert plan.secrets(name) == {variable: variable.lower().replace("_", "-") for variable in TABLES[name]["secrets"]}
        assert not plan.environment(name).keys() & set(SECRETS)


def test_a_secret_without_a_value_is_given_to_nobody(terraform: Terraform) -> None:
    """Else a function that names it would not start."""
    first = Plan(terraform.plan({**VARIABLES, "secrets_filled": ["JWT_SECRET"]}))
    assert sorted(map(str, first.of("google_secret_manager_secret"))) == SECRETS
    assert set().union(*(first.secrets(name) for name in EVERYTHING)) == {"JWT_SECRET"}


# --- clocks, queue, pushes


def test_a_job_is_given_up_after_its_function_would_be_and_comes_again(plan: Plan) -> None:
    jobs = plan.of("google_cloud_scheduler_job", "this")
    assert jobs.keys() == {name for name, table in TABLES.items() if table["trigger"]["kind"] == "schedule"}
    for name, job in jobs.items():
        assert croniter.is_valid(job["schedule"])
        assert len(job["schedule"].split()) == 5
        deadline = int(job["attempt_deadline"].removesuffix("s"))
        assert TABLES[str(name)]["timeout_s"] < deadline <= 1800
        (target,) = job["http_target"]
        assert (target["http_method"], job["time_zone"]) == ("POST", "Etc/UTC")
        routes = {route["path"] for route in TABLES[str(name)]["routes"] if route["caller"] == "scheduler"}
        assert target["uri"].removeprefix(url_of(str(name))) in routes
        assert target["oidc_token"][0]["audience"] == url_of(str(name))


def test_a_tick_stops_by_itself_long_before_it_is_stopped() -> None:
    assert timedelta(seconds=TABLES["monitor_tick"]["timeout_s"]) >= 2 * BUDGET


def test_a_task_is_given_up_after_its_function_would_be(plan: Plan) -> None:
    """The queue waits for an answer as long as the code asks it to, which is no longer than the function may take."""
    where = {
        TaskKind.CLASS_DUE: "monitor_tick",
        TaskKind.ISSUE: "billing",
        TaskKind.SYNC: "meet_sync",
        TaskKind.LOOK: "meet_sync",
        TaskKind.STAFF_CHECK: "meet_sync",
    }
    for kind, deadline in DEADLINES.items():
        timeout = plan.of("google_cloudfunctions2_function")[where.get(kind, "housekeeping")]["service_config"][0][
            "timeout_seconds"
        ]
        assert deadline <= timedelta(seconds=timeout), kind


def test_the_queue_tries_again_for_a_day_and_knows_its_pace(plan: Plan) -> None:
    queue = plan.one("google_cloud_tasks_queue")
    (retry,), (rates,) = queue["retry_config"], queue["rate_limits"]
    assert (retry["max_attempts"], retry["max_retry_duration"]) == (-1, "86400s")
    assert 0 < rates["max_dispatches_per_second"] <= 500
    assert 0 < rates["max_concurrent_dispatches"] <= 5000


def test_meet_may_publish_and_nobody_else(plan: Plan) -> None:
    members = {(each["role"], each["member"]) for each in plan.of("google_pubsub_topic_iam_member", "meet").values()}
    assert members == {("roles/pubsub.publisher", "serviceAccount:meet-api-event-push@system.gserviceaccount.com")}
    topic = plan.one("google_pubsub_topic", "meet_events")["name"]
    assert plan.environment("schedule")["MEET_EVENTS_TOPIC"] == f"projects/{PROJECT}/topics/{topic}"


def test_pushes_carry_a_token_for_their_function_and_are_kept_when_nobody_takes_them(plan: Plan) -> None:
    push = plan.of("google_pubsub_subscription", "push")["meet_push"]
    (config,) = push["push_config"]
    assert config["push_endpoint"] == f"{url_of('meet_push')}/api/webhook/workspace-events"
    assert config["oidc_token"][0]["audience"] == plan.environment("meet_push")["MEET_PUSH_URL"]
    assert plan.environment("meet_push")["PUSH_SERVICE_ACCOUNT"] == PUSH
    assert push["dead_letter_policy"][0]["max_delivery_attempts"] >= 5
    assert push["ack_deadline_seconds"] >= TABLES["meet_push"]["timeout_s"]
    assert push["expiration_policy"] == [{"ttl": ""}]
    assert plan.one("google_pubsub_subscription", "undelivered")["message_retention_duration"] == "2678400s"


# --- the database


def test_the_database_can_be_had_back_and_not_be_deleted(plan: Plan) -> None:
    database = plan.one("google_firestore_database")
    assert database["type"] == "FIRESTORE_NATIVE"
    assert database["point_in_time_recovery_enablement"] == "POINT_IN_TIME_RECOVERY_ENABLED"
    assert database["delete_protection_state"] == "DELETE_PROTECTION_ENABLED"


def test_backups_are_taken_by_themselves_and_go_when_the_privacy_notice_says_so(plan: Plan) -> None:
    days = sorted(int(each["retention"].removesuffix("s")) // 86400 for each in plan.all("google_firestore_backup_schedule"))
    assert days == [7, 56]
    shelves = plan.of("google_storage_bucket", "shelf")
    assert {name: each["lifecycle_rule"][0]["condition"][0]["age"] for name, each in shelves.items()} == {
        "backups": 56,
        "forgotten": 7,
    }
    for each in shelves.values():
        assert (each["public_access_prevention"], each["uniform_bucket_level_access"]) == ("enforced", True)


def test_the_list_of_the_forgotten_leaves_the_database_every_hour_by_an_account_that_reads_nothing(plan: Plan) -> None:
    job = plan.of("google_cloud_scheduler_job", "forgotten")[None]
    assert croniter.is_valid(job["schedule"])
    assert job["schedule"].split()[1:] == ["*"] * 4
    (target,) = job["http_target"]
    (token,) = target["oauth_token"]
    assert token["scope"] == "https://www.googleapis.com/auth/datastore"
    exporter = plan.one("google_project_iam_custom_role", "exporter")
    assert not [each for each in exporter["permissions"] if "entities" in each or "import" in each]


def test_every_index_that_a_query_needs_is_made(plan: Plan) -> None:
    """tests/infra/test_indexes.py sees to it that the file has every index that the code's queries need."""

    def key(collection: str, fields: list[dict[str, Any]], path: str, array: str) -> tuple[Any, ...]:
        return (collection, *((each[path], each.get("order") or each.get(array)) for each in fields))

    made = {key(one["collection"], one["fields"], "field_path", "array_config") for one in plan.all("google_firestore_index")}
    assert made == {key(one["collectionGroup"], one["fields"], "fieldPath", "arrayConfig") for one in INDEXES["indexes"]}
    assert len(plan.all("google_firestore_index")) == len(INDEXES["indexes"])


def test_fields_are_exempt_and_expire_as_the_file_says(plan: Plan) -> None:
    fields = {(one["collection"], one["field"]): one for one in plan.all("google_firestore_field")}
    assert fields.keys() == {(one["collectionGroup"], one["fieldPath"]) for one in INDEXES["fieldOverrides"]}
    for one in INDEXES["fieldOverrides"]:
        made = fields[one["collectionGroup"], one["fieldPath"]]
        assert len(made["index_config"][0]["indexes"]) == len(one["indexes"])
        assert bool(made["ttl_config"]) == one.get("ttl", False)


def test_whatever_has_an_instant_to_expire_at_expires_by_itself(plan: Plan) -> None:
    sources = (ROOT / "shared" / "adapters" / "firestore" / "expired.py").read_text("utf-8")
    swept = set(re.findall(r'\("(\w+)", "expire_at", now\)', sources))
    assert swept == {one["collection"] for one in plan.all("google_firestore_field") if one["ttl_config"]}


def test_browsers_are_let_into_no_document(plan: Plan) -> None:
    rules = plan.one("google_firebaserules_ruleset")["source"][0]["files"][0]["content"]
    assert re.findall(r"allow [^;]+;", rules) == ["allow read, write: if false;"]
    assert plan.one("google_firebaserules_release")["name"] == "cloud.firestore"


# --- the one address


def _routed(plan: Plan, path: str) -> str | None:
    """The function that the URL map gives a path to, by the rule of URL maps: the longest match."""
    (matcher,) = plan.one("google_compute_url_map", "edge")["path_matcher"]
    names = sorted(map(str, plan.of("google_compute_backend_service")))
    matches = [
        (len(pattern), name)
        for name, rule in zip(names, matcher["path_rule"], strict=True)
        for pattern in rule["paths"]
        if path == pattern or (pattern.endswith("/*") and path.startswith(pattern[:-1]))
    ]
    return max(matches)[1] if matches else None


def test_the_address_hands_every_public_route_to_the_function_that_the_local_stack_hands_it_to(plan: Plan) -> None:
    functions = read_functions(ROOT / "functions")
    asked = 0
    for name, route in itertools.chain.from_iterable([(name, route) for route in TABLES[name]["routes"]] for name in FUNCTIONS):
        path = re.sub(r"\{\w+\}", "x", route["path"])
        owner = owner_of(path, functions)
        if route["caller"] in INNER:
            assert _routed(plan, path) in (None, "webhook")
        else:
            assert owner is not None
            assert _routed(plan, path) == owner.name == name
            asked += 1
    assert asked > 80
    assert _routed(plan, "/socket.io/") == "realtime"


def test_the_address_speaks_tls_and_nothing_older(plan: Plan) -> None:
    assert plan.one("google_compute_managed_ssl_certificate")["managed"][0]["domains"] == [DOMAIN]
    assert plan.one("google_compute_ssl_policy")["min_tls_version"] == "TLS_1_2"
    assert plan.one("google_compute_url_map", "redirect")["default_url_redirect"][0]["https_redirect"] is True
    assert {rule["port_range"] for rule in plan.all("google_compute_global_forwarding_rule")} == {"443", "80"}


def test_pages_of_the_one_address_and_no_others_may_call(plan: Plan) -> None:
    for name in EVERYTHING:
        if "CORS_ORIGINS" in TABLES[name]["environment"]:
            assert plan.environment(name)["CORS_ORIGINS"] == f"https://{DOMAIN}"
    assert plan.environment("dashboard")["REALTIME_URL"] == f"https://{DOMAIN}"


# --- watching and paying


def test_every_alarm_reaches_somebody_and_says_what_to_do(plan: Plan) -> None:
    policies = plan.all("google_monitoring_alert_policy")
    assert len(policies) > 10
    assert len({policy["display_name"] for policy in policies}) == len(policies)
    for policy in policies:
        assert policy["documentation"][0]["content"]
        assert policy["conditions"]


def test_every_number_is_read_from_a_line_that_the_code_writes(plan: Plan) -> None:
    sources = [path.read_text("utf-8") for folder in ("functions", "shared") for path in (ROOT / folder).rglob("*.py")]
    written = {told for text in sources for told in re.findall(r'log\(\s*(?:"[A-Z]+"[^,]*|severity),\s*"([^"]+)"', text)}
    for name, metric in plan.of("google_logging_metric").items():
        told = re.search(r"jsonPayload\.message=(\(.*?\)|\"[^\"]*\")", metric["filter"])
        if told is None:
            assert name in ("crashes", "misconfigured")
            continue
        messages = set(re.findall(r'"([^"]+)"', told.group(1)))
        assert messages, name
        assert messages <= written, name
        for field in set(re.findall(r"jsonPayload\.(\w+)", metric["filter"])) - {"message"}:
            assert any(re.search(rf'\b{field}=|"{field}":', text) for text in sources), f"{name}: {field}"


def test_the_page_of_charts_shows_numbers_that_there_are(plan: Plan) -> None:
    board = json.loads(plan.one("google_monitoring_dashboard")["dashboard_json"])
    tiles = board["mosaicLayout"]["tiles"]
    assert len({(tile["xPos"], tile["yPos"]) for tile in tiles}) == len(tiles) > 8
    filters = [tile["widget"]["xyChart"]["dataSets"][0]["timeSeriesQuery"]["timeSeriesFilter"]["filter"] for tile in tiles]
    own = {found for each in filters for found in re.findall(r"googleapis\.com/user/rollcall/(\w+)", each)}
    assert own
    assert own <= plan.of("google_logging_metric").keys()


def test_the_bill_is_watched(terraform: Terraform, plan: Plan) -> None:
    budget = plan.one("google_billing_budget")
    assert budget["amount"][0]["specified_amount"][0] == {"currency_code": "EUR", "nanos": None, "units": "60"}
    assert {rule["threshold_percent"] for rule in budget["threshold_rules"]} >= {0.5, 0.9, 1.0}
    assert Plan(terraform.plan({**VARIABLES, "billing_account": None})).all("google_billing_budget") == []
