"""The page on a port of this machine."""

import ipaddress
import socket
from collections.abc import Sequence

import uvicorn

from motext_jax.web.app import page_app
from motext_jax.web.guard import is_loopback
from motext_jax.web.listening import CONNECTIONS
from motext_jax.web.shelf import Library

PARTING_SECONDS = 3
"""Seconds that requests may take to their end after Ctrl-C."""


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
