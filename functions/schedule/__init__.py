"""Book, list, change and cancel classes."""
