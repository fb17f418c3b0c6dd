"""Each import contract refuses its breach: on a copy of the tree, because a misspelt name in a contract passes in silence."""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = ("bot", "adapters", "core")
PLATFORM_LIBRARIES = ("slack_sdk", "slack_bolt", "aiogram", "nicegui", "apscheduler")

BREACHES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "Three floors": (("core.errors", "adapters.slack"), ("adapters.telegram", "bot.settings")),
    "The rooms of the core": (
        ("core.texts", "core.records"),
        ("core.replies", "core.cards"),
        ("core.records", "core.members"),
        ("core.members", "core.ledger"),
        ("core.painting", "core.studio"),
        ("core.cards", "core.painting"),
    ),
    "The rooms of the process": (("bot.settings", "bot.web"), ("bot.web", "bot.cli")),
    "The platforms never meet": (("adapters.page", "adapters.slack"),),
    "A platform imports no other": (("adapters.page", "adapters.slack"),),
    "The four rooms of Slack": (("adapters.slack.render", "adapters.slack.app"),),
    "The four rooms of Telegram": (("adapters.telegram.render", "adapters.telegram.app"),),
    "The four rooms of the page": (("adapters.page.render", "adapters.page.app"),),
    "Adapters meet the core": (("adapters.telegram", "core.members"), ("adapters.slack", "core.looks")),
    "The core knows no platform": tuple(("core.requests", library) for library in PLATFORM_LIBRARIES),
    "httpx is of the Jimeng client": (("core.texts", "httpx"), ("adapters.slack", "httpx"), ("bot.links", "httpx")),
    "SQLAlchemy and Alembic": (("core.cards", "sqlalchemy"), ("core.commands", "alembic"), ("bot.web", "sqlalchemy")),
    "The simulator": (("bot.simulator", "core.jimeng"),),
}
CONTAINERS = ("core", "bot", "adapters", "adapters.slack", "adapters.telegram", "adapters.page")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The three floors and the contracts, copied."""
    for floor in FLOORS:
        shutil.copytree(ROOT / floor, tmp_path / floor, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def module_file(tree: Path, module: str) -> Path:
    path = tree.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def report(tree: Path) -> tuple[str, Mapping[str, str]]:
    """What lint-imports says: the summary, and the text under each broken contract's name."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    ran = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    summary, _, broken = ran.stdout.partition("Broken contracts")
    sections: dict[str, str] = {}
    name = ""
    lines = broken.splitlines()
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if below and set(below) == {"-"}:
            name = line
        sections[name] = sections.get(name, "") + line + "\n"
    return summary, sections


def test_every_contract_refuses_its_breaches(tree: Path) -> None:
    for breaches in BREACHES.values():
        for importer, imported in breaches:
            path = module_file(tree, importer)
            path.write_text(path.read_text("utf-8") + f"\nimport {imported}\n", "utf-8")
    _, sections = report(tree)
    for contract, breaches in BREACHES.items():
        found = [text for name, text in sections.items() if name.startswith(contract)]
        assert found, f"not broken: {contract}"
        for importer, imported in breaches:
            assert any(f"{importer} -> {imported}" in text for text in found), f"{contract}: {importer} -> {imported}"


def test_a_stray_room_fails_the_build_in_every_container(tree: Path) -> None:
    for container in CONTAINERS:
        (module_file(tree, container).parent / "helpers.py").write_text('"""Of no floor."""\n', "utf-8")
    summary, sections = report(tree)
    text = "".join(sections.values()) + summary
    for container in CONTAINERS:
        assert f"- {container}.helpers" in text


def test_every_contract_is_breached_here() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    for contract in contracts:
        assert any(contract["name"].startswith(name) for name in BREACHES), contract["name"]
    core = next(contract for contract in contracts if contract["id"] == "core")
    assert not [layer for layer in core["layers"] if "(" in layer], "a room of the core may not be optional"
