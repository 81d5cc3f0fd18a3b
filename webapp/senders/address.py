"""Which addresses a webhook may call: public ones, and private networks that are set to be so."""

import ipaddress
import socket
from collections.abc import Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class AddressRefusedError(OSError):
    """A name leads to an address that may not be called."""


def allowed(address: Address, networks: Sequence[Network]) -> bool:
    """Tell whether an address may be called.

    An address that carries another one in itself (mapped, 6to4, Teredo, NAT64) is never public:
    a translator in our own network could lead it inside.
    """
    if any(address in network for network in networks if network.version == address.version):
        return True
    public = address.is_global and not (address.is_multicast or address.is_reserved)
    if isinstance(address, ipaddress.IPv6Address):
        carries = (address.ipv4_mapped, address.sixtofour, address.teredo)
        return public and not address.is_site_local and not any(carries)
    return public


def resolve(host: str, port: int, networks: Sequence[Network]) -> list[tuple[str, int]]:
    """Return the addresses of a name that may be called, as numbers with the port.

    Raises `AddressRefusedError` when one of them may not be called: it would be the next one's
    turn. Raises `socket.gaierror` when the name is unknown.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    numbers = list(dict.fromkeys((str(each[4][0]), int(each[4][1])) for each in found))
    for number, _port in numbers:
        if not allowed(ipaddress.ip_address(number.partition("%")[0]), networks):
            raise AddressRefusedError(number)
    return numbers
