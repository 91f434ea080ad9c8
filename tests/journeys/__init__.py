"""Journeys: the whole local stack, used from outside as people and programs use it."""
