"""The composition root: opens everything, joins it, runs it until told to stop, and closes it in the right order."""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import httpx

from bot import counting, platforms, play
from bot.clock import now
from bot.counting import CountedClient, CountedDoor, CountedMessenger, errors_counted
from bot.database import open_database, welcome_page_admin
from bot.finish import sender
from bot.links import ReferenceLinks
from bot.metrics import Metrics
from bot.platforms import Platform
from bot.schedule import Schedule
from bot.settings import Settings
from bot.simulator.config import PLAY_KEY
from bot.storing import watch
from bot.web import Doors, WebServer, make_app
from core import generations, keypools
from core.commands.asking import Tools
from core.desk import Desk
from core.errors import PaintbotError
from core.images import Images, S3Options, StoredImage, open_store
from core.jimeng.client import JimengClient
from core.jimeng.models import table
from core.jimeng.transport import AiohttpTransport
from core.keypools import Vault
from core.painting import House
from core.records import AlreadyRunning, Records
from core.records.troubles import TROUBLES
from core.replies import Messenger
from core.requests import Line
from core.studio import Linker, Pace, Studio
from core.studio import Tools as StudioTools
from core.texts import use_timezone

log = logging.getLogger(__name__)

REFERENCE_SECONDS = 3 * 3600
CALL_SECONDS = 30.0
SWITCH_SECONDS = 0.001


class Busy(PaintbotError):
    """Another bot runs on the same data: one line that says so."""


@dataclass(slots=True)
class Open:
    """Everything that is open while the bot runs."""

    settings: Settings
    records: Records
    images: Images
    client: JimengClient
    vault: Vault
    links: ReferenceLinks
    tools: Tools
    desk: Desk
    studio: Studio
    messengers: dict[str, Messenger]
    metrics: Metrics


async def run(settings: Settings) -> Sequence[Line]:
    """Run until SIGINT or SIGTERM. Raises one-line PaintbotErrors for what keeps it from starting."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, stopping.set)
    async with running(settings) as address:
        print(f"paintbot {address}", flush=True)
        await stopping.wait()
        log.info("stopping: finishing what is on its way")
    return []


@asynccontextmanager
async def running(settings: Settings, pace: Pace | None = None) -> AsyncIterator[str]:
    """The whole bot for as long as this is open; its address. Opened from the database up, closed from the platforms down."""
    use_timezone(settings.bot.timezone)
    async with AsyncExitStack() as stack:
        house = await open_house(settings, stack, pace)
        if settings.page.enabled:
            await welcome_page_admin(house.records, settings)
        stack.enter_context(errors_counted(house.metrics))
        door = CountedDoor(house.desk, house.metrics)
        apps = await platforms.make(settings, door, house.records, house.images, now)
        house.messengers.update({name: CountedMessenger(app.messenger, house.metrics) for name, app in apps.items()})
        address = await begin(house, apps, stack)
        zone = ZoneInfo(settings.bot.timezone)
        schedule = Schedule(house.records, house.tools, house.messengers, zone, settings.bot.language)
        schedule.start()
        stack.callback(schedule.stop)
        watching = asyncio.create_task(watch(house.images.store, settings.images_url), name="picture store")
        stack.callback(watching.cancel)
        for app in apps.values():
            await app.start()
            stack.push_async_callback(app.stop)
        _tune()
        yield settings.web.public_url or address


def _tune() -> None:
    """The interpreter of a process that is one event loop with a few threads beside it."""
    sys.setswitchinterval(
        SWITCH_SECONDS
    )  # the loop waits less for a thread that works on a picture (5 ms is Python's own)
    gc.freeze()  # what is loaded stays: collecting garbage need not look it through every time (a tenth of a second)


async def begin(house: Open, apps: Mapping[str, Platform], stack: AsyncExitStack) -> str:
    """Serve the web and paint until the stack closes; the web server's own address. Raises CannotListen."""
    settings = house.settings
    web = WebServer(make_app(_doors(house, apps)), settings.web.host, settings.web.port)
    await web.start()
    stack.push_async_callback(web.stop)
    if settings.jimeng.simulator and not house.links.base:
        house.links.base = web.address
    await house.studio.start()
    stack.push_async_callback(house.studio.stop)
    return web.address


def _pace(settings: Settings) -> Pace:
    first = settings.jimeng.poll_first
    return Pace(poll_first=first, poll_least=min(1.0, first), poll_most=settings.jimeng.poll_longest)


async def open_house(
    settings: Settings, stack: AsyncExitStack, pace: Pace | None = None, *, beside: bool = False
) -> Open:
    """Everything open and nothing painting yet, until the stack closes. `beside` a running bot it claims no file and starts no simulator.

    Raises CannotOpen, Busy, NoSimulator, StoreTrouble: one line each.
    """
    records = await open_database(settings, now)
    stack.push_async_callback(records.close)
    http = await stack.enter_async_context(
        httpx.AsyncClient(transport=AiohttpTransport(), timeout=CALL_SECONDS, follow_redirects=False)
    )
    vault = Vault(settings.secret_keys)
    trusted = frozenset[str]() if beside else await _alone(settings, records, vault, http, stack)
    images = open_images(settings, records)
    metrics = Metrics()
    client = CountedClient(http, now, trusted, metrics=metrics)
    models = table(settings.jimeng.models)
    links = ReferenceLinks(settings.derived("links"), settings.web.public_url, now)
    zone = ZoneInfo(settings.bot.timezone)
    messengers: dict[str, Messenger] = {}
    tools = Tools(
        house=House(records, zone),
        images=images,
        models=models,
        messengers=messengers,
        client=client,
        vault=vault,
        clock=now,
        can_link=can_link(settings),
        page_url=settings.web.address if settings.page.enabled else "",
    )
    studio_tools = StudioTools(
        records, client, images, vault, models, _linker(images, links), zone, "Paintbot", settings.bot.language,
        sender(settings, http, now),
    )  # fmt: skip
    studio = Studio(studio_tools, messengers, pace or _pace(settings))
    return Open(settings, records, images, client, vault, links, tools, Desk(tools), studio, messengers, metrics)


async def _alone(
    settings: Settings, records: Records, vault: Vault, http: httpx.AsyncClient, stack: AsyncExitStack
) -> frozenset[str]:
    """This process becomes the bot of these records, with the simulator if it is wanted; the hosts of its own that pictures may come from."""
    _hold(records, settings)
    trusted = await _simulate(settings, records, vault, http, stack)
    await _tell_sealed(records, vault)
    return trusted


def _hold(records: Records, settings: Settings) -> None:
    """This process is the bot of these records. Raises Busy where another is."""
    try:
        records.hold_file()
    except AlreadyRunning as error:
        raise Busy(f"another bot is running on {settings.bot.data_dir}; stop it first") from error
    records.listen()


async def _tell_sealed(records: Records, vault: Vault) -> None:
    """Say at start, not at the first painting, that credentials were sealed with a secret key that is not here."""
    async with records.read() as tx:
        found = await keypools.unopened(tx, vault)
    for alias in found.values():
        log.error(
            "bot.secret_key does not open the key %r: put the old secret key back or enter its secret again", alias
        )


def can_link(settings: Settings) -> bool:
    """Whether Jimeng can fetch a reference by address: from our web server, from a public bucket, or because Jimeng runs on this machine."""
    bucket = settings.images.url.startswith("s3://") and settings.images.public
    return bool(settings.web.public_url) or bucket or settings.jimeng.simulator


def open_images(settings: Settings, records: Records) -> Images:
    """The picture store over the rows of `records`."""

    async def lookup(image: str) -> StoredImage | None:
        async with records.read() as tx:
            return await generations.stored_image(tx, image)

    return Images(open_store(settings.images_url, _s3(settings)), lookup)


def _s3(settings: Settings) -> S3Options | None:
    images = settings.images
    if not images.url.startswith("s3://"):
        return None
    return S3Options(
        region=images.region,
        access_key_id=images.access_key_id.get_secret_value(),
        secret_access_key=images.secret_access_key.get_secret_value(),
        endpoint=images.endpoint,
        virtual_hosted=images.virtual_hosted,
        public=images.public,
    )


def _linker(images: Images, links: ReferenceLinks) -> Linker:
    async def link(image: str) -> str | None:
        return await images.link(image, REFERENCE_SECONDS) or links.url(image, REFERENCE_SECONDS)

    return link


async def _simulate(
    settings: Settings, records: Records, vault: Vault, http: httpx.AsyncClient, stack: AsyncExitStack
) -> frozenset[str]:
    """Start the simulator where it is wanted, else rest its key; the private hosts a download may lead to."""
    if not settings.jimeng.simulator:
        await play.rest(records)
        return frozenset()
    simulator = play.Simulator(settings, http)
    url = await simulator.start()
    stack.push_async_callback(simulator.stop)
    await play.bind(records, vault, url, PLAY_KEY.access_key_id, PLAY_KEY.secret_access_key)
    return frozenset({httpx.URL(url).host})


def _doors(house: Open, apps: Mapping[str, Platform]) -> Doors:
    async def ready() -> Mapping[str, str]:
        problems: dict[str, str] = {}
        try:
            async with asyncio.timeout(5), house.records.read() as tx:
                await counting.alive(tx)
                if sealed := await keypools.unopened(tx, house.vault, on=True):
                    problems["secrets"] = f"bot.secret_key does not open {len(sealed)} keys"
        except Exception as error:  # whatever a driver raises, it is not ready
            problems["database"] = type(error).__name__
        if (
            house.images.store.trouble
        ):  # known from the latest write; the log has the store's own words, which may name hosts
            problems["images"] = "pictures cannot be kept; the log says why"
        problems |= {name: wrong for name, app in apps.items() if (wrong := platforms.trouble(app))}
        return problems

    async def metrics() -> bytes | None:
        for name, app in apps.items():
            house.metrics.platform(name, up=not platforms.trouble(app))
        try:
            async with asyncio.timeout(CALL_SECONDS), house.records.read() as tx:
                return house.metrics.text(await counting.counted(tx, house.messengers.keys()))
        except (*TROUBLES, TimeoutError) as error:  # a gap in the graph, and not a traceback a scrape
            log.warning("metrics: the database did not answer (%s)", type(error).__name__)
            return None

    async def reference(token: str) -> tuple[bytes, str] | None:
        image = house.links.image(token)
        if image is None:
            return None
        with suppress(PaintbotError):
            return await house.images.reference(image)
        return None

    return Doors(
        counting.shared(ready), counting.shared(metrics), reference, platforms.webhooks(apps), platforms.page_of(apps)
    )
