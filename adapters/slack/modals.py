"""Modals opened and updated: on top of what was pressed while the trigger lives, in its place afterwards."""

from adapters.slack.post import Poster
from adapters.slack.read import Asked
from adapters.slack.views import View
from adapters.slack.web import SlackSaidNo

VIEW_GONE = {
    "expired_trigger_id",
    "exchanged_trigger_id",
    "invalid_trigger_id",
    "trigger_expired",
    "trigger_exchanged",
    "invalid_trigger",
    "not_found",
    "view_not_found",
}


class Modals:
    """The modals of members, through Slack's view methods."""

    def __init__(self, poster: Poster) -> None:
        self._poster = poster

    async def open(self, asked: Asked, view: View) -> str | None:
        """Open a modal, on top of the one pressed in or, late or too deep, in its place; gives its id, None when that is too late."""
        pressed = asked.view if asked.view and asked.view.get("type") == "modal" else None
        if not asked.trigger:
            return str(pressed["id"]) if pressed and await self.update(str(pressed["id"]), view) else None
        method = "views.push" if pressed else "views.open"
        try:
            answer = await self._poster.settled(method, {"trigger_id": asked.trigger, "view": view}, again=False)
        except SlackSaidNo as no:
            if no.code in VIEW_GONE | {"push_limit_reached"}:
                return str(pressed["id"]) if pressed and await self.update(str(pressed["id"]), view) else None
            raise
        return str(answer.get("view", {}).get("id", ""))

    async def update(self, view_id: str, view: View) -> bool:
        """Make an open modal look so; False when it is closed."""
        try:
            await self._poster.settled("views.update", {"view_id": view_id, "view": view})
        except SlackSaidNo as no:
            if no.code in VIEW_GONE:
                return False
            raise
        return True
