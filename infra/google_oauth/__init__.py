"""The consent flow: a teacher or an administrator lets Rollcall ask Google in their name."""
