"""Reads a meeting's participants after a class and settles its attendance."""
