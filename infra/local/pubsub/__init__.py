"""A stand-in for Cloud Pub/Sub: one topic, and the push subscription that delivers its messages."""
