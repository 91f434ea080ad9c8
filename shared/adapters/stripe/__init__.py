"""Stripe: payment links, and what moved by the payments that were made on them."""
