"""Which addresses a webhook may call."""

import ipaddress
import socket
from typing import Any

import pytest

from webapp.senders.address import AddressRefusedError, allowed, resolve

INSIDE = [
    "127.0.0.1", "127.8.9.10", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1",  # noqa: S104 - refused here
    "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1", "240.0.0.1",
    "::", "::1", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1",
    # The loopback and a public address inside others: mapped, compatible, NAT64, 6to4, Teredo.
    "::ffff:127.0.0.1", "::ffff:93.184.215.14", "::127.0.0.1", "64:ff9b::7f00:1",
    "2002:7f00:1::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
]  # fmt: skip


@pytest.mark.parametrize("number", INSIDE)
def test_what_leads_inside_is_refused(number: str) -> None:
    assert not allowed(ipaddress.ip_address(number), ())


@pytest.mark.parametrize("number", ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07::1"])
def test_what_is_public_is_called(number: str) -> None:
    assert allowed(ipaddress.ip_address(number), ())


def test_a_network_that_is_set_may_be_called_and_no_other() -> None:
    networks = (ipaddress.ip_network("10.1.0.0/16"), ipaddress.ip_network("fd00::/8"))
    assert allowed(ipaddress.ip_address("10.1.2.3"), networks)
    assert allowed(ipaddress.ip_address("fd12::1"), networks)
    assert not allowed(ipaddress.ip_address("10.2.0.1"), networks)
    assert not allowed(ipaddress.ip_address("::ffff:10.1.2.3"), networks)


@pytest.mark.parametrize(
    "written", ["127.0.0.1", "0x7f000001", "2130706433", "0177.0.0.1", "127.1", "localhost", "::1"]
)
def test_no_way_of_writing_the_loopback_address_helps(written: str) -> None:
    with pytest.raises(AddressRefusedError):
        resolve(written, 443, ())


def test_one_address_inside_condemns_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def answers(_host: str, port: int, **_given: Any) -> list[Any]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port))
            for number in ("93.184.215.14", "10.0.0.1")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    with pytest.raises(AddressRefusedError):
        resolve("two-faced.example", 443, ())
