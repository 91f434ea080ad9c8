"""Rollcall on one laptop: the functions, and a stand-in for each Google service that they use."""
