# The task queue. A task only hints at what stands in the database, and the tick plans again what got lost, so a day of trying is enough.

resource "google_cloud_tasks_queue" "this" {
  name     = local.queue
  location = var.region

  rate_limits {
    max_dispatches_per_second = 50
    max_concurrent_dispatches = 40
  }

  retry_config {
    max_attempts       = -1
    max_retry_duration = "86400s"
    min_backoff        = "1s"
    max_backoff        = "600s"
    max_doublings      = 8
  }

  stackdriver_logging_config {
    sampling_ratio = 0.1
  }

  # The name of a deleted queue cannot be used for seven days.
  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_project_service.used]
}

resource "google_cloud_tasks_queue_iam_member" "enqueuer" {
  for_each = module.plan.rights.enqueue

  name     = google_cloud_tasks_queue.this.name
  location = var.region
  role     = "roles/cloudtasks.enqueuer"
  member   = google_service_account.this[local.deployed[each.key].account].member
}
