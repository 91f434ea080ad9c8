"""Tests of the consent flow."""
