"""The whole process as a newcomer has it: `paintbot run` in an empty folder with an empty home, a real browser, and a bot that is killed."""

import asyncio
import json
import os
import shutil
import signal
import socket
import sqlite3
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import IO, Any

import httpx
import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.play import NoSimulator, Simulator
from bot.settings import load
from bot.settings_tables import JimengTable
from tests.waiting import eventually

PATIENCE = 60.0
PAINTBOT = str(Path(sys.executable).with_name("paintbot"))
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
LATE = 600.0
"""A painting that only ends when the test says so."""


class Home:
    """An empty folder in which bots are started."""

    def __init__(self, folder: Path, stack: AsyncExitStack) -> None:
        self.folder = folder
        self._stack = stack
        self.port = 0

    def keep_port(self) -> None:
        """One port for every bot here: bound and never listening, it is given to nobody who asks for any free port."""
        kept = self._stack.enter_context(socket.socket())
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        kept.bind(("127.0.0.1", 0))
        self.port = kept.getsockname()[1]

    async def command(self, *words: str, complaints: int | IO[bytes] = PIPE) -> Process:
        """`paintbot …` here."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PAINTBOT_WEB__PORT": str(self.port),
            "PAINTBOT_JIMENG__SIMULATOR_PORT": "0",
        }
        process = await asyncio.create_subprocess_exec(
            *(PAINTBOT, *words), cwd=self.folder, env=environment, stdin=DEVNULL, stdout=PIPE, stderr=complaints
        )
        self._stack.push_async_callback(ended, process)
        return process

    async def bot(self) -> tuple[Process, str]:
        """A running bot and its address; its log goes to a file, for nobody reads it while it runs."""
        with (self.folder / "bot.log").open("ab") as log:
            process = await self.command("run", complaints=log)
        assert process.stdout is not None
        line = (await asyncio.wait_for(process.stdout.readline(), PATIENCE)).decode()
        assert line.startswith("paintbot http://"), (line, (self.folder / "bot.log").read_text("utf-8"))
        return process, line.split()[1]

    def count(self, query: str) -> Any:
        """One value of the database, read beside the bot."""
        with closing(sqlite3.connect(self.folder / "data" / "paintbot.db", timeout=30)) as connection:
            row = connection.execute(query).fetchone()
        return row[0] if row else None

    async def simulator(self, **wanted: Any) -> Mapping[str, Any]:
        """Tell the simulator something, and what it knows then."""
        url = json.loads((self.folder / "data" / "simulator.ready").read_text("utf-8"))["url"]
        async with httpx.AsyncClient() as http:
            if wanted:
                (await http.post(f"{url}/_control", json=wanted)).raise_for_status()
            told: Mapping[str, Any] = (await http.get(f"{url}/_control")).json()
            return told

    def simulator_pid(self) -> int | None:
        """The process of the simulator, None once an orderly stop took it along."""
        ready = self.folder / "data" / "simulator.ready"
        return int(json.loads(ready.read_text("utf-8"))["pid"]) if ready.exists() else None


async def ended(process: Process) -> None:
    """However a test left it."""
    if process.returncode is None:
        process.kill()
    await process.communicate()


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    async with AsyncExitStack() as stack:
        here = Home(tmp_path, stack)
        yield here
    left = here.simulator_pid()
    if left is not None:
        os.kill(left, signal.SIGKILL)


@pytest.mark.skipif(not CHROMIUM, reason="no chromium, chromium-browser or google-chrome on this machine's PATH")
async def test_a_newcomer_paints_in_the_browser_and_a_killed_bot_loses_nothing(home: Home) -> None:
    home.keep_port()
    bot, address = await home.bot()
    async with (
        async_playwright() as play,
        await play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]) as chromium,
    ):
        browser = await chromium.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
        browser.set_default_timeout(PATIENCE * 1000)
        page = await browser.new_page()
        expect.set_options(timeout=PATIENCE * 1000)
        await page.goto(address)
        await page.get_by_label("切换成员").click()
        await page.get_by_role("menuitem", name="周舟").click()
        await expect(page.locator(".pb-me")).to_contain_text("周舟")
        await expect(page.locator(".pb-me")).to_contain_text("1,000")

        await home.simulator(set={"paint_seconds": LATE})
        await type_line(page, "/paint 一只橘猫坐在窗台上 --ar 16:9 --n 2", price="预计 200 积分")
        card = page.locator(".pb-main .pb-card").last
        await expect(card).to_contain_text("预留 200 积分（剩 800）")
        await eventually(lambda: home.count("SELECT count(*) FROM tasks WHERE status = 'submitted'") == 2, PATIENCE)
        await expect(card).to_contain_text("正在画 · 0/2 完成")
        await home.simulator(set={"paint_seconds": 0.0, "queue_seconds": 0.0}, finish=True)
        await expect(card).to_contain_text("用了 200 积分 · 余额 800")
        await expect(card.locator("img")).to_have_count(2)
        for number in range(2):
            await expect(card.locator("img").nth(number)).to_have_js_property("naturalWidth", 512)

        await home.simulator(set={"paint_seconds": LATE})
        await card.locator(".pb-thread-link").click()
        thread = page.locator(".pb-thread:not(.pb-panel)")
        await expect(thread).to_contain_text("一只橘猫坐在窗台上")
        await thread.get_by_role("button", name="再来 · 200", exact=True).click()
        await eventually(lambda: home.count("SELECT count(*) FROM tasks WHERE status = 'submitted'") == 2, PATIENCE)
        await page.evaluate("window.before = true")
        bot.kill()
        await bot.wait()
        bot, _ = await home.bot()
        await home.simulator(finish=True)
        await eventually(lambda: home.count("SELECT count(*) FROM generations WHERE outcome = 'done'") == 2, PATIENCE)
        await page.wait_for_function("!window.before")  # the open tab came back by itself
        await expect(page.locator(".pb-me")).to_contain_text("600")
        page = await browser.new_page()
        await page.goto(address)
        await page.locator(".pb-main .pb-thread-link").click()
        await expect(page.locator(".pb-thread .pb-card img")).to_have_count(4)
        await type_line(page, "/points")
        await expect(page.locator(".pb-main .pb-card").last).to_contain_text("600")
    assert sum((await home.simulator())["accepted"].values()) == 4
    assert home.count("SELECT group_concat(points || ' ' || held) FROM ledger WHERE kind = 'charge'") == "0 -200,0 -200"


async def type_line(page: Page, line: str, price: str = "") -> None:
    """What a member types, with the price they see before they send it."""
    box = page.locator(".pb-main textarea")
    await box.fill(line)
    if price:
        await expect(page.locator(".pb-main .pb-price")).to_contain_text(price)
    await box.press("Enter")


async def test_the_doctor_watches_a_bot_being_killed_and_its_painting_end_once(home: Home) -> None:
    first, _ = await home.bot()
    await home.simulator(set={"paint_seconds": LATE, "queue_seconds": 0.0})
    doctor = await home.command("doctor")
    await eventually(lambda: home.count("SELECT count(*) FROM tasks WHERE status = 'submitted'") == 1, PATIENCE)
    simulator = home.simulator_pid()
    first.kill()
    await first.wait()
    second, address = await home.bot()
    assert home.simulator_pid() == simulator, "the simulator lived on"

    third = await home.command("run")
    said, complaint = await third.communicate()
    assert (third.returncode, said) == (1, b"")
    assert complaint.decode().splitlines()[-1].startswith("paintbot: another bot is running on ")

    await home.simulator(finish=True, set={"paint_seconds": 0.0})
    said, _ = await asyncio.wait_for(doctor.communicate(), PATIENCE)
    assert doctor.returncode == 0, said.decode()
    assert "有一个机器人正在用它运行" in said.decode()
    assert "扣了 100 积分" in said.decode()
    accepted = (await home.simulator())["accepted"]
    assert [count for prompt, count in accepted.items() if "橘猫" in prompt] == [1]
    assert home.count("SELECT count(*) FROM ledger WHERE kind = 'charge'") == 1
    assert home.count("SELECT sum(held) FROM members") == 0

    async with httpx.AsyncClient() as http:
        told = (await http.get(f"{address}/metrics")).text
    assert 'paintbot_jimeng_calls_total{call="submit",outcome="final"} 1.0' in told
    assert 'paintbot_points_total{kind="charge"} 100.0' in told

    second.terminate()
    assert await asyncio.wait_for(second.wait(), PATIENCE) == 0
    assert home.simulator_pid() is None, "an orderly stop takes the simulator along"


async def test_a_wrong_setting_is_one_line_and_nothing_is_started(home: Home) -> None:
    (home.folder / "config.toml").write_text("[points]\nwellcome = 5\n")
    process = await home.command("run")
    said, complaint = await process.communicate()
    assert (process.returncode, said) == (2, b"")
    assert complaint.decode() == "paintbot: config.toml: points.wellcome: unknown; did you mean 'welcome'?\n"
    assert [path.name for path in home.folder.iterdir()] == ["config.toml"]


@pytest.fixture
def taken() -> Iterator[int]:
    """A port of this machine that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


async def test_a_second_bot_on_one_machine_takes_a_free_port_for_its_simulator(tmp_path: Path, taken: int) -> None:
    settings = load(None, {"PAINTBOT_BOT__DATA_DIR": str(tmp_path)})
    habit = JimengTable.model_construct(_fields_set=settings.jimeng.model_fields_set, simulator_port=taken)
    async with httpx.AsyncClient() as http:
        simulator = Simulator(settings.model_copy(update={"jimeng": habit}), http)
        url = await simulator.start()
        try:
            assert httpx.URL(url).port != taken and "Jimeng simulator" in (await http.get(url)).text
        finally:
            await simulator.stop()


async def test_a_simulator_port_that_was_asked_for_and_is_taken_is_said(tmp_path: Path, taken: int) -> None:
    told = {"PAINTBOT_BOT__DATA_DIR": str(tmp_path), "PAINTBOT_JIMENG__SIMULATOR_PORT": str(taken)}
    async with httpx.AsyncClient() as http:
        with pytest.raises(NoSimulator, match=rf"is port {taken} \(jimeng\.simulator_port\) taken\?"):
            await Simulator(load(None, told), http).start()
