"""From a painting's record to the one call its task makes: the words, the numbers in the model's units, the references as they travel."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import sqlalchemy as sa

from core.errors import PaintbotError
from core.images import Images
from core.jimeng.client import Credential, Drawing, Label
from core.jimeng.models import Model, Table, seed_for
from core.keypools import Vault
from core.records import Row, Tx
from core.records.tables import credentials, generations, references
from core.studio.work import Work

Linker = Callable[[str], Awaitable[str | None]]
"""An image's id -> an address Jimeng can fetch it from for the next hours; None where no link can be reached."""

REPEATED = ("final", "repaint", "retry")


class CannotDraw(PaintbotError):
    """The record asks for what the configuration no longer gives: a model's row, a link."""


PAINTING = (
    sa.select(
        *(
            generations.c[name]
            for name in ("prompt_sent", "width", "height", "weight", "seed_typed", "parent_kind", "watermark")
        ),
        generations.c.language,
        generations.c.format,
        *(credentials.c[name] for name in ("alias", "access_key_id", "secret", "api_url", "region")),
        sa.and_(credentials.c.enabled, credentials.c.removed.is_(None)).label("on"),
    )
    .join(credentials, credentials.c.id == sa.bindparam("the_key"))
    .where(generations.c.id == sa.bindparam("the_id"))
)
OFFERED = (
    sa.select(references.c.image_id)
    .where(references.c.generation_id == sa.bindparam("the_id"))
    .order_by(references.c.position)
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a task's calls need from the record: its painting, its model's row, its key and whether that is still on."""

    painting: Row
    model: Model
    credential: Credential
    on: bool
    references: tuple[str, ...]

    @property
    def label(self) -> Label:
        """The visible label Jimeng draws; the implicit one is ours, written after our own encoding."""
        return Label(add=self.painting["watermark"], language=self.painting["language"] or "zh")


async def sheet_of(tx: Tx, vault: Vault, models: Table, work: Work) -> Sheet:
    """Raises CannotDraw when the model has no row (any more), WrongKey when the secret cannot be opened."""
    painting = await tx.first(PAINTING, {"the_id": work.generation_id, "the_key": work.credential_id})
    if painting is None:
        raise LookupError(work.generation_id)
    try:
        model = models.row(work.req_key)
    except KeyError as error:
        raise CannotDraw(f"no model {work.req_key}") from error
    secret = vault.open(painting["secret"])
    key = Credential(painting["alias"], painting["access_key_id"], secret, painting["api_url"], painting["region"])
    rows = await tx.all(OFFERED, {"the_id": work.generation_id}) if model.transport != "none" else ()
    return Sheet(painting, model, key, bool(painting["on"]), tuple(row["image_id"] for row in rows))


async def drawing_of(sheet: Sheet, work: Work, images: Images, link: Linker) -> Drawing:
    """The submit of one task. Raises PictureGone or another Refusal for a reference that cannot be sent, CannotDraw without a link."""
    painting, model = sheet.painting, sheet.model
    links: list[str] = []
    sent: list[bytes] = []
    for image in sheet.references if model.transport != "none" else ():
        if model.transport == "link":
            links.append(await _linked(image, link))
        else:
            sent.append(await _sendable(image, images, model.reference_bytes))
    plain = model.use_pre_llm and (painting["seed_typed"] or painting["parent_kind"] in REPEATED)
    sized = not model.resolution
    return Drawing(
        model.req_key,
        prompt=painting["prompt_sent"] if sized else "",
        width=painting["width"] if sized else 0,
        height=painting["height"] if sized else 0,
        seed=seed_for(model, work.seed),
        scale=_whole(model, painting["weight"]),
        use_pre_llm=False if plain else None,
        force_single=True if model.force_single else None,
        image_links=tuple(links),
        image_bytes=tuple(sent),
        resolution=model.resolution or None,
        extra=model.extra or None,
    )


def _whole(model: Model, weight: float | None) -> float | int | None:
    """The stored weight, which is in the model's unit already: whole where the model wants whole numbers."""
    if weight is None or model.scale == "none":
        return None
    return weight if model.scale == "0..1" else round(weight)


async def _linked(image: str, link: Linker) -> str:
    url = await link(image)
    if url is None:
        raise CannotDraw("no address Jimeng can reach: web.public_url or a public bucket is needed")
    return url


async def _sendable(image: str, images: Images, most: int) -> bytes:
    data, _ = await images.reference(image)
    return data if len(data) <= most else (await images.for_bytes(await images.check_reference(data), most)).data
