# What is kept in case everything is lost: Firestore's own backups, and buckets for exports and for the list of the forgotten.

resource "google_firestore_backup_schedule" "daily" {
  database  = google_firestore_database.this.name
  retention = "${7 * 24 * 3600}s"

  daily_recurrence {}
}

resource "google_firestore_backup_schedule" "weekly" {
  database  = google_firestore_database.this.name
  retention = "${8 * 7 * 24 * 3600}s"

  weekly_recurrence {
    day = "SUNDAY"
  }
}

# `backups` takes the exports of `python -m infra.backup`, as long as Firestore keeps its own. `forgotten` has only digests of people who
# were erased, and the newest export is the one that a restore needs.
locals {
  shelves = { backups = 56, forgotten = 7 }
}

resource "google_storage_bucket" "shelf" {
  for_each = local.shelves

  name                        = "${var.project}-rollcall-${each.key}"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  lifecycle_rule {
    condition {
      age = each.value
    }
    action {
      type = "Delete"
    }
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_project_service.used]
}

# The list of the forgotten leaves the database every hour, so that a restore can erase again whoever was erased since its backup.
resource "google_service_account" "keeper" {
  account_id   = "keeper"
  display_name = "Has Firestore export the list of the forgotten"

  depends_on = [google_project_service.used]
}

resource "google_project_iam_custom_role" "exporter" {
  role_id     = "rollcallExporter"
  title       = "Rollcall: has Firestore export"
  description = "Exports alone, which Firestore's own account writes: no documents and no imports."
  permissions = ["datastore.databases.export", "datastore.databases.get", "datastore.databases.getMetadata"]
}

resource "google_project_iam_member" "keeper" {
  project = var.project
  role    = google_project_iam_custom_role.exporter.name
  member  = google_service_account.keeper.member
}

resource "google_cloud_scheduler_job" "forgotten" {
  name             = "keep-forgotten"
  description      = "Exports the list of the forgotten, into a folder of its own each time"
  region           = var.region
  schedule         = "17 * * * *"
  time_zone        = "Etc/UTC"
  attempt_deadline = "60s"

  retry_config {
    retry_count = 3
  }

  http_target {
    http_method = "POST"
    uri         = "https://firestore.googleapis.com/v1/${google_firestore_database.this.id}:exportDocuments"
    headers     = { "Content-Type" = "application/json" }
    body = base64encode(jsonencode({
      outputUriPrefix = google_storage_bucket.shelf["forgotten"].url
      collectionIds   = ["forgotten", "peppers"]
    }))

    oauth_token {
      service_account_email = google_service_account.keeper.email
      scope                 = "https://www.googleapis.com/auth/datastore"
    }
  }
}
