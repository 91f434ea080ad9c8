# Secrets are made empty: their values are put in by a person (infra/cloud/README.md) and never stand in a state or a plan.

resource "google_secret_manager_secret" "this" {
  for_each = module.plan.secrets

  secret_id = each.value.id

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_project_service.used]
}

locals {
  readings = merge([
    for variable, secret in module.plan.secrets : {
      for name in secret.readers : "${name} ${variable}" => { name = name, variable = variable } if contains(var.secrets_filled, variable)
    }
  ]...)
}

resource "google_secret_manager_secret_iam_member" "reader" {
  for_each = local.readings

  secret_id = google_secret_manager_secret.this[each.value.variable].secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.this[local.deployed[each.value.name].account].member
}
