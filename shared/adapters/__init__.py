"""Adapters: one folder per outside system, and the only vendor imports of the repository."""
