"""Backups: taking them, having them back, and making sure that they are whole and that the forgotten stay forgotten."""
