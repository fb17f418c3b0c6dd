"""What the Telegram benchmark measures, each a process of its own: `floor`, `adapter`, `bot`. Arguments: subject, Bot API, Jimeng, folder."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.quick import keys_to
from tests.telegram.stand_in import TOKEN


async def floor(telegram: str, jimeng: str, _: Path) -> None:
    """A bot that does nothing but fetch and send."""
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import BufferedInputFile, Message
    from aiohttp import ClientSession

    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(telegram)))
    dispatcher = Dispatcher()
    async with ClientSession() as http:

        @dispatcher.message()
        async def paint(message: Message) -> None:
            async with http.get(f"{jimeng}/picture.jpg") as answer:
                picture = await answer.read()
            await message.answer_photo(BufferedInputFile(picture, "1.jpg"))

        await dispatcher.start_polling(bot, handle_signals=False)


async def adapter(telegram: str, jimeng: str, folder: Path) -> None:
    """Our adapter and store with a desk that fetches and answers: no engine, no points, no picture work."""
    from aiohttp import ClientSession

    from adapters.telegram.app import TelegramApp
    from adapters.telegram.gate import Limits
    from core.migrations import migrate
    from core.records import open_records
    from core.records.platforms import Platforms
    from tests.bench.fetching import Fetching, Quick

    url = f"sqlite:///{folder / 'adapter.db'}"
    await asyncio.to_thread(migrate, url)
    records = open_records(url, lambda: datetime.now(UTC))
    async with ClientSession() as http:
        store = Platforms(records, "telegram")
        app = TelegramApp(TOKEN, telegram, "polling", Quick(), store, Fetching(http, jimeng), limits=Limits.lifted())
        await app.start()
        await asyncio.Event().wait()


async def bot(telegram: str, jimeng: str, folder: Path) -> None:
    """The whole bot as wiring joins it, its gate lifted and its key pool pointed at the quick Jimeng."""
    import adapters.telegram.app.telegram as joined
    from adapters.telegram.gate import Limits
    from bot import play, wiring
    from bot.settings import load

    config = folder / "config.toml"
    config.write_text(
        f"""
        bot = {{ data_dir = "{folder}/data", language = "en" }}
        web = {{ port = 0 }}
        page = {{ enabled = false }}
        telegram = {{ token = "{TOKEN}", api_base = "{telegram}" }}
        access = {{ open_to_strangers = true }}
        points = {{ welcome = 1000000 }}
        jimeng = {{ simulator = true, simulator_port = 0, poll_first = 0.001 }}
        """,
        "utf-8",
    )

    play.bind = keys_to(jimeng)  # type: ignore[assignment]
    vars(joined)["Limits"] = Limits.lifted
    await wiring.run(load(config, {}))


def main() -> None:
    subject, telegram, jimeng, folder = sys.argv[1:]
    asyncio.run({"floor": floor, "adapter": adapter, "bot": bot}[subject](telegram, jimeng, Path(folder)))


if __name__ == "__main__":
    main()
