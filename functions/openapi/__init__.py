"""The description of every route, and a page that shows it."""
