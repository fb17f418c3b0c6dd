"""The team's rules: prices, limits, pause and the like, as the database has them now; configuration only seeds the first start."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.records import Tx
from core.records.tables import rules


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything admins may change while the bot runs. Points are whole numbers; 0 means zero, None means no limit."""

    sd: int = 100
    hd: int = 100
    final: int | None = None
    """A final made of a draft; None: as `hd`."""
    confirm_above: int = 400
    welcome: int = 1000
    allowance: int = 0
    """Points a member gets at the first of a month; 0: none."""
    daily_pictures: int | None = None
    at_once: int | None = 10
    """Paintings one member may have under way."""
    pool: str = "default"
    paused: str | None = None
    """A public text while painting is paused; None: not paused."""
    label: bool = True
    """Pictures carry the AI label by default."""
    unlabelled: bool = False
    """Members may ask for no visible label (`--wm off`)."""
    open_to_strangers: bool = False
    channels: tuple[str, ...] = ()
    """`platform:channel` where painting is allowed; empty: everywhere."""
    workspaces: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()
    pause_after: int = 0
    """Pause by itself after so many failures in a row for one of our own causes; 0: never."""
    expected: int | None = None
    """Pictures a day the team expects: more is an alert, never a limit; None: no number."""
    form_off: tuple[str, ...] = ()
    """Fields the painting form does not ask for; what they would say has its default."""
    final_review: bool = False
    """A member's final waits for the yes of a reviewer or an admin."""
    in_charge: str = ""
    """Who approves changes, by name or mention, as an admin wrote it; "": nobody is named."""

    def price(self, tier: str) -> int:
        """Points a picture of this tier: "sd", "hd" or "final"."""
        if tier == "final":
            return self.hd if self.final is None else self.final
        return self.hd if tier == "hd" else self.sd


ALL = sa.select(rules.c.key, rules.c.value)
NAMES = tuple(field.name for field in dataclasses.fields(Rules))


async def read(tx: Tx) -> Rules:
    """The rules in force; what the database does not name has its default."""
    rows = await tx.all(ALL)
    return _rules({row["key"]: row["value"] for row in rows})


def _rules(values: Mapping[str, Any]) -> Rules:
    known: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in values.items() if key in NAMES
    }
    return Rules(**known)


async def changed(tx: Tx, key: str) -> datetime | None:
    """When this rule was changed last; None for one that has its default."""
    found: datetime | None = await tx.scalar(sa.select(rules.c.changed).where(rules.c.key == key))
    return found


async def change(tx: Tx, key: str, value: Any) -> Any:
    """Set one rule; its value before. ValueError for a name that is no rule."""
    if key not in NAMES:
        raise ValueError(key)
    before = getattr(await read(tx), key)
    stored = list(value) if isinstance(value, tuple) else value
    insert = tx.insert(rules).values(key=key, value=sa.JSON.NULL if stored is None else stored, changed=tx.now)
    insert = insert.on_conflict_do_update(
        index_elements=[rules.c.key],
        set_={"value": insert.excluded.value, "changed": insert.excluded.changed},
    )
    await tx.change(insert)
    tx.wake("tasks")
    return before


async def seed(tx: Tx, values: Mapping[str, Any]) -> bool:
    """Write the first rules from configuration; False (and nothing written) when the database rules already."""
    if await tx.scalar(sa.select(sa.func.count()).select_from(rules)):
        return False
    for key, value in values.items():
        if key not in NAMES:
            raise ValueError(key)
        stored = list(value) if isinstance(value, tuple) else value
        await tx.change(
            tx.insert(rules)
            .values(key=key, value=sa.JSON.NULL if stored is None else stored, changed=tx.now)
            .on_conflict_do_nothing()
        )
    return True
