"""A Zoom account of one's own: meetings, registrants, reports and signed webhooks, with people who come and go on command."""
