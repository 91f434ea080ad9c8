"""The doctor: what a deployment, or a machine, lacks, why it matters, and what mends it."""
