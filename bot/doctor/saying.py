"""What the doctor says: what is well, what is worth knowing, what is wrong; the wrong is counted."""

from collections.abc import Callable

from core.requests import Line, Value

Tell = Callable[[Line], None]


class Finding:
    """Tells each finding at once; `wrong` counts those that need somebody."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self.wrong = 0

    def well(self, key: str, /, **values: Value) -> None:
        """As it should be."""
        self._tell(Line(key, values))

    def note(self, key: str, /, **values: Value) -> None:
        """Worth knowing, and no fault."""
        self._tell(Line(key, values, tone="fact"))

    def bad(self, key: str, /, **values: Value) -> None:
        """Wrong: somebody has to do something."""
        self.wrong += 1
        self._tell(Line(key, values, tone="alert"))
