# One account for each function, with what its table asks for; one for each kind of inner caller; and who may call what.

resource "google_service_account" "this" {
  for_each = module.plan.accounts

  account_id   = each.key
  display_name = each.value

  depends_on = [google_project_service.used]
}

resource "google_project_iam_custom_role" "store" {
  role_id     = "rollcallStore"
  title       = "Rollcall: reads and writes documents"
  description = "Documents alone: no indexes, exports, rules or databases."
  permissions = [
    "datastore.databases.get",
    "datastore.entities.allocateIds",
    "datastore.entities.create",
    "datastore.entities.delete",
    "datastore.entities.get",
    "datastore.entities.list",
    "datastore.entities.update",
  ]
}

resource "google_project_iam_custom_role" "signer" {
  role_id     = "rollcallSigner"
  title       = "Rollcall: signs as the account that acts for the domain"
  description = "Signing alone: no keys, and no tokens of the account."
  permissions = ["iam.serviceAccounts.signBlob"]
}

resource "google_project_iam_custom_role" "watcher" {
  role_id     = "rollcallWatcher"
  title       = "Rollcall: sees how the clocks' jobs went"
  permissions = ["cloudscheduler.jobs.get", "cloudscheduler.jobs.list"]
}

resource "google_project_iam_member" "store" {
  for_each = module.plan.rights.store

  project = var.project
  role    = google_project_iam_custom_role.store.name
  member  = google_service_account.this[local.deployed[each.key].account].member
}

resource "google_project_iam_member" "watcher" {
  for_each = module.plan.rights.watch_jobs

  project = var.project
  role    = google_project_iam_custom_role.watcher.name
  member  = google_service_account.this[local.deployed[each.key].account].member
}

# Grants are secrets that are made when a person gives one: known by the beginning of their names.
resource "google_project_iam_member" "grants" {
  for_each = module.plan.rights.grants

  project = var.project
  role    = "roles/secretmanager.secretAccessor"
  member  = google_service_account.this[local.deployed[each.key].account].member

  condition {
    title      = "grants-only"
    expression = "resource.name.startsWith(\"projects/${local.number}/secrets/rollcall-grant-\")"
  }
}

resource "google_service_account_iam_member" "signer" {
  for_each = module.plan.rights.sign

  service_account_id = google_service_account.this[module.plan.delegate].name
  role               = google_project_iam_custom_role.signer.name
  member             = google_service_account.this[local.deployed[each.key].account].member
}

# Who puts a task into the queue says whose token it is to carry, and must be allowed to.
resource "google_service_account_iam_member" "task_caller" {
  for_each = module.plan.rights.enqueue

  service_account_id = google_service_account.this[module.plan.callers.task].name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.this[local.deployed[each.key].account].member
}

locals {
  invocations = merge([
    for name, it in local.deployed : { for member in it.invokers : "${name} ${member}" => { name = name, member = member } }
  ]...)
}

resource "google_cloud_run_v2_service_iam_member" "invoker" {
  for_each = local.invocations

  location = var.region
  name     = local.deployed[each.value.name].id
  role     = "roles/run.invoker"
  member   = each.value.member

  depends_on = [
    google_cloudfunctions2_function.this,
    google_cloud_run_v2_service.this,
    google_service_account.this,
  ]
}

# Building: reads the archives, writes images and its log.
resource "google_service_account" "builder" {
  account_id   = "function-builder"
  display_name = "Builds functions from their archives"

  depends_on = [google_project_service.used]
}

resource "google_project_iam_member" "builder" {
  for_each = toset(["roles/artifactregistry.writer", "roles/logging.logWriter"])

  project = var.project
  role    = each.key
  member  = google_service_account.builder.member
}

resource "google_storage_bucket_iam_member" "builder" {
  bucket = var.release.bucket
  role   = "roles/storage.objectViewer"
  member = google_service_account.builder.member
}
