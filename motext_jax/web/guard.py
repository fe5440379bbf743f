"""The gate before the page: who may ask, and what every answer tells the browser."""

import ipaddress
import json
import re
import socket
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from motext_jax.errors import InputError
from motext_jax.shown import quoted

ADDRESS_BYTES = 8192
"""The longest address of a request."""

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        # The browser refuses every assignment of markup, and so a caption can never become any.
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)

_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # An address holds the query, which is nobody else's business.
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Refuses requests of other sites, and sets the headers of every answer.

    A site of somebody else can make its own name lead to this machine (DNS rebinding), and a
    browser then takes our answers for that site's. Its requests carry its name as Host: only
    addresses in numbers, this machine's own names and those that its owner gives are answered.
    What a proxy forwards in other headers is not read, for anybody can write them.
    """

    def __init__(self, app: ASGIApp, host: str, public: Sequence[str] = ()):
        """Wraps an app.

        Args:
          app: the app.
          host: the name or the address that the server listens on.
          public: other names by which it is reached.
        """
        self._app = app
        self._public = {name.lower() for name in public}
        self._names = {"localhost", host.lower(), *_own_names(), *self._public}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            # There are no websockets here.
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        if scope["method"] == "HEAD":
            # As GET; the server sends no body to a call that was HEAD.
            scope = {**scope, "method": "GET"}
        status, sentence = self._refusal(scope)
        if status:
            await _answer(send_with_headers, status, sentence)
        else:
            await self._app(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> tuple[int, str]:
        """The status and the sentence of a request that is refused; 0 for others."""
        headers = Headers(scope=scope)
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > ADDRESS_BYTES:
            return 414, f"the address is too long; expected at most {ADDRESS_BYTES} bytes"
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._is_own(hosts[0]):
            return 403, (
                "this page is not called so; use the address that the command printed, or start it "
                "with --public=NAME"
            )
        if headers.get("sec-fetch-site") == "cross-site" and scope["path"] != "/":
            return 403, "another site asked for this; open the page itself"
        origin = headers.get("origin")
        if origin is not None and not self._is_same(origin.partition("://")[2], hosts[0]):
            return 403, "another site asked for this; open the page itself"
        return 0, ""

    def _is_same(self, origin: str, host: str) -> bool:
        """True for the page's own origin; a proxy may ask by another host than its visitors do."""
        return origin.lower() == host.lower() or _without_port(origin).lower() in self._public

    def _is_own(self, host: str) -> bool:
        name = _without_port(host).lower()
        return name in self._names or _is_number(name)


def check_names(names: Sequence[str]) -> None:
    """Raises InputError unless each is the name of a host, without scheme, port and path."""
    for name in names:
        if not re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*", name):
            raise InputError(f"--public={quoted(name)}: expected a name, as motions.example.org")


def is_loopback(host: str) -> bool:
    """True for an address that other machines cannot reach."""
    return host.lower() == "localhost" or (
        _is_number(host) and ipaddress.ip_address(host.strip("[]")).is_loopback
    )


def _own_names() -> set[str]:
    name = socket.gethostname().lower()
    return {name, f"{name.partition('.')[0]}.local"}


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


async def _answer(send: Send, status: int, sentence: str) -> None:
    body = json.dumps({"error": sentence}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
