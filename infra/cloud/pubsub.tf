# Meet's events: Google publishes them to our topic, and they are pushed to the one function that takes them.

resource "google_pubsub_topic" "meet_events" {
  name                       = local.topic
  message_retention_duration = "604800s"

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.used]
}

resource "google_pubsub_topic_iam_member" "meet" {
  topic  = google_pubsub_topic.meet_events.name
  role   = "roles/pubsub.publisher"
  member = "serviceAccount:meet-api-event-push@system.gserviceaccount.com"
}

resource "google_pubsub_subscription" "push" {
  for_each = module.plan.pushed

  name                       = local.deployed[each.key].id
  topic                      = google_pubsub_topic.meet_events.id
  ack_deadline_seconds       = 60
  message_retention_duration = "604800s"

  push_config {
    push_endpoint = each.value.uri

    oidc_token {
      service_account_email = google_service_account.this[module.plan.callers.push].email
      audience              = each.value.audience
    }
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.undelivered.id
    max_delivery_attempts = 20
  }

  expiration_policy {
    ttl = ""
  }

  depends_on = [google_cloud_run_v2_service_iam_member.invoker]
}

# What could not be delivered is kept for a month, which is as long as Meet keeps its own records.
resource "google_pubsub_topic" "undelivered" {
  name = "${local.topic}-undelivered"

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.used]
}

resource "google_pubsub_subscription" "undelivered" {
  name                       = "${local.topic}-undelivered"
  topic                      = google_pubsub_topic.undelivered.id
  message_retention_duration = "2678400s"

  expiration_policy {
    ttl = ""
  }
}

# Pub/Sub's own agent moves messages from the one to the other.
locals {
  pubsub_agent = "serviceAccount:service-${local.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

resource "google_pubsub_topic_iam_member" "undelivered" {
  topic  = google_pubsub_topic.undelivered.name
  role   = "roles/pubsub.publisher"
  member = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "forwarder" {
  for_each = google_pubsub_subscription.push

  subscription = each.value.name
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}
