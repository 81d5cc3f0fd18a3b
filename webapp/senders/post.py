"""Sends a batch: mail over one connection, webhooks side by side, each to its end in time."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

from config.settings import Settings
from models.vocabulary import DeliveryOutcome
from webapp.senders import webhook
from webapp.senders.guarded import Guard
from webapp.senders.mail import MailServer
from workflows.notices.claiming import Call, Claimed, Mail, Order
from workflows.notices.recording import Went

Kind = TypeVar("Kind", Mail, Call)
Results = list[tuple[Claimed, Went]]
AT_ONCE = 16
# Whoever does not answer so often in a row is left alone for the rest of the batch.
PATIENCE = 2
_AWAY = frozenset({DeliveryOutcome.UNREACHABLE, DeliveryOutcome.TIMED_OUT})


@dataclass(slots=True)
class Patience:
    """Counts silence of one receiver, so that a dead one cannot use up the time of a batch."""

    silent: int = 0

    def spent(self) -> bool:
        """Tell whether the receiver is to be left alone."""
        return self.silent >= PATIENCE

    def note(self, went: Went) -> Went:
        """Count silence, and start anew after an answer."""
        self.silent = self.silent + 1 if went.outcome in _AWAY else 0
        return went


_LEFT_ALONE = Went(DeliveryOutcome.UNREACHABLE, "silent just before")


def send_all(
    settings: Settings, orders: Iterable[Order], guard: Guard, server: MailServer
) -> Results:
    """Send mails and call webhooks, and return how each went."""
    mails: list[Mail] = []
    calls: dict[str, list[Call]] = defaultdict(list)
    for order in orders:
        if isinstance(order, Mail):
            mails.append(order)
        else:
            calls[order.webhook].append(order)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        called = [pool.submit(_call, settings, guard, each) for each in calls.values()]
        results = _mail(server, mails)
        return results + list(chain.from_iterable(each.result() for each in called))


def _mail(server: MailServer, mails: list[Mail]) -> Results:
    with server:
        return _each(mails, server.send)


def _call(settings: Settings, guard: Guard, calls: list[Call]) -> Results:
    if not settings.oin:
        return _each(calls, lambda _call: Went(DeliveryOutcome.NOT_SET_UP))
    sender = webhook.Sender(settings.oin, settings.site, settings.webhook_secret())
    try:
        line = guard.line(calls[0].url)
    except ValueError:
        return _each(calls, lambda _call: Went(DeliveryOutcome.ADDRESS_REFUSED, "no address"))
    try:
        return _each(calls, lambda call: webhook.send(guard, line, sender, call, int(time.time())))
    finally:
        line.close()


def _each(orders: Sequence[Kind], send: Callable[[Kind], Went]) -> Results:
    patience, results = Patience(), []
    for order in orders:
        if not order.active:
            went = Went(DeliveryOutcome.NOT_ALLOWED)
        elif patience.spent():
            went = _LEFT_ALONE
        else:
            went = patience.note(send(order))
        results += [(part, went) for part in order.parts]
    return results
