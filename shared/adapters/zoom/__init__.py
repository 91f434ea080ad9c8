"""Zoom: the teachers' meetings with a join link for each student, and Zoom's own reports of who was in them."""
