"""Tests of the Google adapters."""
