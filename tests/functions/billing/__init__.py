"""Tests of functions/billing."""
