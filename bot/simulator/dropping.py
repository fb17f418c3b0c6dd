"""Dropping a connection in the middle of a request, which HTTP frameworks are built never to do."""

import asyncio
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol


class Droppable(H11Protocol):
    """An HTTP protocol that lets a request abort its own connection: `request.state.abort`."""

    def connection_made(self, transport: Any) -> None:
        """Offer the transport's abort to every request of this connection."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "abort": transport.abort}


class Nothing(Response):
    """No answer at all."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait until the server has seen the connection go, so that it does not answer 500 in our place."""
        message: Message = await receive()
        while message["type"] != "http.disconnect":
            message = await receive()


async def drop(request: Request) -> Response:
    """Cut this request's connection. Under a server without `Droppable` it is a ConnectionResetError."""
    abort = getattr(request.state, "abort", None)
    if abort is None:
        raise ConnectionResetError("dropped on demand")
    cast("Any", abort)()
    await asyncio.sleep(0)
    return Nothing()
