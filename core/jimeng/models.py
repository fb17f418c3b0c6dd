"""The capability table: one row per `req_key` saying what it takes, and the choice of a row for what a member asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from core.errors import PaintbotError, Refusal

Tier = Literal["sd", "hd"]
Transport = Literal["link", "bytes", "none"]
ScaleKind = Literal["none", "0..1", "1..100", "0..100"]
Role = Literal["text.sd", "text.hd", "one.link", "one.bytes", "several", "upscale", "again"]
Size = tuple[int, int]

SEED_LARGEST = 2_147_483_647
"""Jimeng documents no upper bound; Seedream 3.0 behind its other door takes this."""

LIST_1K: tuple[Size, ...] = ((1328, 1328), (1472, 1104), (1584, 1056), (1664, 936), (2016, 864))
LIST_2K: tuple[Size, ...] = ((2048, 2048), (2304, 1728), (2496, 1664), (2560, 1440), (3024, 1296))
LIST_I2I_SD: tuple[Size, ...] = ((1328, 1328), (1472, 1104), (1536, 1024), (1536, 864), (1536, 656))
LIST_I2I_HD: tuple[Size, ...] = ((1536, 1536), (1536, 1152), (1536, 1024), (1536, 864), (1536, 656))


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What one `req_key` takes. Sizes in pixels, ratios are width / height, bounds are inclusive.

    `references` (least, most) pictures, which travel as `transport`; `reference_bytes` bounds each where they travel
    as bytes (a link leads to what was made safe when it came: 15 MB, 4096 px, 1:3 to 3:1). `prompt_longest` counts
    characters of what is sent, at most the 800 a line may have. `area` bounds width × height, `side` each side,
    `ratio` the shape. `sd` and `hd` are the recommended landscape sizes of a tier (portrait is the swap), computed
    sizes are multiples of `step`, and an exact size is rounded to multiples of `exact_step`. `resolution` ("4k", "8k") marks an
    upscaler: it takes no prompt and no size.
    `roles` are the requests it answers; the first row of the table with a role has it.
    """

    name: str
    req_key: str
    roles: tuple[Role, ...] = ()
    references: tuple[int, int] = (0, 0)
    transport: Transport = "none"
    reference_bytes: int = 15_000_000
    area: tuple[int, int] = (262_144, 4_194_304)
    side: tuple[int, int] = (16, 16_384)
    ratio: tuple[float, float] = (1 / 3, 3.0)
    step: int = 8
    exact_step: int = 1
    sd: tuple[Size, ...] = LIST_1K
    hd: tuple[Size, ...] = LIST_2K
    seed: bool = False
    scale: ScaleKind = "none"
    use_pre_llm: bool = False
    force_single: bool = False
    prompt_longest: int = 800
    mime: str = "image/png"
    resolution: str = ""
    extra: Mapping[str, str | int | float | bool] = field(default_factory=dict)


BUILT_IN: tuple[Model, ...] = (
    Model(
        name="v31", req_key="jimeng_t2i_v31", roles=("text.sd", "again"), seed=True, use_pre_llm=True, mime="image/jpeg"
    ),
    Model(
        name="v40",
        req_key="jimeng_t2i_v40",
        roles=("text.hd", "one.link", "several"),
        references=(0, 10),
        transport="link",
        area=(1_048_576, 16_777_216),
        scale="0..1",
        force_single=True,
    ),
    Model(
        name="i2i",
        req_key="jimeng_i2i_v30",
        roles=("one.bytes",),
        references=(1, 1),
        transport="bytes",
        reference_bytes=4_700_000,
        side=(512, 1536),
        step=16,
        exact_step=16,
        sd=LIST_I2I_SD,
        hd=LIST_I2I_HD,
        seed=True,
        scale="0..1",
        mime="image/jpeg",
    ),
    Model(
        name="upscale",
        req_key="jimeng_i2i_seed3_tilesr_cvtob",
        roles=("upscale",),
        references=(1, 1),
        transport="bytes",
        reference_bytes=4_700_000,
        scale="0..100",
        resolution="4k",
    ),
    Model(
        name="v46",
        req_key="jimeng_seedream46_cvtob",
        references=(0, 14),
        transport="link",
        area=(1_048_576, 16_777_216),
        scale="1..100",
        force_single=True,
    ),
    Model(name="v30", req_key="jimeng_t2i_v30", seed=True, use_pre_llm=True, mime="image/jpeg"),
)


class NoLink(PaintbotError):
    """Several references need a link Jimeng can reach, and none is configured (`web.public_url`, a bucket): refuse
    before the hold, tell the admins."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows in order: configured new ones first, then the built-in ones (as configuration changed them)."""

    rows: tuple[Model, ...] = BUILT_IN

    def row(self, key: str) -> Model:
        """The row of a `req_key` or of a name; KeyError when there is none."""
        for row in self.rows:
            if key in (row.req_key, row.name):
                return row
        raise KeyError(key)

    def having(self, role: Role) -> Model:
        """The first row with this role; Refusal `jimeng.no_model` when the configuration left none."""
        for row in self.rows:
            if role in row.roles:
                return row
        raise Refusal("jimeng.no_model")

    def choose(
        self, tier: Tier, references: int, *, can_link: bool, final: Literal["", "upscale", "again"] = ""
    ) -> Model:
        """The row that paints a request: `references` pictures in this tier, `can_link` when Jimeng can reach a link
        of ours.

        `final` is how a chosen draft becomes HD: "upscale" keeps the picture, "again" paints it again with the same
        seed at 2K (references then choose as usual). Raises NoLink for several references without a link, Refusal
        `jimeng.too_many_references` ({most}, {given}) beyond the row's number.
        """
        if final == "upscale":
            return self.having("upscale")
        if references == 0:
            return self.having("again" if final == "again" else "text.hd" if tier == "hd" else "text.sd")
        if references > 1 and not can_link:
            raise NoLink
        row = self.having("several" if references > 1 else "one.link" if can_link else "one.bytes")
        if references > row.references[1]:
            raise Refusal(
                "jimeng.too_many_references", {"most": row.references[1], "given": references}, field="references"
            )
        return row


def table(configured: Mapping[str, Mapping[str, Any]] | None = None) -> Table:
    """The table with `[jimeng.models.<name>]` applied: a known name (or req_key) is changed field by field, a new one
    is a new row (`req_key` required).

    Raises ValueError naming the row and what is wrong with it (unknown field, wrong type).
    """
    rows = {row.name: row for row in BUILT_IN}
    names = {row.req_key: row.name for row in BUILT_IN}
    fresh: list[Model] = []
    for name, given in (configured or {}).items():
        old = rows.get(names.get(name, name))
        made = _made(name, old, given)
        if old is None:
            fresh.append(made)
        else:
            rows[old.name] = made
    return Table((*fresh, *rows.values()))


def _made(name: str, old: Model | None, given: Mapping[str, Any]) -> Model:
    base: dict[str, Any] = {"name": name} if old is None else {"name": old.name, "req_key": old.req_key}
    try:
        wanted = TypeAdapter(Model).validate_python({**base, **given})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise ValueError(f"{name}.{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    if old is None:
        return wanted
    return replace(old, **{key: getattr(wanted, key) for key in given})


def seed_for(row: Model, seed: int | None) -> int | None:
    """The seed as the row takes it: within [0, 2147483647], None where the row has no seed."""
    if not row.seed or seed is None:
        return None
    return max(0, min(seed, SEED_LARGEST))


def scale_for(row: Model, scale: float | None) -> float | int | None:
    """A text weight of the house (0..1) in the unit of the row: two decimals, or a whole number of its range; None
    where the row has none."""
    if scale is None:
        return None
    match row.scale:
        case "none":
            return None
        case "0..1":
            return round(min(max(scale, 0.0), 1.0), 2)
        case "1..100":
            return max(1, min(100, round(scale * 100)))
        case "0..100":
            return max(0, min(100, round(scale * 100)))


def roles_of(rows: Iterable[Model]) -> Mapping[str, str]:
    """Which `req_key` answers each role (doctor shows it)."""
    found: dict[str, str] = {}
    for row in rows:
        for role in row.roles:
            found.setdefault(role, row.req_key)
    return found
