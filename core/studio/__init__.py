"""The engine: it paints what the records hold, whatever dies on the way, and shows it in the threads."""

from core.studio.bench import Tools
from core.studio.drawing import Linker
from core.studio.engine import Studio
from core.studio.pace import Pace

__all__ = ["Linker", "Pace", "Studio", "Tools"]
