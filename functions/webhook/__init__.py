"""Takes in attendance events and reads a meeting's participants on demand."""
