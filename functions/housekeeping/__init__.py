"""Keeps the push channels alive, sweeps the audit log, asks refused services again, warns and tells the outside."""
