"""The rules of the house that no other tool checks: rooms of every platform, small files, a first sentence, no silence."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = ("bot", "adapters", "core")
MOST_LINES = 320
MOST_STATEMENT_LINES = 60


def files(*folders: str) -> Iterator[Path]:
    """The source of these floors; migrations, a list of what was done to tables, are not rooms."""
    for folder in folders:
        yield from sorted(path for path in (ROOT / folder).rglob("*.py") if path.parent.name != "versions")


def where(path: Path, line: int = 1) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


@pytest.mark.parametrize("platform", ["slack", "telegram", "page"])
def test_every_platform_has_the_same_four_rooms(platform: str) -> None:
    home = ROOT / "adapters" / platform
    missing = [room for room in ("app", "read", "render", "deliver") if not list(home.glob(f"{room}*"))]
    assert not missing


def test_files_and_functions_stay_small() -> None:
    large = [where(path) for path in files(*FLOORS) if len(path.read_text("utf-8").splitlines()) > MOST_LINES]
    for path in files(*FLOORS):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno
                if lines > MOST_STATEMENT_LINES:
                    large.append(f"{where(path, node.lineno)} {node.name}: {lines} lines")
    assert not large, "\n".join(large)


def test_every_module_opens_with_a_sentence() -> None:
    silent = [
        where(path)
        for path in files(*FLOORS, "tests")
        if path.read_text("utf-8").strip() and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert not silent, "\n".join(silent)


def test_no_error_passes_in_silence_and_nothing_is_left_for_later() -> None:
    rough = []
    for path in files(*FLOORS):
        text = path.read_text("utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ExceptHandler) and all(isinstance(one, ast.Pass) for one in node.body):
                rough.append(f"{where(path, node.lineno)} an error passes in silence")
        for number, line in enumerate(text.splitlines(), 1):
            if re.search(r"\b(TODO|FIXME|raise NotImplementedError)\b", line):
                rough.append(f"{where(path, number)} {line.strip()}")
    assert not rough, "\n".join(rough)
