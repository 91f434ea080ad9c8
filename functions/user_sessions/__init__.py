"""Signing in, and registering for meetings: who says to be in which one, from which device."""
