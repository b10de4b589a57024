"""Which addresses a URL from a stranger may lead to: only those of the public internet."""

import ipaddress

ALLOWED_PORTS = frozenset({80, 443})

# All that was ever given out for the internet. Outside it lie IPv4-mapped and NAT64 addresses, by which a
# private IPv4 address could be reached, and whatever older Pythons think global
_UNICAST = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "168.63.129.16/32",  # Azure's platform, as its machines see it
        "192.0.0.0/24",  # IETF protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "3fff::/20",  # for use in books
    )
)


def is_public(address: str) -> bool:
    """True for an address (numbers, as a socket has it) that anybody on the internet may be sent to.

    False for private, loopback, link-local, carrier-grade NAT, multicast, reserved and IPv4-carrying ones,
    and for what is no address at all.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if not ip.is_global or ip.is_multicast or ip.is_reserved or any(ip in network for network in _NOT_PUBLIC):
        return False
    return ip.version == 4 or ip in _UNICAST


def is_odd_literal(host: str) -> bool:
    """True for a host that some resolvers read as an address though it is not written as one.

    Such are 2130706433, 0x7f.1, 127.1 and 0177.0.0.1: browsers take any name that ends in a number for one.
    """
    last = host.rstrip(".").rpartition(".")[2].lower()
    if not (last.isdecimal() or last.startswith("0x")):
        return False
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return True
    return False
