"""What each address answers, over a real small index."""

import json

import pytest
from fastapi.testclient import TestClient

from search_api.problems import MEDIA_TYPE

REPLY = "zh/voucher-reply.md"


def problem_code(answered) -> tuple[int, str]:
    assert answered.headers["content-type"] == MEDIA_TYPE
    problem = answered.json()
    assert problem["status"] == answered.status_code
    assert {"type", "title", "status", "detail", "code"} <= set(problem)
    return answered.status_code, problem["code"]


@pytest.mark.parametrize("question", ["科技创新券补助发了多少钱", "how much tech-voucher money was paid"])
def test_both_languages_find_the_reply(client: TestClient, question: str):
    found = client.get("/v1/search", params={"q": question}).json()
    assert found["results"][0]["document_id"] == REPLY
    assert "1257.96" in found["results"][0]["text"]


def test_get_and_post_answer_alike(client: TestClient):
    by_get = client.get(
        "/v1/search", params={"q": "创新券", "limit": 3, "year": "2025", "facets": "year,kind"}
    ).json()
    body = {"q": "创新券", "limit": 3, "filters": {"year": 2025}, "facets": ["year", "kind"]}
    by_post = client.post("/v1/search", json=body).json()
    by_get.pop("took_ms"), by_post.pop("took_ms")
    assert by_get == by_post
    assert set(by_get["facets"]) == {"year", "kind"}


def test_pages_of_results_follow_on(client: TestClient):
    def ranks(limit: int, offset: int) -> list[tuple[int, str]]:
        found = client.get("/v1/search", params={"q": "企业资助", "limit": limit, "offset": offset}).json()
        return [(result["rank"], result["passage_id"]) for result in found["results"]]

    assert ranks(4, 0) == ranks(2, 0) + ranks(2, 2)


@pytest.mark.parametrize(
    "parameters",
    [
        {"filters": "document_id=en/talent-apartments.md"},
        {"document_id": "en/talent-apartments.md"},
        {"filters": json.dumps({"document_id": ["en/talent-apartments.md"]})},
        {"lang": "en"},
        {"language": "en"},
    ],
)
def test_get_filters(client: TestClient, parameters: dict[str, str]):
    found = client.get("/v1/search", params={"q": "谁可以申请", **parameters}).json()
    assert {result["document_id"] for result in found["results"]} == {"en/talent-apartments.md"}


def test_values_of_one_field_are_alternatives(client: TestClient):
    wanted = ["en/talent-apartments.md", REPLY]
    by_get = client.get("/v1/search", params={"q": "apply", "limit": 100, "document_id": wanted}).json()
    by_post = client.post(
        "/v1/search", json={"q": "apply", "limit": 100, "filters": {"document_id": wanted}}
    ).json()
    assert {result["document_id"] for result in by_get["results"]} == set(wanted)
    assert [r["passage_id"] for r in by_get["results"]] == [r["passage_id"] for r in by_post["results"]]


def test_no_value_lets_nothing_through_and_null_everything(client: TestClient):
    def total(filters: dict) -> int:
        return client.post("/v1/search", json={"q": "专利", "filters": filters}).json()["total"]

    assert total({"year": []}) == 0
    assert total({"year": None}) == total({}) > 0


def test_explain_only_when_asked(client: TestClient):
    assert client.get("/v1/search?q=专利").json()["results"][0]["explain"] is None
    explained = client.get("/v1/search?q=专利&explain=true").json()["results"][0]["explain"]
    assert explained["summary"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("q=", "empty_query"),
        ("q=%20%E3%80%82", "empty_query"),
        ("", "validation_error"),
        ("q=a&limit=0", "validation_error"),
        ("q=a&limit=101", "validation_error"),
        ("q=a&limit=ten", "validation_error"),
        ("q=a&offset=-1", "validation_error"),
        ("q=a&offset=991", "validation_error"),
        ("q=a&lang=fr", "validation_error"),
        ("q=a&page=2", "unknown_filter"),
        ("q=a&filters=author=me", "unknown_filter"),
        ("q=a&filters=year", "unknown_filter"),
        ("q=a&filters=%7Bbad", "unknown_filter"),
        ("q=a&year=soon", "unknown_filter"),
        ("q=a&issued_on=2025-13-01", "unknown_filter"),
        ("q=a&facets=colour", "unknown_filter"),
        ("q=" + "a" * 1001, "query_too_long"),
        ("q=" + "a" * 60_000, "query_too_long"),
    ],
)
def test_refused_questions(client: TestClient, query: str, code: str):
    assert problem_code(client.get(f"/v1/search?{query}")) == (422, code)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "validation_error"),
        ({"q": 5}, "validation_error"),
        ({"q": "a", "filters": {"year": True}}, "validation_error"),
        ({"q": "a", "filters": ["year=2025"]}, "validation_error"),
        ({"q": "a", "filters": {"author": "me"}}, "unknown_filter"),
        ({"q": "a", "pages": 2}, "unknown_filter"),
        ({"q": "问" * 100_000}, "query_too_long"),
        (["a"], "validation_error"),
    ],
)
def test_refused_bodies(client: TestClient, body: object, code: str):
    assert problem_code(client.post("/v1/search", json=body)) == (422, code)


def test_a_broken_body_is_a_problem(client: TestClient):
    headers = {"content-type": "application/json"}
    assert problem_code(client.post("/v1/search", content=b'{"q": ', headers=headers)) == (
        422,
        "validation_error",
    )
    assert problem_code(client.post("/v1/search", content=b"q=a")) == (422, "validation_error")


def test_the_question_limit_is_a_setting(app_with):
    with TestClient(app_with(question_length=5)) as client:
        assert client.get("/v1/search?q=12345").status_code == 200
        assert problem_code(client.get("/v1/search?q=123456")) == (422, "query_too_long")


def test_facets_of_everything_and_of_a_part(client: TestClient):
    everything = client.get("/v1/facets").json()["facets"]
    assert set(everything) == {"issuer", "kind", "year", "language", "status"}
    part = client.get("/v1/facets", params={"facets": "language", "document_id": REPLY}).json()["facets"]
    assert list(part) == ["language"]
    assert [each["value"] for each in part["language"]] == ["zh"]


def test_documents_are_listed_in_pages(client: TestClient):
    everything = client.get("/v1/documents").json()
    assert everything["total"] == len(everything["documents"]) == 4
    assert client.get("/v1/documents?limit=1&offset=1").json()["documents"] == everything["documents"][1:2]


def test_a_document_has_its_paragraphs_in_order(client: TestClient):
    read = client.get(f"/v1/documents/{REPLY}").json()
    assert [each["place"]["paragraph"] for each in read["paragraphs"]] == list(range(1, read["passages"] + 1))
    assert read["document"]["document_number"] == "云科函〔2025〕12号"
    part = client.get(f"/v1/documents/{REPLY}?offset=1&limit=2").json()
    assert part["paragraphs"] == read["paragraphs"][1:3]
    assert client.get(f"/v1/documents/{REPLY}?offset=999").json()["paragraphs"] == []


def test_a_passage_has_neighbours_of_its_document_only(client: TestClient):
    paragraphs = client.get(f"/v1/documents/{REPLY}").json()["paragraphs"]
    first = client.get(f"/v1/passages/{paragraphs[0]['passage_id']}?neighbours=2").json()
    assert first["neighbours"] == {"before": [], "after": paragraphs[1:3]}
    last = client.get(f"/v1/passages/{paragraphs[-1]['passage_id']}?neighbours=2").json()
    assert last["neighbours"] == {"before": paragraphs[-3:-1], "after": []}
    assert last["document_id"] == REPLY


@pytest.mark.parametrize("address", ["/v1/documents/none.txt", "/v1/passages/0123456789abcdef"])
def test_unknown_ids(client: TestClient, address: str):
    assert problem_code(client.get(address)) == (404, "unknown_document")


def test_the_index_says_what_it_is(client: TestClient):
    index = client.get("/v1/index").json()
    assert (index["documents"], index["encoder"]) == (4, "wenzheng-bilingual-1")
    assert sum(index["languages"].values()) == index["passages"]
    assert {each["language"] for each in index["example_questions"]} == {"zh", "en"}


def test_every_example_question_finds_something(client: TestClient):
    for each in client.get("/v1/index").json()["example_questions"]:
        assert client.get("/v1/search", params={"q": each["question"]}).json()["results"]


def test_operations(client: TestClient):
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json()["status"] == "ready"
    client.get("/v1/documents/none.txt")
    counted = client.get("/metrics").text
    template = 'method="GET",route="/v1/documents/{document_id:path}",status="404"'
    assert f"wenzheng_requests_total{{{template}}} 1.0" in counted
    assert "wenzheng_index_generation 1.0" in counted
    assert "none.txt" not in counted


def test_an_index_that_is_not_there_is_told_of(app_with, tmp_path):
    with TestClient(app_with(tmp_path)) as client:
        assert problem_code(client.get("/readyz")) == (503, "index_not_found")
        assert problem_code(client.get("/v1/search?q=a")) == (503, "index_not_found")
        assert client.get("/healthz").status_code == 200


def test_a_key_is_asked_for_where_one_is_set(app_with):
    with TestClient(app_with(api_key="correct horse")) as client:
        assert problem_code(client.get("/v1/search?q=a")) == (401, "unauthorized")
        assert problem_code(client.get("/v1/index", headers={"X-API-Key": "错".encode()})) == (
            401,
            "unauthorized",
        )
        assert client.get("/v1/index").headers["www-authenticate"] == "Bearer"
        assert client.get("/v1/index", headers={"X-API-Key": "correct horse"}).status_code == 200
        assert client.get("/v1/index", headers={"Authorization": "Bearer correct horse"}).status_code == 200
        assert client.get("/metrics").status_code == 401
        assert client.get("/").status_code == client.get("/readyz").status_code == 200


def test_other_origins_are_let_in_only_where_listed(client: TestClient, app_with):
    origin = {"Origin": "https://www.example.org"}
    assert "access-control-allow-origin" not in client.get("/v1/index", headers=origin).headers
    with TestClient(app_with(cors_origins="https://www.example.org")) as other:
        answered = other.get("/v1/index", headers=origin)
        assert answered.headers["access-control-allow-origin"] == "https://www.example.org"
        elsewhere = other.get("/v1/index", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in elsewhere.headers


def test_questions_are_logged_only_when_asked_for(client: TestClient, app_with, caplog):
    caplog.set_level("DEBUG")
    client.get("/v1/search?q=秘密问题")
    client.get("/v1/search?q=秘密问题&year=bad")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("search_api")]
    assert not any("秘密问题" in message for message in ours)
    with TestClient(app_with(log_questions=True)) as logging_client:
        logging_client.get("/v1/search?q=秘密问题")
    assert "asked: '秘密问题'" in caplog.messages


def test_openapi_has_an_example_for_every_operation(client: TestClient):
    described = client.get("/openapi.json").json()
    assert "/v1/search" in described["paths"]
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            for media in operation["responses"]["200"]["content"].values():
                assert "example" in media, (method, path)
    text = json.dumps(described)
    assert "HTTPValidationError" not in text
    assert '"$ref": "#/components/schemas/Problem"' in text
    assert "Problem" in described["components"]["schemas"]


@pytest.mark.parametrize("address", ["/docs", "/redoc"])
def test_pages_that_load_from_outside_are_off(client: TestClient, address: str):
    assert problem_code(client.get(address)) == (404, "not_found")
