"""A Google Workspace of one's own: Calendar, Meet, People and Directory, with people who join and leave on command."""
