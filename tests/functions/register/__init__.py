"""Tests of functions/register."""
