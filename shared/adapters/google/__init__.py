"""Google Workspace: the teachers' calendars, Meet's own records, and the addresses behind Google's user ids."""
