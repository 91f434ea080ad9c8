"""Reads a meeting's participants, after a class and while it is on, and settles its attendance."""
