"""Serves the page on one port of this machine, to its own browser alone."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from planner.app.cases import MAX_BYTES, Cases, from_path, options_from_path
from planner.app.work.known import get_ready
from planner.app.workers import Workers
from planner.errors import UsageError

HOST, PORT = "127.0.0.1", 8050
MOST_WORKERS, THREADS = 4, 32
"""A page that waits for an answer holds a thread."""
LARGEST_REQUEST = 3 * MAX_BYTES
NEEDS = "the page needs the extra [app]: pip install 'planner[app]'."
STAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""Headers that keep what is planned on this page."""


def serve(
    path: Path, port: int = PORT, workers: int | None = None, *, options: Sequence[Path] = (), browser: bool = False
) -> None:
    """Serve the case until interrupted. `options`: files of options to be compared.

    Raises InvalidInput for a case that is wrong, UsageError where the extra is missing or the port is taken.
    """
    try:
        import waitress
    except ImportError:
        raise UsageError(NEEDS) from None
    cases = Cases(from_path(path), map(options_from_path, options))
    count = workers or min(MOST_WORKERS, os.cpu_count() or 1)
    processes = Workers(count)
    for place in range(count):
        processes.submit(f"start {place}", cases.served.sha256, get_ready, cases.served)
    try:
        server = waitress.create_server(flask(cases, processes), host=HOST, port=port, threads=THREADS, ident="planner")
    except OSError as error:
        processes.close()
        raise UsageError(
            f"port {port} of this machine cannot be had: {(error.strerror or str(error)).lower()}."
        ) from None
    address = f"http://{HOST}:{server.effective_port}/"
    print(f"{address} shows {path}; Ctrl-C ends it.", file=sys.stderr, flush=True)
    if browser:
        webbrowser.open(address)
    try:
        server.run()
    finally:
        processes.close()


def flask(cases: Cases, workers: Workers) -> Any:
    """The whole of it as a WSGI application."""
    try:
        from planner.app.site import Site, made
    except ImportError:
        raise UsageError(NEEDS) from None
    app = made(Site(cases, workers))
    server = app.server
    server.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    policy = "; ".join([
        "default-src 'none'", " ".join(["script-src 'self'", *app.csp_hashes()]), "style-src 'self' 'unsafe-inline'", "img-src 'self' data: blob:",
        "font-src 'self' data:", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
    ])  # fmt: skip

    @server.before_request
    def only_here() -> Any:
        """Answer no page of somebody else's, nor a name of this machine that others can choose."""
        from flask import abort, request

        named, headers = request.host.rpartition(":")[0] in (HOST, "localhost"), request.headers
        from_here = headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin")
        if not (named and from_here and headers.get("Origin", request.host_url[:-1]) == request.host_url[:-1]):
            abort(403)

    @server.after_request
    def stays(response: Any) -> Any:
        for name, value in STAYS.items():
            response.headers[name] = value
        response.headers["Content-Security-Policy"] = policy
        return response

    return server
