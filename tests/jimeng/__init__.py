"""Jimeng's client against the official vectors, the official SDK, and the simulator; the simulator against both."""
