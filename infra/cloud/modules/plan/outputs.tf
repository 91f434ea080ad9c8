output "functions" {
  description = "Everything that is deployed, functions and services, by name."
  value = {
    for name, table in local.tables : name => {
      id                 = local.ids[name]
      summary            = table.summary
      is_service         = contains(local.services, name)
      url                = local.urls[name]
      account            = local.accounts[name]
      memory_mib         = table.memory_mib
      cpu                = table.cpu
      concurrency        = table.concurrency
      timeout_s          = table.timeout_s
      min_instances      = var.warm ? table.min_instances : 0
      max_instances      = table.max_instances
      is_public          = !local.is_inner[name]
      ingress            = local.is_inner[name] ? "ALLOW_INTERNAL_ONLY" : "ALLOW_INTERNAL_AND_GCLB"
      invokers           = local.invokers[name]
      environment        = local.environment[name]
      secret_environment = local.secret_environment[name]
    }
  }
}

output "accounts" {
  description = "Every service account by its id, with what it is for."
  value = merge(
    { for name, account in local.accounts : account => "Runs ${name}" },
    {
      (local.callers_accounts.task)      = "Calls functions from the task queue"
      (local.callers_accounts.scheduler) = "Calls functions by the clock"
      (local.callers_accounts.push)      = "Pushes Meet's events"
    },
    var.use_delegation ? { (local.delegate) = "Acts for the people of the domain, by delegation" } : {},
  )
}

output "callers" {
  description = "The accounts that call inner functions, by kind of caller."
  value       = local.callers_accounts
}

output "delegate" {
  description = "The account that acts for the whole domain."
  value       = local.delegate
}

output "rights" {
  description = "Which functions hold which right."
  value = {
    store      = local.stores
    enqueue    = local.enqueuers
    sign       = local.signers
    grants     = local.granted
    watch_jobs = local.watchers
  }
}

output "secrets" {
  description = "The secrets by their variables' names: the id, and the functions that may read it."
  value = {
    for variable in local.secrets : variable => {
      id      = lower(replace(variable, "_", "-"))
      readers = [for name, table in local.tables : name if contains(table.secrets, variable)]
    }
  }
}

output "settable" {
  description = "The variables that the setting `settings` may give a value."
  value       = local.settable
}

output "declared" {
  description = "Every variable that a table declares, with where its value comes from."
  value = {
    for name in local.declared : name => (
      contains(local.never, name) ? "never set in the cloud" : contains(keys(local.computed), name) ? "computed" : "settings, or the code's default"
    )
  }
}

output "jobs" {
  description = "What is called by the clock."
  value       = local.jobs
}

output "pushed" {
  description = "What events are pushed to."
  value       = local.pushed
}

output "paths" {
  description = "The public paths of each function, as a URL map writes them."
  value       = local.paths
}

output "base_url" {
  description = "The one public address."
  value       = local.base_url
}
