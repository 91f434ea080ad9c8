"""The part of Stripe that Rollcall uses, on one machine: payment links, a page to pay on, refunds, disputes and signed events."""
