data "google_project" "this" {
  project_id = var.project
}

locals {
  queue  = "rollcall"
  topic  = "meet-events"
  number = data.google_project.this.number
}

module "plan" {
  source = "./modules/plan"

  functions_folder   = "${path.module}/../../functions"
  project            = { id = var.project, number = local.number }
  region             = var.region
  domain             = var.domain
  extra_origins      = var.extra_origins
  admin_emails       = var.admin_emails
  google_admin_email = var.google_admin_email
  sign_in_client_id  = var.sign_in_client_id
  use_delegation     = var.use_delegation
  use_grants         = var.use_grants
  queue              = local.queue
  topic              = local.topic
  settings           = var.settings
  secrets_filled     = var.secrets_filled
  warm               = var.warm
}

locals {
  deployed  = module.plan.functions
  functions = { for name, it in local.deployed : name => it if !it.is_service }
  services  = { for name, it in local.deployed : name => it if it.is_service }
}

# Said at every plan, before anything is changed.
check "settings" {
  assert {
    condition     = length(setsubtract(keys(var.settings), module.plan.settable)) == 0
    error_message = "settings: no function takes, or Terraform itself sets, ${join(", ", setsubtract(keys(var.settings), module.plan.settable))}."
  }
}

check "secrets" {
  assert {
    condition     = length(setsubtract(var.secrets_filled, keys(module.plan.secrets))) == 0
    error_message = "secrets_filled: no function declares ${join(", ", setsubtract(var.secrets_filled, keys(module.plan.secrets)))}."
  }

  assert {
    condition     = contains(var.secrets_filled, "JWT_SECRET")
    error_message = "secrets_filled: without JWT_SECRET nobody can sign in. Fill the secret jwt-secret, then name it (infra/cloud/README.md)."
  }
}

resource "google_project_service" "used" {
  for_each = toset([
    "admin.googleapis.com",
    "artifactregistry.googleapis.com",
    "billingbudgets.googleapis.com",
    "calendar-json.googleapis.com",
    "classroom.googleapis.com",
    "cloudbuild.googleapis.com",
    "cloudfunctions.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "cloudscheduler.googleapis.com",
    "cloudtasks.googleapis.com",
    "compute.googleapis.com",
    "firebaserules.googleapis.com",
    "firestore.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com",
    "logging.googleapis.com",
    "meet.googleapis.com",
    "monitoring.googleapis.com",
    "people.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "storage.googleapis.com",
    "workspaceevents.googleapis.com",
  ])

  service            = each.key
  disable_on_destroy = false
}
