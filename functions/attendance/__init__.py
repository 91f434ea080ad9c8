"""Attendance as a meeting's people ask for it, and every decision about it that a person takes."""
