"""Real receivers on the loopback address: a mail server, and systems that webhooks call."""

import base64
import hashlib
import hmac
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Mailbox:
    """A mail server that keeps what it takes, and every envelope that it saw."""

    port: int
    answer: str = "250 OK"
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Take a recipient, unless told to refuse."""
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep a letter."""
        content = envelope.content
        assert isinstance(content, bytes)
        self.letters.append(message_from_bytes(content, policy=policy.default))
        self.recipients += envelope.rcpt_tos
        return "250 OK"

    @property
    def keys(self) -> list[str]:
        """The Message-ID of each letter, by which a receiver knows a second copy."""
        return [str(letter["Message-ID"]) for letter in self.letters]


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


@contextmanager
def mailbox(port: int | None = None, **options: Any) -> Iterator[Mailbox]:
    """Yield a running mail server."""
    kept = Mailbox(port or free_port())
    controller = Controller(kept, hostname="127.0.0.1", port=kept.port, **options)
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()


@dataclass(frozen=True, slots=True)
class Heard:
    """A request that a webhook's receiver got."""

    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        """The event."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    def signed_with(self, secret: bytes) -> bool:
        """Tell whether one of the signatures is that of a secret (Standard Webhooks 1.0.0)."""
        parts = (self.headers["Webhook-Id"], self.headers["Webhook-Timestamp"])
        content = b".".join((*(part.encode() for part in parts), self.body))
        made = base64.b64encode(hmac.digest(secret, content, hashlib.sha256)).decode()
        return f"v1,{made}" in self.headers["Webhook-Signature"].split()


Answer = Callable[[BaseHTTPRequestHandler], None]


def accept(handler: BaseHTTPRequestHandler) -> None:
    """Answer that all is well."""
    handler.send_response(204)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


@dataclass
class Receiver:
    """A system that is called; it applies each event once, by its key."""

    answer: Answer = accept
    heard: list[Heard] = field(default_factory=list)
    applied: dict[str, str] = field(default_factory=dict)
    url: str = ""

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        """Keep a request, apply its event unless that was done, and answer."""
        length = int(handler.headers.get("Content-Length", 0))
        request = Heard(dict(handler.headers), handler.rfile.read(length))
        self.heard.append(request)
        if self.answer is accept:
            self.applied.setdefault(request.headers["Webhook-Id"], request.event["type"])
        self.answer(handler)


@contextmanager
def receiver(answer: Answer = accept, tls: Any = None, port: int = 0) -> Iterator[Receiver]:
    """Yield a system that listens, with TLS when given a context."""
    kept = Receiver(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            kept.take(self)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its signature
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_args: None  # type: ignore[method-assign] # callers hang up
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    kept.url = f"{'https' if tls else 'http'}://localhost:{server.server_port}/hook"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
