"""Tests of the function `attendance`."""
