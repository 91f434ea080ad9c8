output "base_url" {
  description = "The one public address."
  value       = module.plan.base_url
}

output "address" {
  description = "Where the domain's A record has to point."
  value       = google_compute_global_address.edge.address
}

output "delegate_client_id" {
  description = "The client id to allow in the Admin console under domain-wide delegation; null without delegation."
  value       = var.use_delegation ? google_service_account.this[module.plan.delegate].unique_id : null
}

output "secrets" {
  description = "The secrets to fill, and whether each is given to its functions."
  value       = { for variable, secret in module.plan.secrets : secret.id => contains(var.secrets_filled, variable) ? "in use" : "empty, or not named in secrets_filled" }
}

output "release" {
  description = "What is deployed."
  value       = var.release
}
