"""Our own rules, those that no linter knows: `python -m infra.check`."""
