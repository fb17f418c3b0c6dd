"""Tells admins what they must hear, on every platform where they have an account."""

import asyncio
import logging
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from core.alerts import WAITING, Alert, shorten, told, untold
from core.errors import DeliveryTrouble, Undeliverable
from core.members import admins
from core.records import Records
from core.replies import Messenger, Part, Reply
from core.requests import Account
from core.studio.lease import Lease

log = logging.getLogger(__name__)


class Alarms:
    """One telling at a time, by one replica, beside the announcements: a slow platform delays no painting."""

    def __init__(self, records: Records, lease: Lease, messengers: Mapping[str, Messenger], language: str) -> None:
        self._records = records
        self._lease = lease
        self._messengers = messengers
        self._language = language
        """Of admins who have chosen none."""
        self._under_way: asyncio.Task[None] | None = None

    def look(self) -> None:
        """Begin to tell what is untold, unless that is being done."""
        if self._under_way is None or self._under_way.done():
            self._under_way = asyncio.create_task(self._tell())

    def tasks(self) -> Sequence[asyncio.Task[None]]:
        """The telling under way."""
        return [self._under_way] if self._under_way is not None else []

    async def _tell(self) -> None:
        try:
            async with self._records.read() as tx:
                found = await untold(tx) if await self._lease.is_first(tx) else ()
                heard = [one for one in await admins(tx) if self._reached(one[1])] if found else []
            if not heard:
                await self._wait(found)
                return
            for alert in found:
                for member, account in heard:
                    await self._say(alert, account, member.language or self._language)
                async with self._records.write() as tx:
                    await told(tx, alert.id)
        except (sa.exc.DBAPIError, sa.exc.TimeoutError, OSError) as error:
            log.warning("alerts: the database did not answer (%s), trying again", type(error).__name__)
        except Exception:
            log.exception("alerts could not be told")

    def _reached(self, account: str) -> bool:
        return Account.parse(account).platform in self._messengers

    async def _wait(self, found: Sequence[Alert]) -> None:
        """Nobody is there to hear them: the first admin who comes does, of many the newest."""
        if len(found) > WAITING:
            async with self._records.write() as tx:
                await shorten(tx)

    async def _say(self, alert: Alert, account: str, language: str) -> None:
        who = Account.parse(account)
        messenger = self._messengers[who.platform]
        parts: tuple[Part, ...] = (alert.line, alert.facts) if alert.facts else (alert.line,)
        reply = Reply(parts, (alert.button,) if alert.button else (), private=True)
        try:
            await messenger.tell(account, None, reply, language, once=f"alert:{alert.id}:{who.id}")
        except (Undeliverable, DeliveryTrouble) as error:
            log.warning("an admin could not be told of %s: %s", alert.key, error.reason)
        except sa.exc.SQLAlchemyError:
            raise
        except Exception:  # one platform's bug must not keep the others, and every later alert, from being heard
            log.exception("an admin could not be told of %s", alert.key)
