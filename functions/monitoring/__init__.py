"""Who is in class now, who was, and whether the system is well."""
