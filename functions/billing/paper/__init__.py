"""Issued documents as PDF: what they say in words, what of it the fonts can show, and how it is set on pages."""
