"""`wenzheng serve`: the API and the page over one index."""

from __future__ import annotations

import logging
import socket
import sys
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from indexer.errors import SettingsError
from search_api.app import create_app, open_live
from search_api.settings import Settings, load_settings


def serve(
    index: Annotated[Path | None, typer.Option("--index", help="The index's folder.")] = None,
    host: Annotated[str | None, typer.Option(help="The address to listen at [default: 127.0.0.1].")] = None,
    port: Annotated[int | None, typer.Option(help="The port [default: 8000]; 0 takes a free one.")] = None,
    encoder: Annotated[str | None, typer.Option(help="The encoder the index was built with.")] = None,
    glossary: Annotated[Path | None, typer.Option(help="A glossary of your own to add.")] = None,
    config: Annotated[Path | None, typer.Option(help="A TOML file of settings.")] = None,
) -> None:
    """Serve the API and the page over an index. · 启动检索服务。

    A newly published generation is served without a restart. Settings: command line, then WENZHENG_…
    environment variables, then the file.

    Example: `wenzheng serve --index .index --port 8000`
    """
    settings = load_settings(config, index=index, host=host, port=port, encoder=encoder, glossary=glossary)
    _log_to_standard_error(settings)
    live = open_live(settings)
    live.open()
    with listen(settings.host, settings.port) as listening:
        typer.echo(f"Wenzheng 问政: {address(listening, settings.host)}  (Ctrl-C ends it · 按 Ctrl-C 结束)")
        sys.stdout.flush()
        _run(uvicorn.Server(_server_config(settings, create_app(settings, live))), listening)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there. Raises SettingsError where it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise SettingsError(
            f"Nothing can listen at {host} port {port}: {error.strerror}. If another program has the port, "
            "give a free one with --port (--port 0 takes any)."
        ) from error


def address(listening: socket.socket, host: str) -> str:
    """Return the page's address as a browser on this machine takes it."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{listening.getsockname()[1]}/"


def _server_config(settings: Settings, app: object) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        log_config=None,
        access_log=False,  # it would write every question: they are in the address
        server_header=False,
        timeout_graceful_shutdown=5,
        # A question far too long is answered with its problem, not cut off by the HTTP parser.
        h11_max_incomplete_event_size=settings.body_bytes,
    )


def _run(server: uvicorn.Server, listening: socket.socket) -> None:
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def _log_to_standard_error(settings: Settings) -> None:
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("uvicorn.error").setLevel(max(logging.WARNING, logging.getLogger().level))
