"""The socket that the page is served on. Imports nothing slow: a taken port is said at once."""

import errno
import socket
from typing import Any

from motext_jax.errors import InputError

CONNECTIONS = 256
"""Connections at once; a further one is told that the page is busy."""


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
