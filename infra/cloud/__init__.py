"""The deployment: Terraform by subject, and what checks it without a cloud."""
