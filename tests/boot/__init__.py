"""The bytes that ship: each function packed, unpacked and started as the cloud does it."""
