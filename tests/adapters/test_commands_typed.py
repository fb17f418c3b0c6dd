"""What a command is called on a platform is what that platform reads."""

import pytest

from adapters.page.read import typed
from adapters.slack.read import COMMANDS as SLACK
from adapters.telegram.read.command import command
from core.commands.names import ASIDE, COMMANDS


@pytest.mark.parametrize("verb", COMMANDS)
def test_every_command_is_read_on_every_platform_as_it_is_called_there(verb: str) -> None:
    called = COMMANDS[verb]
    word, _, aside = called.slack.partition(" ")
    assert SLACK[word] == verb or (aside == verb and verb in {*ASIDE, "help"})
    assert command(called.telegram, "our_paint_bot") == (verb, "")
    assert typed(called.page).verb == verb
