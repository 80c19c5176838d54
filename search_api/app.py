"""The web app: API, operations, page, and what surrounds them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from indexer.engine import Engine
from search_api.middleware import LimitedBody, MeasuredApp, SafeHeaders
from search_api.problems import add_problem_handlers
from search_api.routes import Serving, api, operations
from search_api.serving import LiveIndex, live_index
from search_api.settings import Settings, load_settings

STATIC = Path(__file__).parent / "static"

# Named here: what a system's own table says of .js differs, and a module of another type does not run.
MEDIA_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

DESCRIPTION = "Semantic search over policy documents, in Chinese and English. 中英双语政策文件检索。"


def create_app(settings: Settings | None = None, live: LiveIndex | None = None) -> FastAPI:
    """Return the app; a test passes `live` over a fake, otherwise the index of the settings is opened.

    Raises SettingsError, EncoderUnavailable. An index that cannot be opened is told of by /readyz, and
    opened as soon as it can be.
    """
    settings = settings or load_settings()
    live = live or open_live(settings)
    app = FastAPI(
        title="Wenzheng 问政",
        version=_version(),
        description=DESCRIPTION,
        lifespan=_lifespan,
        docs_url=None,  # FastAPI's pages load their scripts from outside
        redoc_url=None,
    )
    app.state.serving = Serving(settings, live)
    app.include_router(api)
    app.include_router(operations)
    _add_page(app)
    add_problem_handlers(app)
    _surround(app, settings, app.state.serving)
    return app


def open_live(settings: Settings) -> LiveIndex:
    """Load the engine, which takes a moment, and return a live index over it. Raises EncoderUnavailable."""
    engine = Engine.load(settings.encoder, settings.glossary)
    return live_index(settings.index, engine, settings.question_length)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Watch the index while the app runs."""
    shared: Serving = app.state.serving
    watched = shared.live.watched(shared.settings.check_seconds)
    await run_in_threadpool(watched.__enter__)
    try:
        yield
    finally:
        await run_in_threadpool(watched.__exit__, None, None, None)
        shared.live.close()


def _surround(app: FastAPI, settings: Settings, shared: Serving) -> None:
    """Add middleware, innermost first: a refused body is measured and gets safe headers too."""
    app.add_middleware(LimitedBody, most_bytes=settings.body_bytes)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors_origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "X-API-Key"],
        )
    app.add_middleware(SafeHeaders)
    app.add_middleware(MeasuredApp, metrics=shared.metrics)


def _add_page(app: FastAPI) -> None:
    """Serve our page and its files, which it names by relative addresses so that a proxy may prefix them."""
    app.add_api_route("/", _page, methods=["GET", "HEAD"], include_in_schema=False)
    app.add_api_route("/search-box.js", _search_box, include_in_schema=False)
    app.add_api_route("/static/{name}", _static, methods=["GET", "HEAD"], include_in_schema=False)


def _page() -> Response:
    return _file("index.html")


def _static(name: str) -> Response:
    return _file(name)


def _search_box() -> Response:
    raise HTTPException(404, "The search box for other pages is not in this version. The page at / searches.")


def _file(name: str) -> Response:
    """Return one of our own files; the names are looked up, so that no path leads elsewhere."""
    path = next((each for each in STATIC.iterdir() if each.name == name and each.suffix in MEDIA_TYPES), None)
    if path is None:
        raise HTTPException(404)
    return FileResponse(path, media_type=MEDIA_TYPES[path.suffix], headers={"Cache-Control": "no-cache"})


def _version() -> str:
    try:
        return version("wenzheng")
    except PackageNotFoundError:
        return "0"
