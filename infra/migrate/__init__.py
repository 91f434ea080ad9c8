"""Stored documents of old versions are written down anew as they are read anyway."""
