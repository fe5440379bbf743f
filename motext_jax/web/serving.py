"""The page on a port of this machine."""

import errno
import ipaddress
import socket
from collections.abc import Sequence
from typing import Any

import uvicorn

from motext_jax.errors import InputError
from motext_jax.web.app import page_app
from motext_jax.web.guard import is_loopback
from motext_jax.web.shelf import Library

CONNECTIONS = 256
"""Connections at once; a further one is told that the page is busy."""

PARTING_SECONDS = 3
"""Seconds that requests may take to their end after Ctrl-C."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Args:
      host: a name or an address of this machine.
      port: the port; 0 for a free one.

    Raises:
      InputError: the port is taken or may not be used, or the host is not this machine.
    """
    try:
        places = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except (OSError, UnicodeError):
        raise _no_address(host) from None
    refused = OSError()
    # localhost is an address of IPv6 first, which not every machine has.
    for family, kind, protocol, _, address in places:
        try:
            return _listening(socket.socket(family, kind, protocol), address)
        except OSError as error:
            refused = error
    if refused.errno == errno.EADDRINUSE:
        raise InputError(f"--port={port}: taken by another program; give another")
    if refused.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
        raise _no_address(host)
    raise InputError(f"--port={port}: may not be used ({refused.strerror}); try 8765")


def _listening(made: socket.socket, address: Any) -> socket.socket:
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(CONNECTIONS)
    except BaseException:
        made.close()
        raise
    return made


def _no_address(host: str) -> InputError:
    return InputError(f"--host={host}: no address of this machine; try 127.0.0.1")


def server(library: Library, host: str, public: Sequence[str] = ()) -> uvicorn.Server:
    """The server of a library's page, which is run with a socket of `listen`."""
    return uvicorn.Server(
        uvicorn.Config(
            page_app(library, host, public),
            # Its own handlers would write to the stderr of when they were made.
            log_config=None,
            log_level="warning",
            access_log=False,
            limit_concurrency=CONNECTIONS,
            timeout_keep_alive=15,
            timeout_graceful_shutdown=PARTING_SECONDS,
            h11_max_incomplete_event_size=32 * 1024,
            # It says the version to everybody.
            server_header=False,
        )
    )


def serve(
    library: Library, listening: socket.socket, host: str, public: Sequence[str] = ()
) -> None:
    """Serves the page until a signal ends it, and says its address.

    Args:
      library: the library.
      listening: a socket of `listen`.
      host: the name or the address that it listens on.
      public: other names by which it is reached.
    """
    here, *others = [
        f"http://{f'[{name}]' if ':' in name else name}:{listening.getsockname()[1]}/"
        for name in _names(listening, host.strip("[]"))
    ]
    beyond = f", and from other machines at {others[0]}" if others else ""
    print(f"the page is at {here}{beyond} ; Ctrl-C ends it")
    if not is_loopback(host):
        print(
            "anybody who reaches this machine can search, see and export all of this library: "
            "there is no password"
        )
    server(library, host, public).run(sockets=[listening])


def _names(listening: socket.socket, host: str) -> list[str]:
    """Names by which a browser reaches the socket: here, and then from other machines."""
    if not ipaddress.ip_address(listening.getsockname()[0].partition("%")[0]).is_unspecified:
        return [host]
    names = ["127.0.0.1" if listening.family == socket.AF_INET else "::1"]
    outward = _outward(listening.family)
    return [*names, outward] if outward not in ("", *names) else names


def _outward(family: socket.AddressFamily) -> str:
    """This machine's address that faces the others; empty where there are none."""
    # Of the networks that are kept for documentation. Nothing is sent: connecting only asks which
    # of our addresses would be used.
    far = "192.0.2.1" if family == socket.AF_INET else "2001:db8::1"
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as asked:
            asked.connect((far, 9))
            return str(asked.getsockname()[0]).partition("%")[0]
    except OSError:
        return ""
