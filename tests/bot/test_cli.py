"""The command line, as an operator uses it: real commands on a real database in an empty folder."""

import asyncio
import csv
import io
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from typer.testing import CliRunner, Result

from bot import play
from bot.cli import app
from bot.clock import now
from bot.database import opened
from bot.settings import load
from core.generations import NewGeneration, insert
from core.keypools import Vault, open_credential, views
from core.members import find
from core.records import open_records
from core.requests import Place

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("admins add telegram:7")` in an empty folder, in English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PAINTBOT_BOT__LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: str, input: str = "") -> Result:
        return CliRunner().invoke(app, list(words), input=input)

    return run


def said(result: Result, code: int = 0) -> str:
    assert result.exit_code == code, result.output
    return result.output


def test_the_first_admin_is_named_before_the_bot_ever_ran(run: Run) -> None:
    assert "There is no admin yet" in said(run("admins", "list"))
    assert said(run("admins", "add", "telegram:7")) == "telegram:7 is an admin now.\n"
    assert said(run("admins", "list")).split() == ["telegram:7", "7"]
    assert said(run("admins", "remove", "telegram:7")) == "telegram:7 is no longer an admin.\n"
    assert "telegram:7 is not an admin." in said(run("admins", "remove", "telegram:7"), 1)


def test_admins_of_the_configuration_are_seeded_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[bot]\nadmins = ["telegram:1"]\n[points]\nwelcome = 7\n')
    assert "telegram:1" in said(run("admins", "list"))
    said(run("admins", "remove", "telegram:1"))
    assert "There is no admin yet" in said(run("admins", "list"))
    assert "17 points now" in said(run("grant", "telegram:2", "10", "try"))


def test_points_are_granted_with_a_reason_and_taken_back(run: Run, tmp_path: Path) -> None:
    assert said(run("grant", "telegram:7", "50", "poster")) == "50 points for telegram:7 (poster); 1,050 points now.\n"
    assert said(run("grant", "telegram:7", "-50", "typo")).startswith("50 points taken from telegram:7 (typo)")
    with closing(sqlite3.connect(tmp_path / "data" / "paintbot.db")) as database:
        assert list(database.execute("SELECT act FROM audit ORDER BY id")) == [("points.grant",), ("points.take",)]
    assert "paintbot: " in said(run("grant", "telegram:7", "-5000", "too much"), 1)
    assert "paintbot: " in said(run("grant", "telegram:7", "5", " "), 1)


def test_keys_are_added_without_their_secret_on_the_command_line_and_switched(run: Run, tmp_path: Path) -> None:
    assert "There is no key yet" in said(run("keys", "list"))
    options = ("--secret-access-key-stdin", "--pool", "night", "--limit", "3", "--qps", "2.5")
    added = run("keys", "add", "main", "--access-key-id", "AKLT0000F2A9", *options, input="very-secret-key\n")
    assert "“main” is in the pool “night”" in said(added)
    assert said(run("keys", "list")).split("  ")[:3] == ["main", "night", "…F2A9"]
    assert "3 at once, 2.5 a second" in said(run("keys", "list"))
    assert "is off" in said(run("keys", "disable", "main"))
    assert "switched off" in said(run("keys", "list"))
    assert "is on" in said(run("keys", "enable", "main"))
    assert "no key named “other”" in said(run("keys", "enable", "other"), 1)
    assert "already" in said(
        run("keys", "add", "main", "--access-key-id", "AK", "--secret-access-key-stdin", input="x\n"), 1
    )
    said(
        run("keys", "add", "bad", "--access-key-id", "AK", "--secret-access-key-stdin", "--limit", "0", input="x\n"), 2
    )
    assert b"very-secret-key" not in b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())


def test_a_key_that_reaches_nobody_is_told_for_each_capability(run: Run) -> None:
    door = ("--api-url", "http://127.0.0.1:9", "--secret-access-key-stdin")
    said(run("keys", "add", "main", "--access-key-id", "AKLT0000F2A9", *door, input="s\n"))
    told = said(run("keys", "test", "main"), 1).splitlines()
    assert len(told) == 4 and all("http://127.0.0.1:9 does not answer" in line for line in told)


def test_links_open_the_page_invite_people_and_join_wallets(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "No login is needed: http://127.0.0.1:8080" in said(run("link", "login", "telegram:7"), 1)
    monkeypatch.setenv("PAINTBOT_WEB__PUBLIC_URL", "https://paint.example.com")
    monkeypatch.setenv("PAINTBOT_PAGE__TOKEN", "a-long-token")
    assert "https://paint.example.com/page/login?token=" in said(run("link", "login", "telegram:7"))
    assert "/start " in said(run("link", "invite", "--uses", "3"))
    said(run("grant", "slack:T1/U1", "1", "hello"))
    joined = said(run("link", "join", "slack:U1", "telegram:7"))
    assert (
        joined == "slack:U1 paints with the points of telegram:7 from now on (points that came along: 1; 1,001 now).\n"
    )
    assert "0 points now" in said(run("grant", "slack:U1", "-1001", "all of them"))
    assert "no member telegram:404" in said(run("link", "join", "telegram:404", "telegram:7"), 1)
    assert "no member telegram:405" in said(run("link", "join", "telegram:7", "telegram:405"), 1)
    assert "one and the same account" in said(run("link", "join", "telegram:7", "telegram:7"), 1)
    with closing(sqlite3.connect("data/paintbot.db")) as database:
        acts = [act for (act,) in database.execute("select act from audit order by id")]
    assert acts == ["access.login", "access.invite", "points.grant", "members.link", "points.take"]


def test_the_record_is_exported_without_words_unless_they_are_asked_for(run: Run, tmp_path: Path) -> None:
    said(run("grant", "telegram:7", "1", "hello"))
    asyncio.run(paint_one())
    rows = list(csv.DictReader(io.StringIO(said(run("export")))))
    assert (rows[0]["id"], rows[0]["prompt_typed"], rows[0]["label"]) == ("K7Q2", "(4 characters)", "'=1+1")
    assert "1 painting is in out.json" in said(run("export", "out.json", "--format", "json", "--words", "--days", "7"))
    assert (tmp_path / "out.json").stat().st_mode & 0o777 == 0o600, "prompts may stand in it"
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))["prompt_typed"] == "一只橘猫"
    with sqlite3.connect(tmp_path / "data" / "paintbot.db") as database:
        acts = [act for (act,) in database.execute("select act from audit order by id")]
    database.close()
    assert acts == ["points.grant", "records.export"]
    assert "cannot be written" in said(run("export", "none/out.csv"), 1)


def test_an_export_is_what_its_file_is_called_unless_told_and_only_a_table_bears_a_mark(
    run: Run, tmp_path: Path
) -> None:
    said(run("grant", "telegram:7", "1", "hello"))
    asyncio.run(paint_one())
    tables, lines = ("out.csv", "OUT.CSV", "odd.json"), ("out.json", "odd.csv")
    for name in (*tables, *lines):
        told = ("--format", "csv" if name in tables else "json") if name.startswith("odd") else ()
        said(run("export", name, *told))
    for name in lines:
        assert json.loads((tmp_path / name).read_text("utf-8"))["id"] == "K7Q2"
    for name in tables:
        assert (tmp_path / name).read_text("utf-8").startswith("\ufeffid,"), name


async def paint_one() -> None:
    async with opened(load(None, {}), now) as records, records.write() as tx:
        member = await find(tx, "telegram:7")
        assert member is not None
        values: dict[str, object] = {
            "prompt_typed": "一只橘猫",
            "prompt_sent": "一只橘猫",
            "label": "=1+1",
            "ratio": "1:1",
            "width": 1328,
            "height": 1328,
            "tier": "sd",
            "count": 1,
            "model": "jimeng_t2i_v31",
            "price": 100,
            "held": 0,
        }
        place = Place("telegram", "", "7", private=True)
        await insert(tx, NewGeneration("K7Q2", member.id, "telegram:7", "e1", place, "zh", values, (), (1,), "default"))


def test_wrong_settings_stop_every_command_with_code_2_before_anything_is_made(run: Run, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text("[web]\nprot = 1\n")
    for command in (["run"], ["simulate"], ["doctor"], ["migrate"], ["keys", "list"], ["admins", "list"], ["export"]):
        assert said(run(*command, "--config", "other.toml"), 2) == (
            "paintbot: other.toml: web.prot: unknown; did you mean 'port'?\n"
        )
    assert not (tmp_path / "data").exists()


def test_a_database_that_cannot_be_opened_is_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAINTBOT_DATABASE__URL", "sqlite:////nowhere/at/all.db")
    assert said(run("migrate"), 1) == "paintbot: database.url: /nowhere/at/all.db: unable to open database file\n"
    (tmp_path / "notes.db").write_text("these are not the tables you are looking for " * 99)
    monkeypatch.setenv("PAINTBOT_DATABASE__URL", "sqlite:///notes.db")
    assert said(run("migrate"), 1) == "paintbot: database.url: notes.db: file is not a database\n"
    monkeypatch.setenv("PAINTBOT_BOT__SECRET_KEY", Fernet.generate_key().decode())
    monkeypatch.setenv("PAINTBOT_DATABASE__URL", "postgresql://me:hidden@127.0.0.1:1/paintbot")
    told = said(run("migrate"), 1)
    assert told.startswith("paintbot: database.url: no database answers there: ") and "hidden" not in told


def test_a_database_of_a_newer_version_is_left_alone_and_said_so(run: Run, tmp_path: Path) -> None:
    said(run("migrate"))
    with closing(sqlite3.connect(tmp_path / "data" / "paintbot.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    told = said(run("admins", "list"), 1)
    assert (
        told.startswith("paintbot: database.url: its schema 9999 is newer than this program") and told.count("\n") == 1
    )


def test_a_database_that_fails_on_the_way_is_one_line(run: Run, tmp_path: Path) -> None:
    said(run("migrate"))
    with closing(sqlite3.connect(tmp_path / "data" / "paintbot.db")) as database:
        database.execute("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    assert said(run("grant", "telegram:7", "5", "why"), 1) == "paintbot: database.url: disk is full\n"


async def test_the_simulators_key_outlives_a_lost_secret_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load(None, {})
    async with opened(settings, now) as records:
        for _ in range(2):
            vault = Vault([Fernet.generate_key().decode()])
            await play.bind(records, vault, "http://127.0.0.1:9", "AK", "the-secret")
            async with records.read() as tx:
                key = (await views(tx, now()))[0]
                assert (await open_credential(tx, vault, key.id)).secret_access_key == "the-secret"


def test_wrong_accounts_are_usage_errors(run: Run) -> None:
    assert "write slack:TEAM/USER" in said(run("admins", "add", "bob"), 2)
    assert "'irc' is none of slack, telegram, page" in said(run("admins", "add", "irc:bob"), 2)
    assert "on Telegram it is a number" in said(run("grant", "telegram:bob", "5", "hello"), 2)


def test_a_secret_that_another_secret_key_sealed_is_told_with_what_to_do(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(run("keys", "add", "main", "--access-key-id", "AK", input="the-secret\n"))
    monkeypatch.setenv("PAINTBOT_BOT__SECRET_KEY", Fernet.generate_key().decode())
    assert said(run("keys", "test", "main"), 1) == (
        "paintbot: “main” cannot be opened: it was stored under another bot.secret_key. Type its SecretAccessKey again.\n"
    )


def test_a_secret_nobody_can_be_asked_for_is_read_from_the_pipe_without_a_warning(run: Run) -> None:
    assert "SecretAccessKey is missing" in said(run("keys", "add", "main", "--access-key-id", "AK"), 1)
    told = said(run("keys", "add", "main", "--access-key-id", "AK", input="the-secret\n"))
    assert told.splitlines() == ["“main” is in the pool “default”. Try it: paintbot keys test main"]


def test_a_move_from_nothing_or_onto_itself_says_so(run: Run, tmp_path: Path) -> None:
    """Who had not named the new database yet was told that a bot was running; a wrong file was moved as nothing, and called well."""
    said(run("grant", "telegram:7", "50", "poster"))
    here = f"sqlite:///{tmp_path}/data/../data/paintbot.db"
    assert "the database of the settings itself" in said(run("move", "--from", here), 1)
    (tmp_path / "empty.db").touch()
    (tmp_path / "config.toml").write_text(f'[database]\nurl = "sqlite:///{tmp_path}/new.db"\n')
    assert "nothing stands in" in said(run("move", "--from", f"sqlite:///{tmp_path}/empty.db"), 1)


def test_a_team_moves_to_postgresql_with_its_points_and_keys(run: Run, tmp_path: Path, postgres_url: str) -> None:
    """Nothing moved a team to another database: it began anew."""
    said(run("grant", "telegram:7", "50", "poster"))
    secret = ("--access-key-id", "AKLT0000F2A9", "--secret-access-key-stdin")
    said(run("keys", "add", "main", *secret, input="very-secret-key\n"))
    here, old = postgres_url.replace("+asyncpg", ""), f"sqlite:///{tmp_path}/data/paintbot.db"
    key = (tmp_path / "data" / "secret.key").read_text().strip()

    def settle(secret_key: str) -> None:
        (tmp_path / "config.toml").write_text(f'[database]\nurl = "{here}"\n[bot]\nsecret_key = "{secret_key}"\n')

    settle(Fernet.generate_key().decode())
    assert "does not open main" in said(run("move", "--from", old), 1)
    settle(key)
    locked = open_records(old, now)
    locked.hold_file()
    assert "a bot is running on" in said(run("move", "--from", old), 1)
    asyncio.run(locked.close())
    assert "members: 1, paintings: 0" in said(run("move", "--from", old))
    assert "not empty" in said(run("move", "--from", old), 1)
    assert "the database of the settings itself" in said(run("move", "--from", here), 1)
    assert "there is no file" in said(run("move", "--from", "sqlite:///elsewhere.db"), 2)
    assert "“main” is off" in said(run("keys", "disable", "main"))
    assert "1,051 points now" in said(run("grant", "telegram:7", "1", "on PostgreSQL"))
