"""The words after `/paint`: parsed into an `Ordered`, and written back."""

from core.commands.line.ordered import Format, Ordered, SizeClass, Tier

__all__ = ["Format", "Ordered", "SizeClass", "Tier"]
