"""The register: the rules that attendance is judged by, what it adds up to, and who is warned."""
