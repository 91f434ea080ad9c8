"""The local task queue: Cloud Tasks' REST interface, delays, retries and signed deliveries, on one laptop."""
