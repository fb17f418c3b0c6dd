"""Settings: what is read, what wins, what is refused in one clear line, and what is kept secret."""

import os
import platform
import re
import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import ValidationError

from bot.settings import SECRET_FILE, SettingsError, drop_foreign_variables, load

ROOT = Path(__file__).parents[2]
KEY = Fernet.generate_key().decode()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to start in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return path


def refused(path: Path | None, environ: dict[str, str] | None = None) -> str:
    with pytest.raises(SettingsError) as caught:
        load(path, environ or {})
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_without_any_configuration_the_page_paints_with_the_simulator_on_sqlite(here: Path) -> None:
    settings = load(None, {})
    assert settings.page.enabled and settings.jimeng.simulator and not settings.slack.on and not settings.telegram.on
    assert settings.database_url == f"sqlite:///{here}/data/paintbot.db"
    assert settings.images_url == f"file://{here}/data/images"
    assert settings.web.loopback
    assert (settings.points.welcome, settings.points.final, settings.points.confirm_above) == (1000, None, 400)


def test_a_platform_turns_page_and_simulator_off_unless_they_are_asked_for(here: Path) -> None:
    telegram = {"TELEGRAM_BOT_TOKEN": "42:token"}
    assert not load(None, telegram).page.enabled
    assert not load(None, telegram).jimeng.simulator
    assert load(None, {**telegram, "PAINTBOT_PAGE__ENABLED": "true"}).page.enabled


def test_the_environment_wins_over_the_file_and_paintbots_names_over_those_of_others(here: Path) -> None:
    path = written(here, '[web]\nport = 1\n[telegram]\ntoken = "1:file"\n[bot]\nlanguage = "en"\n')
    environ = {
        "PAINTBOT_WEB__PORT": "2",
        "TELEGRAM_BOT_TOKEN": "2:theirs",
        "PAINTBOT_TELEGRAM__TOKEN": "3:ours",
        "PAINTBOT_BOT__ADMINS": "telegram:7, slack:T1/U1",
        "PAINTBOT_BOT__TIMEZONE": "",
    }
    settings = load(path, environ)
    assert settings.web.port == 2
    assert settings.telegram.token.get_secret_value() == "3:ours"
    assert settings.bot.admins == ("telegram:7", "slack:T1/U1")
    assert (settings.bot.language, settings.bot.timezone) == ("en", "Asia/Shanghai")


def test_every_variable_of_other_tools_is_taken(here: Path) -> None:
    settings = load(
        None,
        {
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_APP_TOKEN": "xapp-1",
            "SLACK_SIGNING_SECRET": "shh",
            "SLACK_API_URL": "http://127.0.0.1:1/api/",
            "TELEGRAM_BOT_TOKEN": "42:t",
            "TELEGRAM_API_BASE": "http://127.0.0.1:2",
        },
    )
    assert settings.slack.on and settings.slack.app_token.get_secret_value() == "xapp-1"
    assert settings.slack.api_url == "http://127.0.0.1:1/api"
    assert settings.telegram.api_base == "http://127.0.0.1:2"


def test_the_example_loads_and_says_what_the_defaults_are(here: Path) -> None:
    example = load(ROOT / "config.example.toml", {})
    assert example.model_dump(exclude={"bot"}) == load(None, {}).model_dump(exclude={"bot"})


def test_the_example_with_every_commented_key_switched_on_still_loads(here: Path) -> None:
    lines = (ROOT / "config.example.toml").read_text("utf-8").splitlines()
    keys = [line[2:] if line.startswith(("# [", "# ")) and _is_toml(line[2:]) else line for line in lines]
    path = written(here, "\n".join(keys).replace('secret_key = ""', f'secret_key = "{KEY}"', 1))
    environ = {"PAINTBOT_IMAGES__ACCESS_KEY_ID": "A", "PAINTBOT_IMAGES__SECRET_ACCESS_KEY": "S"}
    settings = load(path, {**environ, "PAINTBOT_TELEGRAM__TOKEN": "1:a"})
    assert settings.slack.on and settings.database.postgres and settings.images.url.startswith("s3://")
    assert settings.jimeng.models["v46"]["roles"] == ["text.hd"]


def test_the_example_explains_every_key() -> None:
    lines = (ROOT / "config.example.toml").read_text("utf-8").splitlines()
    told, section = set[str](), ""
    for line in lines:
        if found := re.match(r"\[(\w+)\]$|# \[jimeng\.(models)\.", line):
            section = found[1] or section
            told |= {f"jimeng.{found[2]}"} if found[2] else set()
        elif found := re.match(r"(?:# )?(\w+) = ", line):
            told.add(f"{section}.{found[1]}")
    known = {f"{name}.{key}" for name, table in load(None, {}) for key in type(table).model_fields}
    assert known - told == set()


def _is_toml(text: str) -> bool:
    return text.startswith("[jimeng") or (" = " in text and " " not in text.split(" = ")[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[web]\nprot = 80", "web.prot: unknown; did you mean 'port'?"),
        ("[wep]\nport = 80", "wep: unknown; did you mean 'web'?"),
        ("[qqqq]\na = 1", "qqqq: unknown"),
        ("[web]\nport = 'many'", "web.port: must be a whole number"),
        ("port = 80", "port: unknown; did you mean 'port' under [web]?"),
        ("[web]\nport = true", "web.port: must be a number, not true or false"),
        ("[jimeng]\npoll_first = true", "jimeng.poll_first: must be a number, not true or false"),
        ("[points]\nfinal = false", "points.final: must be a number, not true or false"),
        ("[web]\nport = 70000", "web.port: Input should be less than or equal to 65535"),
        ("web = 3", "web: must be a table: its name in brackets"),
        ("[bot]\nadmins = 7", 'bot.admins: must be a list, like ["one", "two"]'),
        ("[telegram]\ntoken = 42", "telegram.token: must be text, in quotes"),
        ("[page]\nenabled = 'perhaps'", "page.enabled: must be true or false"),
        ("[bot]\nadmins = ['telegram:lin']", "on Telegram it is a number, which /help shows"),
        ("[database]\nurl = 'postgresql://u:hidden@h:port/d'", "database.url: is no database"),
        ("[bot]\ndata_dir = 'config.toml'", "config.toml is a file, not a folder"),
        ("[bot]\ntimezone = 'Mars/Base'", "bot.timezone: 'Mars/Base' is no time zone"),
        ("[bot]\nadmins = ['bob']", "bot.admins.0: 'bob' is no account"),
        ("[bot]\nadmins = ['irc:bob']", "'irc' is none of slack, telegram, page"),
        ("[bot]\nlanguage = 'fr'", "bot.language: Input should be 'zh' or 'en'"),
        ("[bot]\nsecret_key = 'short'", "bot.secret_key: is no Fernet key"),
        ("[web]\npublic_url = 'paint.example.com'", "web.public_url: 'paint.example.com' is no address"),
        ("[web]\nfinish_webhook = 'http://a.example'", "web.finish_webhook: not https"),
        ("[web]\nfinish_webhook = 'https://a.example'\nfinish_secret = 'hidden'", "web.finish_secret: missing or"),
        ("[database]\nurl = 'mysql://x/y'", "database.url: is no database"),
        ("[images]\nurl = 'ftp://x'", "images.url: 'ftp://x' is no store"),
        ("[images]\nurl = 's3://bucket'", "images.region, images.access_key_id"),
        ("[slack]\nbot_token = 'xoxb'", "slack.app_token: missing"),
        ("[slack]\napp_token = 'xapp'", "slack.bot_token: missing"),
        ("[slack]\nbot_token = 'xoxb'\nmode = 'http'", "slack.signing_secret: missing"),
        ("[telegram]\ntoken = 'abc'", "telegram.token: is no bot token"),
        ("[telegram]\ntoken = '1:a'\nmode = 'webhook'", "web.public_url: missing or not https"),
        ("[web]\nhost = '0.0.0.0'", "page.token: missing"),
        ("[web]\nhost = '0.0.0.0'\n[page]\ntoken = 'abc'", "page.token: under 8 characters"),
        ("[page]\nenabled = false", "nobody could talk to the bot"),
        ("[points]\nsd = -1", "points.sd: Input should be greater than or equal to 0"),
        ("[jimeng.models.new]\nroles = []", "jimeng.models: new.req_key: Field required"),
        ("[database]\nurl = 'postgresql://u:hidden@h/d'", "bot.secret_key: missing; with PostgreSQL"),
        ("[web\nport", "is not TOML"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line_that_names_file_and_key(here: Path, text: str, expected: str) -> None:
    path = written(here, text)
    message = refused(path)
    assert message.startswith(f"{path}: ") and expected in message
    assert "hidden" not in message
    assert not (here / "data").exists()


def test_a_wrong_variable_is_named(here: Path) -> None:
    assert refused(None, {"PAINTBOT_WEB__PORT": "x"}).startswith("environment: PAINTBOT_WEB__PORT: ")
    assert refused(None, {"PAINTBOT_WEB__PROT": "1"}) == (
        "environment: PAINTBOT_WEB__PROT: unknown; did you mean 'port'?"
    )
    assert refused(None, {"PAINTBOT_PORT": "1"}) == (
        "environment: PAINTBOT_PORT: unknown; did you mean PAINTBOT_WEB__PORT?"
    )
    assert refused(None, {"PAINTBOT_BOT__ADMINS": "[1"}).startswith(
        "environment: PAINTBOT_BOT__ADMINS: looks like JSON"
    )
    assert refused(None, {"TELEGRAM_BOT_TOKEN": "secret"}) == (
        "environment: TELEGRAM_BOT_TOKEN: is no bot token; BotFather gives one like 123456789:AA…"
    )


@pytest.mark.parametrize("password", ["a#b", "a/b", "a?b", "a[b", "a:b"])
def test_a_password_with_signs_of_addresses_is_a_password(here: Path, password: str) -> None:
    url = f"postgresql://u:{password}@h:5432/d"
    path = written(here, f"[bot]\nsecret_key = '{KEY}'\n[database]\nurl = '{url}'")
    assert load(path, {}).database_url == url


def test_one_wrong_address_is_counted_as_one_problem(here: Path) -> None:
    assert "more" not in refused(written(here, "[web]\npublic_url = 'paint.example.com'"))
    assert refused(written(here, "[web]\nhost = 1\nprot = 2\nport = 'x'")).endswith("(and 2 more)")


def test_files_that_cannot_be_read_are_refused(here: Path) -> None:
    assert refused(here / "none.toml") == f"{here}/none.toml: there is no such file"
    assert "no such file" in refused(here)
    path = here / "config.toml"
    path.write_bytes(b"\xff\xfe")
    assert "is not UTF-8" in refused(path)
    path.write_bytes(b"\xef\xbb\xbf[web]\nport = 81\n")
    assert load(path, {}).web.port == 81


def test_a_file_out_of_reach_is_refused_not_raised(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def shut(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", shut)
    assert refused(here / "a.toml") == f"{here}/a.toml: cannot be read: Permission denied"


def test_the_secret_key_is_made_once_readable_by_its_owner_alone(here: Path) -> None:
    first, second = load(None, {}), load(None, {})
    assert first.secret_keys == second.secret_keys
    assert stat.S_IMODE((here / "data" / SECRET_FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE((here / "data").stat().st_mode) == 0o700
    for rubbish in (b"rubbish", b"\xba\xff"):
        (here / "data" / SECRET_FILE).write_bytes(rubbish)
        assert "holds no Fernet key" in refused(None)


def test_the_pages_address_is_one_that_others_can_open(here: Path) -> None:
    named = load(None, {"PAINTBOT_WEB__HOST": "0.0.0.0", "PAINTBOT_PAGE__TOKEN": "a-long-token"}).web.address
    assert named == f"http://{platform.node()}:8080"
    assert load(None, {"PAINTBOT_WEB__HOST": "::1"}).web.address == "http://[::1]:8080"


def test_derived_secrets_differ_by_purpose_and_a_rotated_key_still_verifies(here: Path) -> None:
    new = Fernet.generate_key().decode()
    old, both = (load(None, {"PAINTBOT_BOT__SECRET_KEY": value}) for value in (KEY, f"{new},{KEY}"))
    assert old.derived("links") != old.derived("sessions")
    assert len(both.derived("links")) == 2
    assert both.derived("links")[1] == old.derived("links")[0]


def test_settings_never_change_and_never_print_a_secret(here: Path) -> None:
    settings = load(None, {"TELEGRAM_BOT_TOKEN": "42:hidden", "PAINTBOT_DATABASE__URL": "sqlite:///hidden.db"})
    assert "hidden" not in repr(settings) + str(settings.model_dump())
    with pytest.raises(ValidationError):
        settings.web.port = 1


def test_the_process_forgets_variables_that_libraries_would_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setenv("SLACK_CLIENT_ID", "x")
    drop_foreign_variables()
    assert not {"AWS_SECRET_ACCESS_KEY", "SLACK_CLIENT_ID"} & set(os.environ)
