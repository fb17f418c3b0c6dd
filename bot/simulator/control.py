"""The control room of tests and curious people: settings, faults, and what was asked how often.

GET `/_control` tells `settings`, `faults`, `calls` (signed submits, polls, downloads), `tasks`, and `submits`,
`accepted` and `codes` (counts by prompt, accepted ones by prompt, by code). POST takes any of:

{"set": {"queue_seconds": 0, "paint_seconds": 5, "in_flight": 1, "qps": 3, "link_seconds": 2, "unknown_task": "50215",
…}, "faults": [{"on": "submit", "do": "drop_after", "prompt": "fox", "times": 1}, {"on": "poll", "do": "code", "code":
50500}], "clear_faults": true, "finish": true, "forget": ["7392616336519610409"], "clear": true}

`finish` ends every unfinished task now, `forget` makes tasks unknown, `clear` empties the memory.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bot.simulator import faults
from bot.simulator.state import Simulator

SETTINGS = (
    "queue_seconds",
    "paint_seconds",
    "in_flight",
    "qps",
    "life_seconds",
    "link_seconds",
    "unknown_task",
    "public_url",
)
ACTS = {"set", "faults", "clear_faults", "finish", "forget", "clear"}


async def told(simulator: Simulator) -> dict[str, Any]:
    """What GET answers."""
    config = simulator.config
    return {
        "settings": {name: getattr(config, name) for name in SETTINGS},
        "faults": [asdict(fault) for fault in simulator.faults.waiting],
        "calls": dict(simulator.calls),
        **await simulator.store.told(config.now()),
    }


async def change(simulator: Simulator, wanted: Mapping[str, Any]) -> None:
    """What POST does. Raises ValueError for something it does not know; nothing has changed then."""
    settings = wanted.get("set", {})
    strange = (set(wanted) - ACTS) | (set(settings) - set(SETTINGS))
    if strange:
        raise ValueError(f"unknown: {', '.join(sorted(strange))}")
    for name, value in settings.items():
        now = getattr(simulator.config, name)
        if isinstance(now, str) != isinstance(value, str):
            raise ValueError(f"{name} is like {now!r}")
    fresh = [faults.read(given) for given in wanted.get("faults", [])]
    for name, value in settings.items():
        setattr(simulator.config, name, value)
    if wanted.get("clear_faults"):
        simulator.faults.waiting.clear()
    if wanted.get("clear"):
        await simulator.store.clear()
        simulator.recent.clear()
        simulator.calls.update(dict.fromkeys(simulator.calls, 0))
    simulator.faults.waiting.extend(fresh)
    if wanted.get("finish"):
        await simulator.store.finish_all(simulator.config.now())
    await simulator.store.forget(wanted.get("forget", []))
