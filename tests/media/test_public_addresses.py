"""Which addresses are public."""

import pytest

from dreambot.media.http_client import is_ambiguous_ip_literal, is_public_address

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.215.14",
    "162.159.135.233",
    "168.63.129.15",
    "192.0.1.1",
    "2606:4700::6810:84e5",
    "2a00:1450:4001::1",
]
PRIVATE = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.2.1", "198.18.0.1", "203.0.113.9"),
    *("168.63.129.16", "192.0.0.0", "192.0.0.8", "192.0.0.9", "192.0.0.10", "192.0.0.170", "192.0.0.255"),
    *("192.88.99.1", "224.0.0.1", "239.255.255.250", "233.252.0.1", "240.0.0.1", "255.255.255.255"),
    *(
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd12::1",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "2001:db8::1",
    ),
    *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::ffff:0:8.8.8.8", "::8.8.8.8"),
    *("64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1", "2002:7f00:1::1", "2002:808:808::1"),
    *("2001::1", "2001:0:53aa:64c::1", "3fff::1", "100::1", "5f00::1"),
    *("", "localhost", "0x7f.1", "127.1", "2130706433", "1.2.3.4.5"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address):
    assert is_public_address(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_not_public(address):
    assert not is_public_address(address)


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "127.1",
        "127.0.1",
        "0177.0.0.1",
        "1.2.3.4.",
        "08",
        "a.b.0x1",
        "a.1",
    ],
)
def test_odd_literals(host):
    assert is_ambiguous_ip_literal(host)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "8.8.8.8", "example.com", "1.example.com", "0x7f.com", "::1", "4chan.org"]
)
def test_ordinary_hosts(host):
    assert not is_ambiguous_ip_literal(host)
