"""What Rollcall's functions share: rules, stories, ports, adapters and the web edge."""
