"""Opens and closes classes, repairs what was left undone, plans tasks."""
