"""Tests of the simulated Zoom."""
