"""The stories: one per file, told with ports."""
