"""Tests of `housekeeping`."""
