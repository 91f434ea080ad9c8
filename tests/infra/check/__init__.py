"""Our own rules, each with what it finds and what it lets pass."""
