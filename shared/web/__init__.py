"""The web edge: routes, callers, the one error table, logging. Nothing here knows what a class is."""
