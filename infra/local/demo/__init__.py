"""The demo: one whole class played through the local stack, drawn while it lasts, and checked at the end."""
