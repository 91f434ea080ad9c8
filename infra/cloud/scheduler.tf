# The clocks. A run that fails is not repeated: the next one, minutes later, does everything that is due.

resource "google_cloud_scheduler_job" "this" {
  for_each = module.plan.jobs

  name             = local.deployed[each.key].id
  description      = local.deployed[each.key].summary
  region           = var.region
  schedule         = each.value.cron
  time_zone        = "Etc/UTC"
  attempt_deadline = "${each.value.deadline_s}s"

  retry_config {
    retry_count = 0
  }

  http_target {
    http_method = "POST"
    uri         = each.value.uri

    oidc_token {
      service_account_email = google_service_account.this[module.plan.callers.scheduler].email
      audience              = each.value.audience
    }
  }

  depends_on = [google_cloud_run_v2_service_iam_member.invoker]
}
