"""Every error is a problem, whoever raised it."""

import inspect
import json

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from indexer import errors
from search_api.problems import MEDIA_TYPE, add_problem_handlers, problem_of

ALL = [
    kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.WenzhengError)
]


@pytest.mark.parametrize("kind", ALL)
def test_every_error_of_ours_has_a_problem(kind: type[errors.WenzhengError]):
    problem = problem_of(kind("what happened"))
    assert problem["code"] == kind.code
    assert problem["detail"] == "what happened"
    assert problem["type"].endswith(kind.code)
    assert json.dumps(problem)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.EmptyQuery, 422),
        (errors.QueryTooLong, 422),
        (errors.UnknownFilter, 422),
        (errors.UnknownDocument, 404),
        (errors.IndexNotFound, 503),
        (errors.EncoderMismatch, 503),
        (errors.IndexLocked, 503),
        (errors.EncoderUnavailable, 503),
        (errors.SettingsError, 500),
        (errors.WenzhengError, 500),
    ],
)
def test_statuses_go_by_class(kind: type[errors.WenzhengError], status: int):
    assert problem_of(kind("x"))["status"] == status


def test_a_new_error_takes_the_status_of_the_class_above_it():
    class OutOfPaper(errors.IndexStoreError):
        code = "out_of_paper"

    assert problem_of(OutOfPaper("x"))["status"] == 503
    assert problem_of(OutOfPaper("x"))["code"] == "out_of_paper"


def test_an_unforeseen_error_gives_nothing_away():
    problem = problem_of(ZeroDivisionError("secret path"))
    assert (problem["status"], problem["code"]) == (500, "internal_error")
    assert "secret" not in json.dumps(problem)


@pytest.fixture
def broken_app() -> TestClient:
    app = FastAPI()
    add_problem_handlers(app)

    @app.get("/bug")
    def bug() -> None:
        raise ZeroDivisionError("secret path")

    @app.get("/gone")
    def gone() -> None:
        raise errors.CorruptIndex("cut short")

    return TestClient(app, raise_server_exceptions=False)


def test_errors_that_leave_a_route(broken_app: TestClient):
    for address, status, code in [("/bug", 500, "internal_error"), ("/gone", 503, "corrupt_index")]:
        answered = broken_app.get(address)
        assert (answered.status_code, answered.json()["code"]) == (status, code)
        assert answered.headers["content-type"] == MEDIA_TYPE
        assert "secret" not in answered.text
        assert "Traceback" not in answered.text


def test_the_framework_s_own_errors(client: TestClient):
    missing = client.get("/v2/search")
    wrong = client.delete("/v1/search")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in wrong.headers["allow"]
    assert missing.headers["content-type"] == wrong.headers["content-type"] == MEDIA_TYPE


def test_validation_errors_are_listed_without_the_input(client: TestClient):
    problem = client.get("/v1/search?limit=secret").json()
    assert {tuple(each["location"]) for each in problem["errors"]} == {("query", "q"), ("query", "limit")}
    assert all(set(each) == {"location", "message", "type"} for each in problem["errors"])
    assert "secret" not in json.dumps(problem)


def test_a_body_that_is_too_large(app_with):
    with TestClient(app_with(body_bytes=2_000)) as client:
        claimed = client.post("/v1/search", json={"q": "a" * 2_000})
        streamed = client.post("/v1/search", content=(b"a" * 500 for _ in range(10)))
        fits = client.post("/v1/search", json={"q": "a"})
    for answered in (claimed, streamed):
        assert (answered.status_code, answered.json()["code"]) == (413, "body_too_large")
        assert answered.headers["content-type"] == MEDIA_TYPE
        assert answered.headers["x-content-type-options"] == "nosniff"
    assert fits.status_code == 200
