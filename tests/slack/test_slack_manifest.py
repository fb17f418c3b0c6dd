"""The manifest people paste into Slack agrees with the code and with Slack's limits."""

from pathlib import Path
from typing import Any

import yaml

from adapters.slack.read import COMMANDS, SHORTCUT
from bot.doctor.platforms import SCOPES

MANIFEST = Path(__file__).parents[2] / "docs" / "slack-manifest.yaml"


def test_the_manifest_names_every_command_the_bot_reads_and_stays_within_slacks_limits() -> None:
    manifest: dict[str, Any] = yaml.safe_load(MANIFEST.read_text("utf-8"))
    features, settings = manifest["features"], manifest["settings"]
    assert {one["command"] for one in features["slash_commands"]} == set(COMMANDS)
    assert [one["callback_id"] for one in features["shortcuts"]] == [SHORTCUT]
    assert all(len(one["command"]) <= 32 and len(one["description"]) <= 2000 for one in features["slash_commands"])
    assert all(len(one["name"]) <= 24 and len(one["description"]) <= 150 for one in features["shortcuts"])
    assert len(manifest["display_information"]["name"]) <= 35
    assert len(manifest["display_information"]["description"]) <= 140
    assert settings["socket_mode_enabled"] is True and settings["interactivity"]["is_enabled"] is True
    assert not [
        line for line in MANIFEST.read_text("utf-8").splitlines() if "url:" in line and not line.startswith("#")
    ]
    assert features["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
    bot = set(manifest["oauth_config"]["scopes"]["bot"])
    for event, scope in {
        "message.channels": "channels:history",
        "message.groups": "groups:history",
        "message.im": "im:history",
        "message.mpim": "mpim:history",
        "app_mention": "app_mentions:read",
    }.items():
        assert event in settings["event_subscriptions"]["bot_events"] and scope in bot
    assert {"app_home_opened", "app_uninstalled", "tokens_revoked"} <= set(
        settings["event_subscriptions"]["bot_events"]
    )
    assert bot >= SCOPES, "what the doctor looks for"
