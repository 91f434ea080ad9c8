"""Journeys through the pages, in a browser."""
