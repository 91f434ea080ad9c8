"""Tests of the local task queue."""
