"""Tests of `meet_push`."""
