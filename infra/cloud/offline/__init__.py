"""Terraform without a cloud: the real binary, with a provider that knows Google's schema and nothing else."""
