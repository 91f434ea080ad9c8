"""One person's data: exported and erased on request, and who read it."""
