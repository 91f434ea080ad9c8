"""Everything that deploys: one folder per function."""
