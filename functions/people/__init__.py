"""The directory: students, courses and rosters, entered one by one or imported from a table."""
