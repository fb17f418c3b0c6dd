"""The build: a lock that is whole and names no place, targets that exist, and a CI that runs them."""

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def name_of(requirement: str) -> str:
    return re.split(r"[\[<>=~! ;]", requirement)[0].lower().replace("_", "-")


def test_the_lock_names_no_address_and_hashes_every_package() -> None:
    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted", LOCK)
    pins = re.findall(r"^[a-z0-9][^\n]*==[^\n]*\\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", LOCK, re.MULTILINE)
    assert len(pins) == len(re.findall(r"^[a-z0-9]", LOCK, re.MULTILINE)) > 100


def test_the_lock_holds_everything_the_project_asks_for() -> None:
    locked = {name_of(line) for line in LOCK.splitlines() if re.match(r"[a-z0-9]", line)}
    wanted = {name_of(one) for group in PROJECT["optional-dependencies"].values() for one in group}
    wanted |= {name_of(one) for one in PROJECT["dependencies"]}
    assert wanted <= locked, wanted - locked


def test_every_target_of_the_makefile_makes_its_own_environment() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in ("run", "test", "check", "bench"):
        assert f"\n{target}: $(READY)\n" in makefile
    plan = subprocess.run(["make", "-n", "-B", "check"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for step in ("-m venv", "--require-hashes -r requirements.lock", "ruff check", "mypy", "lint-imports", "deptry"):
        assert step in plan


def test_ci_runs_the_checks_and_the_tests_and_stops_at_the_first_failure() -> None:
    script = ROOT / ".ci" / "run"
    text = script.read_text("utf-8")
    assert script.stat().st_mode & 0o111
    assert "set -euo pipefail" in text
    assert text.rstrip().endswith("make check\nmake test")
    subprocess.run(["bash", "-n", str(script)], check=True)
