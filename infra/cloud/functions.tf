# The functions (gen 2), built from the packed archives by an account of their own, and the gateway from its image.

resource "google_artifact_registry_repository" "images" {
  location      = var.region
  repository_id = "rollcall"
  description   = "What Cloud Build makes of the archives, and the gateway's image"
  format        = "DOCKER"

  # The last builds stay, so that an earlier release can be brought back; older ones go.
  cleanup_policies {
    id     = "keep-latest"
    action = "KEEP"
    most_recent_versions {
      keep_count = 10
    }
  }
  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"
    condition {
      older_than = "2592000s"
    }
  }

  depends_on = [google_project_service.used]
}

resource "google_cloudfunctions2_function" "this" {
  for_each = local.functions

  name        = each.value.id
  location    = var.region
  description = each.value.summary

  build_config {
    runtime           = "python311"
    entry_point       = each.key
    docker_repository = google_artifact_registry_repository.images.id
    service_account   = google_service_account.builder.id

    source {
      storage_source {
        bucket = var.release.bucket
        object = var.release.objects[each.key]
      }
    }
  }

  service_config {
    available_memory                 = "${each.value.memory_mib}Mi"
    available_cpu                    = tostring(each.value.cpu)
    timeout_seconds                  = each.value.timeout_s
    max_instance_request_concurrency = each.value.concurrency
    min_instance_count               = each.value.min_instances
    max_instance_count               = each.value.max_instances
    service_account_email            = google_service_account.this[each.value.account].email
    ingress_settings                 = each.value.ingress
    all_traffic_on_latest_revision   = true
    environment_variables            = each.value.environment

    dynamic "secret_environment_variables" {
      for_each = each.value.secret_environment
      content {
        key        = secret_environment_variables.key
        project_id = var.project
        secret     = google_secret_manager_secret.this[secret_environment_variables.key].secret_id
        version    = "latest"
      }
    }
  }

  lifecycle {
    precondition {
      condition     = contains(keys(var.release.objects), each.key)
      error_message = "release.objects has no archive of ${each.key}: pack all functions and write the release anew."
    }
  }

  # A function that starts before it may read its secrets does not start.
  depends_on = [
    google_project_service.used,
    google_project_iam_member.builder,
    google_storage_bucket_iam_member.builder,
    google_secret_manager_secret_iam_member.reader,
    google_project_iam_member.store,
  ]
}

resource "google_cloud_run_v2_service" "this" {
  for_each = local.services

  name                = each.value.id
  location            = var.region
  description         = each.value.summary
  ingress             = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  deletion_protection = false

  template {
    service_account                  = google_service_account.this[each.value.account].email
    timeout                          = "${each.value.timeout_s}s"
    max_instance_request_concurrency = each.value.concurrency
    # Socket.IO begins with several requests, which have to reach the same instance.
    session_affinity = true

    scaling {
      min_instance_count = each.value.min_instances
      max_instance_count = each.value.max_instances
    }

    containers {
      image = var.release.images[each.key]

      resources {
        limits = {
          cpu    = tostring(each.value.cpu)
          memory = "${each.value.memory_mib}Mi"
        }
        # Listeners run only while somebody is connected, and then a request is open.
        cpu_idle          = true
        startup_cpu_boost = true
      }

      dynamic "env" {
        for_each = each.value.environment
        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "env" {
        for_each = each.value.secret_environment
        content {
          name = env.key
          value_source {
            secret_key_ref {
              secret  = google_secret_manager_secret.this[env.key].secret_id
              version = "latest"
            }
          }
        }
      }
    }
  }

  depends_on = [
    google_project_service.used,
    google_secret_manager_secret_iam_member.reader,
    google_project_iam_member.store,
  ]
}
