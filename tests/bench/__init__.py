"""The measured figures: counts, and ratios to minimal functions that are measured beside ours, round by round."""

import os

# gRPC reads this once, when it is imported; it would tell of every process that is started beside its threads.
os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
