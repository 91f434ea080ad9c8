"""Everything around the functions: packing, checks, the local stack, the cloud."""
