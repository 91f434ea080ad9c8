"""Tests of infra/local/pubsub."""
