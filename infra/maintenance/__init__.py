"""Maintenance: the clock and the queue rest for a while, and nothing is lost."""
