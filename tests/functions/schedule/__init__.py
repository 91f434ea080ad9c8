"""Tests of functions/schedule."""
