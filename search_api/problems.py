"""Errors as RFC 9457 problems (`application/problem+json`), each with a stable `code`.

One table by class; an error takes the entry of the nearest class above it. Commands that print problems as
JSON use `problem_of` too.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from indexer.errors import (
    CorpusError,
    EncoderError,
    IndexLocked,
    IndexStoreError,
    QueryError,
    SettingsError,
    SourceNotFound,
    UnknownDocument,
    WenzhengError,
)

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

STATUS: dict[type[WenzhengError], tuple[int, str]] = {
    QueryError: (422, "The question cannot be asked as it stands"),
    UnknownDocument: (404, "No such document or passage"),
    IndexStoreError: (503, "The index cannot be used"),
    IndexLocked: (503, "The index is being written"),
    EncoderError: (503, "The encoder cannot be used"),
    CorpusError: (422, "A document cannot be used"),
    SourceNotFound: (404, "No such source"),
    SettingsError: (500, "The server is set up wrongly"),
    WenzhengError: (500, "Something went wrong"),
}

HTTP_CODES = {
    400: "bad_request",
    401: "unauthorized",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
}


class ProblemError(BaseModel):
    """One value that is not what it should be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    location: list[str | int] = Field(examples=[["query", "limit"]])
    message: str = Field(examples=["Input should be less than or equal to 100"])
    type: str = Field(examples=["less_than_equal"])


class Problem(BaseModel):
    """What went wrong, for people (`title`, `detail`) and for programs (`status`, `code`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str = Field(examples=["urn:wenzheng:problem:empty_query"])
    title: str = Field(examples=["The question cannot be asked as it stands"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["The question is empty. Write at least one word."])
    code: str = Field(examples=["empty_query"])
    errors: list[ProblemError] | None = None


def make_problem(
    status: int, code: str, title: str, detail: str, errors: Sequence[ProblemError] | None = None
) -> Problem:
    """Return a problem whose `type` is made of its code."""
    return Problem(
        type=f"urn:wenzheng:problem:{code}",
        title=title,
        status=status,
        detail=detail,
        code=code,
        errors=list(errors) if errors else None,
    )


def problem_of(error: Exception) -> dict[str, Any]:
    """Return an error's problem as `wenzheng ask --batch` prints it; members that are null are left out."""
    return describe(error).model_dump(exclude_none=True)


def describe(error: Exception) -> Problem:
    """Return the problem that says what an error says; an unforeseen one gives nothing away."""
    if isinstance(error, WenzhengError):
        status, title = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
        return make_problem(status, error.code, title, str(error))
    if isinstance(error, RequestValidationError):
        return _validation_problem(error)
    if isinstance(error, HTTPException):
        return _http_problem(error)
    unforeseen = "The server met an error that it did not foresee. Its log says more."
    return make_problem(500, "internal_error", "Something went wrong", unforeseen)


def problem_response(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """Return a problem as an HTTP response; members that are null are left out, as RFC 9457 does."""
    return Response(
        problem.model_dump_json(exclude_none=True),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


def add_problem_handlers(app: FastAPI) -> None:
    """Make every error that leaves the app a problem."""
    for kind in (WenzhengError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, _answer)


async def _answer(_request: Request, error: Exception) -> Response:
    problem = describe(error)
    if problem.status >= 500:
        log.warning("%s: %s", problem.code, problem.detail)
    return problem_response(problem, dict(getattr(error, "headers", None) or {}))


def _validation_problem(error: RequestValidationError) -> Problem:
    errors = [_problem_error(one) for one in error.errors()]
    first = errors[0]
    place = ".".join(str(part) for part in first.location)
    more = f" ({len(errors) - 1} more in `errors`)" if len(errors) > 1 else ""
    return make_problem(
        422, "validation_error", "The request is not valid", f"{place}: {first.message}{more}", errors
    )


def _problem_error(error: dict[str, Any]) -> ProblemError:
    """Leave out pydantic's `input` and `url`: one may be the whole body, the other points outside."""
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "model_attributes_type":
        message = "Expected a JSON object, sent with Content-Type: application/json"
    return ProblemError(location=list(error["loc"]), message=message, type=error["type"])


def _http_problem(error: HTTPException) -> Problem:
    phrase = HTTPStatus(error.status_code).phrase
    code = HTTP_CODES.get(error.status_code, f"http_{error.status_code}")
    detail = error.detail
    if detail == phrase:
        detail = {
            404: "There is nothing at this address. /openapi.json lists what there is.",
            405: "This address does not take this method. /openapi.json lists the ones it takes.",
        }.get(error.status_code, phrase)
    return make_problem(error.status_code, code, phrase, detail)
