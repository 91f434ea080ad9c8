# From functions/*/function.json to what is deployed: names, addresses, accounts, rights, environments, clocks and paths.

locals {
  tables = {
    for file in fileset(var.functions_folder, "*/function.json") :
    dirname(file) => jsondecode(file("${var.functions_folder}/${file}"))
  }
  inner_callers = ["task", "scheduler", "push"]

  jobs_parent = "projects/${var.project.id}/locations/${var.region}/jobs"

  # An inner function is called by the deployment's own queue, clocks and pushes alone.
  callers  = { for name, table in local.tables : name => distinct(table.routes[*].caller) }
  is_inner = { for name, _ in local.tables : name => length(local.callers[name]) > 0 && length(setsubtract(local.callers[name], local.inner_callers)) == 0 }
  services = toset([for name, table in local.tables : name if table.trigger.kind == "service"])

  # Cloud Run has no underscores in names, and gives each service an address that is known before it is made.
  ids      = { for name, _ in local.tables : name => replace(name, "_", "-") }
  urls     = { for name, id in local.ids : name => "https://${id}-${var.project.number}.${var.region}.run.app" }
  base_url = "https://${var.domain}"

  accounts = { for name, id in local.ids : name => "fn-${id}" }
  callers_accounts = {
    task      = "caller-tasks"
    scheduler = "caller-scheduler"
    push      = "caller-push"
  }
  delegate = "google-delegate"
  email    = { for id in concat(values(local.accounts), values(local.callers_accounts), [local.delegate]) : id => "${id}@${var.project.id}.iam.gserviceaccount.com" }
}

# Environments: what a table declares and nothing else, so that a function knows only what it uses.
locals {
  computed = merge(
    { for name, url in local.urls : "${upper(name)}_URL" => url },
    {
      PUBLIC_URL                = local.base_url
      REALTIME_URL              = local.base_url
      CORS_ORIGINS              = join(" ", distinct(concat([local.base_url], var.extra_origins)))
      ADMIN_EMAILS              = join(" ", var.admin_emails)
      GOOGLE_ADMIN_EMAIL        = var.google_admin_email
      GOOGLE_SERVICE_ACCOUNT    = var.use_delegation ? local.email[local.delegate] : null
      GOOGLE_GRANTS             = var.use_grants ? "secretmanager" : null
      OIDC_ISSUER               = var.sign_in_client_id == null ? null : "https://accounts.google.com"
      OIDC_AUDIENCE             = var.sign_in_client_id
      TASKS_LOCATION            = var.region
      TASKS_QUEUE               = var.queue
      TASKS_SERVICE_ACCOUNT     = local.email[local.callers_accounts.task]
      SCHEDULER_SERVICE_ACCOUNT = local.email[local.callers_accounts.scheduler]
      PUSH_SERVICE_ACCOUNT      = local.email[local.callers_accounts.push]
      TICK_JOB                  = "${local.jobs_parent}/${local.ids.monitor_tick}"
      HOUSEKEEPING_JOB          = "${local.jobs_parent}/${local.ids.housekeeping}"
      MEET_EVENTS_TOPIC         = "projects/${var.project.id}/topics/${var.topic}"
      # The load balancer writes the caller's address and then its own.
      TRUSTED_PROXIES = "2"
    },
  )
  # An open house is for one's own machine: in the cloud this variable is never set.
  never    = ["ROLLCALL_AUTH"]
  declared = distinct(flatten([for table in local.tables : table.environment]))
  settable = [for name in local.declared : name if !contains(keys(local.computed), name) && !contains(local.never, name)]
  known    = merge(var.settings, { for name, value in local.computed : name => value if value != null })

  environment = {
    for name, table in local.tables : name => merge(
      { for variable in table.environment : variable => local.known[variable] if contains(keys(local.known), variable) },
      { GOOGLE_CLOUD_PROJECT = var.project.id },
      # The framework's server answers with this many threads: fewer than the requests that it is sent would make them wait.
      contains(local.services, name) ? {} : { THREADS = tostring(table.concurrency) },
    )
  }

  secrets = distinct(flatten([for table in local.tables : table.secrets]))
  secret_environment = {
    for name, table in local.tables : name => {
      for variable in table.secrets : variable => lower(replace(variable, "_", "-")) if contains(var.secrets_filled, variable)
    }
  }
}

# Rights: each follows from something that a table declares.
locals {
  stores    = toset([for name, table in local.tables : name if try(table.database, "write") == "write"])
  enqueuers = toset([for name, table in local.tables : name if contains(table.environment, "TASKS_QUEUE")])
  signers   = toset([for name, table in local.tables : name if contains(table.environment, "GOOGLE_SERVICE_ACCOUNT") && var.use_delegation])
  granted   = toset([for name, table in local.tables : name if contains(table.environment, "GOOGLE_GRANTS") && var.use_grants])
  watchers  = toset([for name, table in local.tables : name if try(table.scheduler, "none") == "read"])

  invokers = {
    for name, _ in local.tables : name => local.is_inner[name] ? [
      for caller in local.callers[name] : "serviceAccount:${local.email[local.callers_accounts[caller]]}"
    ] : ["allUsers"]
  }
}

# Clocks, and the paths of the one public address.
locals {
  jobs = {
    for name, table in local.tables : name => {
      cron       = table.trigger.cron
      uri        = "${local.urls[name]}${table.trigger.path}"
      audience   = local.urls[name]
      deadline_s = table.trigger.deadline_s
    } if table.trigger.kind == "schedule"
  }

  pushed = {
    for name, table in local.tables : name => {
      uri      = "${local.urls[name]}${[for route in table.routes : route.path if route.caller == "push"][0]}"
      audience = local.urls[name]
    } if contains(local.callers[name], "push")
  }

  own_paths = {
    for name, table in local.tables : name => (
      table.trigger.kind == "service" ? ["/socket.io"] : try(table.trigger.paths, [table.trigger.prefix])
    ) if try(table.trigger.public, false) && !local.is_inner[name]
  }
  # A path has its whole subtree, but the root is the start page alone; the longest path wins, as in the local stack.
  paths = { for name, own in local.own_paths : name => flatten([for path in own : path == "/" ? [path] : [path, "${path}/*"]]) }
}
