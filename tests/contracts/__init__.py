"""One suite per port, run against the in-memory fake and the real adapter, so that the fake is proven honest."""
