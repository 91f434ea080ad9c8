"""The simulator, asked with Google's own client."""
