"""A POST to an address of somebody else's choosing, which cannot be turned against ourselves.

The address is checked when the connection is made, on the very number that is connected to, so a
name that leads elsewhere a moment later leads nowhere. Redirects are not followed, no proxy of the
environment is used, and answers are cut in time and size.
"""

import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Timer

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util import parse_url

from webapp.senders.address import Network, resolve

_CHUNK = 8192


class TooLargeError(Exception):
    """The answer was longer than anybody needs to say that the message arrived."""


class TooSlowError(Exception):
    """The answer was not there when the time was over."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a call may take, in seconds, and how long its answer may be, in bytes."""

    silence: float = 5.0
    total: float = 10.0
    most_bytes: int = 65_536


@dataclass(frozen=True, slots=True)
class Guard:
    """The networks that may be called beside public ones, the limits, and whom TLS trusts."""

    networks: Sequence[Network] = ()
    limits: Limits = field(default_factory=Limits)
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def line(self, url: str) -> "Line":
        """Return a line to the host of an address; raises `ValueError` for what is none."""
        parsed = parse_url(url)
        if not parsed.host or parsed.scheme not in {"http", "https"} or parsed.auth:
            raise ValueError("no address")
        made: Line
        if parsed.scheme == "https":
            made = _SecureLine(
                parsed.host, parsed.port, timeout=self.limits.silence, ssl_context=self.tls
            )
        else:
            made = _PlainLine(parsed.host, parsed.port, timeout=self.limits.silence)
        made.watch = _Watch(self)
        return made

    def post(self, line: "Line", url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Send a body and return the status of the answer.

        Raises `TooSlowError`, `TooLargeError`, `AddressRefusedError`, `OSError` (TLS and names
        included), and `http.client.HTTPException` for an answer that is no HTTP.
        """
        try:
            with line.watch.limited():
                line.request(
                    "POST",
                    parse_url(url).request_uri,
                    body=body,
                    headers=headers,
                    preload_content=False,
                )
                return self._answer(line)
        except BaseException:
            line.close()
            raise

    def _answer(self, line: "Line") -> int:
        response = line.getresponse()
        # Read from the connection itself: the limit holds for what is sent, packed or not.
        read, chunk = 0, response.read(_CHUNK, decode_content=False)
        while chunk:
            read += len(chunk)
            if read > self.limits.most_bytes:
                raise TooLargeError
            chunk = response.read(_CHUNK, decode_content=False)
        return response.status


class _Watch:
    """Connects a line to checked addresses only, and ends it from outside when time is over."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._open: socket.socket | None = None
        self._over = False

    def connect(self, host: str, port: int) -> socket.socket:
        """Return a connection to the first of the checked addresses that answers."""
        failure: OSError = OSError("no address")
        for number in resolve(host, port, self._guard.networks):
            try:
                made = socket.create_connection(number, self._guard.limits.silence)
            except OSError as error:
                failure = error
            else:
                made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                # TLS takes the socket over; through a copy it can still be ended.
                self._open = made.dup()
                return made
        raise failure

    @contextmanager
    def limited(self) -> Iterator[None]:
        """Cut the connection when the time is over, however busy the other side keeps it."""
        self._over = False
        timer = Timer(self._guard.limits.total, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        except Exception as error:
            if self._over:
                raise TooSlowError from error
            raise
        finally:
            timer.cancel()
        # An answer without a length ends where the connection was cut, and looks whole.
        if self._over:
            raise TooSlowError

    def _cut(self) -> None:
        self._over = True
        self.close(abruptly=True)

    def close(self, *, abruptly: bool = False) -> None:
        """Let go of the copy of the socket."""
        # The timer and the caller may come here at the same moment.
        held, self._open = self._open, None
        if held is not None:
            with suppress(OSError):
                if abruptly:
                    held.shutdown(socket.SHUT_RDWR)
            held.close()


class _PlainLine(HTTPConnection):
    watch: _Watch

    def _new_conn(self) -> socket.socket:
        return self.watch.connect(self.host, self.port)

    def close(self) -> None:
        self.watch.close()
        super().close()


class _SecureLine(HTTPSConnection):
    watch: _Watch

    def _new_conn(self) -> socket.socket:
        return self.watch.connect(self.host, self.port)

    def close(self) -> None:
        self.watch.close()
        super().close()


Line = _PlainLine | _SecureLine
