"""A Google Workspace and a Zoom of one's own, with people who join and leave on command.

Of Google there are Calendar, Meet, People, Directory, Workspace Events and Reports.
"""
