# The one public address: a load balancer that hands each path to its function, as the local stack's edge does (decision 023).

resource "google_compute_global_address" "edge" {
  name = "rollcall"

  depends_on = [google_project_service.used]
}

resource "google_compute_region_network_endpoint_group" "edge" {
  for_each = module.plan.paths

  name                  = local.deployed[each.key].id
  region                = var.region
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service = local.deployed[each.key].id
  }

  depends_on = [google_cloudfunctions2_function.this, google_cloud_run_v2_service.this]
}

resource "google_compute_backend_service" "edge" {
  for_each = module.plan.paths

  name                  = local.deployed[each.key].id
  protocol              = "HTTPS"
  load_balancing_scheme = "EXTERNAL_MANAGED"

  backend {
    group = google_compute_region_network_endpoint_group.edge[each.key].id
  }

  # Addresses of children's homes are nobody's reading matter: what matters, the functions log themselves.
  log_config {
    enable = false
  }
}

resource "google_compute_url_map" "edge" {
  name            = "rollcall"
  default_service = google_compute_backend_service.edge["dashboard"].id

  host_rule {
    hosts        = [var.domain]
    path_matcher = "rollcall"
  }

  path_matcher {
    name            = "rollcall"
    default_service = google_compute_backend_service.edge["dashboard"].id

    dynamic "path_rule" {
      for_each = module.plan.paths
      content {
        paths   = path_rule.value
        service = google_compute_backend_service.edge[path_rule.key].id
      }
    }
  }
}

resource "google_compute_managed_ssl_certificate" "edge" {
  name = "rollcall-${substr(sha256(var.domain), 0, 8)}"

  managed {
    domains = [var.domain]
  }

  lifecycle {
    create_before_destroy = true
  }

  depends_on = [google_project_service.used]
}

resource "google_compute_ssl_policy" "edge" {
  name            = "rollcall"
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"

  depends_on = [google_project_service.used]
}

resource "google_compute_target_https_proxy" "edge" {
  name             = "rollcall"
  url_map          = google_compute_url_map.edge.id
  ssl_certificates = [google_compute_managed_ssl_certificate.edge.id]
  ssl_policy       = google_compute_ssl_policy.edge.id
}

resource "google_compute_global_forwarding_rule" "https" {
  name                  = "rollcall-https"
  target                = google_compute_target_https_proxy.edge.id
  ip_address            = google_compute_global_address.edge.id
  port_range            = "443"
  load_balancing_scheme = "EXTERNAL_MANAGED"
}

# Whoever comes without TLS is sent to where it is.
resource "google_compute_url_map" "redirect" {
  name = "rollcall-redirect"

  default_url_redirect {
    https_redirect         = true
    redirect_response_code = "MOVED_PERMANENTLY_DEFAULT"
    strip_query            = false
  }

  depends_on = [google_project_service.used]
}

resource "google_compute_target_http_proxy" "redirect" {
  name    = "rollcall-redirect"
  url_map = google_compute_url_map.redirect.id
}

resource "google_compute_global_forwarding_rule" "http" {
  name                  = "rollcall-http"
  target                = google_compute_target_http_proxy.redirect.id
  ip_address            = google_compute_global_address.edge.id
  port_range            = "80"
  load_balancing_scheme = "EXTERNAL_MANAGED"
}
