# Numbers from the log lines that the functions write, alarms over them, and one page that shows them.

resource "google_monitoring_notification_channel" "email" {
  for_each = toset(var.alert_emails)

  display_name = "Rollcall alerts to ${each.key}"
  type         = "email"
  labels       = { email_address = each.key }

  depends_on = [google_project_service.used]
}

locals {
  # Each line is one JSON object (shared/web/log.py): what it says is jsonPayload.message.
  line = "resource.type=\"cloud_run_revision\" AND jsonPayload.message"
  metrics = {
    ticks = {
      about  = "Runs of the monitor that ended well"
      filter = "${local.line}=\"tick\""
    }
    housekeepings = {
      about  = "Runs of housekeeping"
      filter = "${local.line}=\"housekeeping\""
    }
    housekeeping_troubles = {
      about  = "Runs of housekeeping with a job that failed"
      filter = "${local.line}=\"housekeeping\" AND severity=\"WARNING\""
    }
    stale_feeds = {
      about  = "Looks into classes that are on and of which nothing recent is known"
      filter = "${local.line}=\"look\" AND jsonPayload.feed=(\"stale\" OR \"none\") AND severity=\"WARNING\""
    }
    expiring = {
      about  = "Runs of housekeeping that found records about to be deleted unread"
      filter = "${local.line}=\"housekeeping\" AND jsonPayload.expiring>0"
    }
    failed_syncs = {
      about  = "Readings of a class's participants that a person has to mend"
      filter = "${local.line}=\"sync\" AND jsonPayload.status=\"failed\""
    }
    missing_teachers = {
      about  = "Classes that are on without anybody to teach them"
      filter = "${local.line}=\"staff check\" AND jsonPayload.found=\"missing\""
    }
    set_aside = {
      about  = "Events that were kept and not counted"
      filter = "${local.line}=(\"meet event kept, not counted\" OR \"zoom event kept, not counted\")"
    }
    channel_troubles = {
      about  = "Push channels that could not be made or renewed"
      filter = "${local.line}=\"channel\" AND severity=\"WARNING\""
    }
    delivery_troubles = {
      about  = "Messages to the outside that did not go through"
      filter = "${local.line}=\"deliver\" AND severity=\"WARNING\""
    }
    stray_payments = {
      about  = "Payments at Stripe that belong to no bill"
      filter = "${local.line}=\"a payment at Stripe is none of ours\""
    }
    crashes = {
      about  = "Failures that nobody foresaw"
      filter = "resource.type=\"cloud_run_revision\" AND jsonPayload.\"@type\"=\"type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent\""
    }
    misconfigured = {
      about  = "Requests that a wrong setting refused"
      filter = "resource.type=\"cloud_run_revision\" AND severity=\"CRITICAL\""
    }
  }
}

resource "google_logging_metric" "this" {
  for_each = local.metrics

  name        = "rollcall/${each.key}"
  description = each.value.about
  filter      = each.value.filter

  metric_descriptor {
    metric_kind  = "DELTA"
    value_type   = "INT64"
    display_name = each.value.about
    unit         = "1"

    labels {
      key         = "function"
      value_type  = "STRING"
      description = "The function that wrote the line"
    }
  }

  label_extractors = {
    function = "EXTRACT(resource.labels.service_name)"
  }

  depends_on = [google_project_service.used]
}

locals {
  channels = [for channel in google_monitoring_notification_channel.email : channel.id]

  # An alarm is worth a person's attention: each says what it means and what to do first.
  silent = {
    ticks = {
      title    = "The monitor has not run for six minutes"
      duration = "360s"
      remedy   = "Classes are not opened or closed by the clock. Look at Cloud Scheduler's job monitor-tick and at the log of the function monitor-tick; GET /api/monitoring/health says since when. Nothing is lost: the next run does everything that is due."
    }
    housekeepings = {
      title    = "Housekeeping has not run for half an hour"
      duration = "1800s"
      remedy   = "Push channels expire after a week without renewal, and messages wait. Look at Cloud Scheduler's job housekeeping and at its log."
    }
  }

  # More than `above` in ten minutes.
  counted = {
    crashes           = { above = 0, title = "A failure that nobody foresaw", remedy = "Error Reporting groups it with its stack; the line's trace_id is the X-Request-Id that the caller has." }
    misconfigured     = { above = 0, title = "A setting is wrong", remedy = "The line names the variable and the remedy. Correct it in the tfvars file and apply." }
    expiring          = { above = 0, title = "Records of classes are about to be deleted unread", remedy = "Google deletes Meet's records 30 days after a meeting, and for some classes less than a week is left. GET /api/monitoring/health lists them under unsynced_classes and says what refuses us; mend it, then sync them: POST /api/webhook/sessions/<session_id>/sync-participants." }
    failed_syncs      = { above = 4, title = "Classes cannot be read", remedy = "A person has to mend something: GET /api/monitoring/health says what refuses us, for whom, and what to do. Classes are tried again for 28 days." }
    stale_feeds       = { above = 4, title = "What goes on in classes is not known", remedy = "Reading Meet fails while classes are on. GET /api/monitoring/health says which service refuses us and what to do; attendance is made up for after the class." }
    set_aside         = { above = 4, title = "Events are kept and not counted", remedy = "Something sends what Rollcall does not understand; it is kept in the collection `quarantine`. Look whether Zoom or Google changed the form of their events." }
    channel_troubles  = { above = 4, title = "Push channels cannot be renewed", remedy = "Classes are polled meanwhile. GET /api/monitoring/health names the teachers and the remedy." }
    delivery_troubles = { above = 9, title = "Messages to the outside do not go through", remedy = "Look whether the receiver of OUTGOING_WEBHOOK_URLS or the mail server answers; messages are tried again for a day." }
    stray_payments    = { above = 0, title = "A payment at Stripe belongs to no bill", remedy = "Find it at Stripe by the line's `payment`, and record or refund it by hand." }
  }
}

resource "google_monitoring_alert_policy" "silent" {
  for_each = local.silent

  display_name          = each.value.title
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = local.channels

  conditions {
    display_name = each.value.title
    condition_absent {
      filter   = "metric.type=\"logging.googleapis.com/user/${google_logging_metric.this[each.key].name}\" AND resource.type=\"cloud_run_revision\""
      duration = each.value.duration
      aggregations {
        alignment_period     = "60s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  documentation {
    content   = each.value.remedy
    mime_type = "text/markdown"
  }
}

resource "google_monitoring_alert_policy" "counted" {
  for_each = local.counted

  display_name          = each.value.title
  combiner              = "OR"
  severity              = "WARNING"
  notification_channels = local.channels

  conditions {
    display_name = each.value.title
    condition_threshold {
      filter          = "metric.type=\"logging.googleapis.com/user/${google_logging_metric.this[each.key].name}\" AND resource.type=\"cloud_run_revision\""
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.above
      duration        = "0s"
      aggregations {
        alignment_period     = "600s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = ["metric.label.function"]
      }
    }
  }

  alert_strategy {
    auto_close = "86400s"
  }

  documentation {
    content   = each.value.remedy
    mime_type = "text/markdown"
  }
}

# What Google measures by itself.
locals {
  measured = {
    errors = {
      title   = "More than one request in fifty fails on our side"
      filter  = "metric.type=\"run.googleapis.com/request_count\" AND resource.type=\"cloud_run_revision\" AND metric.label.response_code_class=\"5xx\""
      divisor = "metric.type=\"run.googleapis.com/request_count\" AND resource.type=\"cloud_run_revision\""
      aligner = "ALIGN_DELTA"
      reducer = "REDUCE_SUM"
      above   = 0.02
      for     = "300s"
      remedy  = "Which function, and why, is in the log: severity>=ERROR. 503 means that Firestore, Google or Zoom did not answer; tasks and webhooks are repeated by their senders."
    }
    queue_age = {
      title   = "Tasks wait for more than two minutes"
      filter  = "metric.type=\"cloudtasks.googleapis.com/queue/task_attempt_delays\" AND resource.type=\"cloud_tasks_queue\""
      divisor = null
      aligner = "ALIGN_PERCENTILE_95"
      reducer = "REDUCE_MAX"
      above   = 120000
      for     = "300s"
      remedy  = "The queue has more than its rate, or its functions fail. Look at the queue's page and at the logs of meet-sync and billing. The tick opens and closes classes meanwhile."
    }
    push_age = {
      title   = "Meet's events wait for more than five minutes"
      filter  = "metric.type=\"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" AND resource.type=\"pubsub_subscription\" AND resource.label.subscription_id=\"meet-push\""
      divisor = null
      aligner = "ALIGN_MAX"
      reducer = "REDUCE_MAX"
      above   = 300
      for     = "300s"
      remedy  = "The function meet-push refuses or fails; its log says why. Events are kept for a week, and classes are read afterwards anyway."
    }
    undelivered = {
      title   = "Events of Meet could not be delivered"
      filter  = "metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\" AND resource.type=\"pubsub_subscription\" AND resource.label.subscription_id=\"${local.topic}-undelivered\""
      divisor = null
      aligner = "ALIGN_MAX"
      reducer = "REDUCE_MAX"
      above   = 0
      for     = "0s"
      remedy  = "They wait in the subscription ${local.topic}-undelivered for a month. Mend the cause, then publish them to ${local.topic} again: an event that is told twice counts once."
    }
    latency = {
      title   = "The webhook takes longer than three seconds"
      filter  = "metric.type=\"run.googleapis.com/request_latencies\" AND resource.type=\"cloud_run_revision\" AND resource.label.service_name=\"webhook\""
      divisor = null
      aligner = "ALIGN_PERCENTILE_95"
      reducer = "REDUCE_MAX"
      above   = 3000
      for     = "600s"
      remedy  = "Zoom gives up after three seconds and sends again, later and fewer times. Is `warm` on? Is Firestore slow?"
    }
  }
}

resource "google_monitoring_alert_policy" "measured" {
  for_each = local.measured

  display_name          = each.value.title
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = local.channels

  conditions {
    display_name = each.value.title
    condition_threshold {
      filter             = each.value.filter
      denominator_filter = each.value.divisor
      comparison         = "COMPARISON_GT"
      threshold_value    = each.value.above
      duration           = each.value.for

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = each.value.aligner
        cross_series_reducer = each.value.reducer
      }

      dynamic "denominator_aggregations" {
        for_each = each.value.divisor == null ? [] : [1]
        content {
          alignment_period     = "300s"
          per_series_aligner   = each.value.aligner
          cross_series_reducer = each.value.reducer
        }
      }
    }
  }

  alert_strategy {
    auto_close = "86400s"
  }

  documentation {
    content   = each.value.remedy
    mime_type = "text/markdown"
  }

  depends_on = [google_project_service.used]
}

# Somebody from outside asks for the API's description: it needs the address, the certificate, the balancer and a function.
resource "google_monitoring_uptime_check_config" "outside" {
  display_name = "Rollcall from outside"
  timeout      = "10s"
  period       = "300s"

  http_check {
    path         = "/api/openapi.json"
    port         = 443
    use_ssl      = true
    validate_ssl = true
  }

  monitored_resource {
    type   = "uptime_url"
    labels = { project_id = var.project, host = var.domain }
  }

  depends_on = [google_project_service.used]
}

resource "google_monitoring_alert_policy" "outside" {
  display_name          = "Rollcall cannot be reached"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = local.channels

  conditions {
    display_name = "The check from outside fails"
    condition_threshold {
      filter          = "metric.type=\"monitoring.googleapis.com/uptime_check/check_passed\" AND resource.type=\"uptime_url\" AND metric.label.check_id=\"${google_monitoring_uptime_check_config.outside.uptime_check_id}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 1
      duration        = "300s"
      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_NEXT_OLDER"
        cross_series_reducer = "REDUCE_COUNT_FALSE"
        group_by_fields      = ["resource.label.host"]
      }
    }
  }

  documentation {
    content   = "Open https://${var.domain}/api/openapi.json. Has the certificate run out, does the domain still point to the address that `terraform output address` tells?"
    mime_type = "text/markdown"
  }
}

locals {
  charts = concat(
    [for key in ["ticks", "housekeepings", "stale_feeds", "failed_syncs", "crashes", "set_aside"] : {
      title   = local.metrics[key].about
      filter  = "metric.type=\"logging.googleapis.com/user/${google_logging_metric.this[key].name}\" resource.type=\"cloud_run_revision\""
      aligner = "ALIGN_DELTA"
      reducer = "REDUCE_SUM"
      by      = ["metric.label.function"]
    }],
    [
      {
        title   = "Requests by function and outcome"
        filter  = "metric.type=\"run.googleapis.com/request_count\" resource.type=\"cloud_run_revision\""
        aligner = "ALIGN_RATE"
        reducer = "REDUCE_SUM"
        by      = ["resource.label.service_name", "metric.label.response_code_class"]
      },
      {
        title   = "Time to answer, 95 of 100, in ms"
        filter  = "metric.type=\"run.googleapis.com/request_latencies\" resource.type=\"cloud_run_revision\""
        aligner = "ALIGN_PERCENTILE_95"
        reducer = "REDUCE_MAX"
        by      = ["resource.label.service_name"]
      },
      {
        title   = "Instances"
        filter  = "metric.type=\"run.googleapis.com/container/instance_count\" resource.type=\"cloud_run_revision\""
        aligner = "ALIGN_MAX"
        reducer = "REDUCE_SUM"
        by      = ["resource.label.service_name"]
      },
      {
        title   = "Tasks in the queue"
        filter  = "metric.type=\"cloudtasks.googleapis.com/queue/depth\" resource.type=\"cloud_tasks_queue\""
        aligner = "ALIGN_MAX"
        reducer = "REDUCE_SUM"
        by      = []
      },
      {
        title   = "Documents read in a second"
        filter  = "metric.type=\"firestore.googleapis.com/document/read_ops_count\" resource.type=\"firestore.googleapis.com/Database\""
        aligner = "ALIGN_RATE"
        reducer = "REDUCE_SUM"
        by      = []
      },
      {
        title   = "Documents written in a second"
        filter  = "metric.type=\"firestore.googleapis.com/document/write_ops_count\" resource.type=\"firestore.googleapis.com/Database\""
        aligner = "ALIGN_RATE"
        reducer = "REDUCE_SUM"
        by      = []
      },
    ],
  )
}

resource "google_monitoring_dashboard" "rollcall" {
  dashboard_json = jsonencode({
    displayName = "Rollcall"
    mosaicLayout = {
      columns = 12
      tiles = [for place, chart in local.charts : {
        xPos   = (place % 2) * 6
        yPos   = floor(place / 2) * 4
        width  = 6
        height = 4
        widget = {
          title = chart.title
          xyChart = {
            dataSets = [{
              plotType = "LINE"
              timeSeriesQuery = {
                timeSeriesFilter = {
                  filter = chart.filter
                  aggregation = {
                    alignmentPeriod    = "300s"
                    perSeriesAligner   = chart.aligner
                    crossSeriesReducer = chart.reducer
                    groupByFields      = chart.by
                  }
                }
              }
            }]
          }
        }
      }]
    }
  })

  depends_on = [google_project_service.used]
}
