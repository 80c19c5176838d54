"""The sample corpus is what its README says, and its judgements can be trusted."""

import csv
import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from indexer.readers.decoding import decode

CORPUS = Path(__file__).parents[2] / "corpus"
TYPES = {
    "money",
    "count",
    "number",
    "duration",
    "date",
    "who",
    "phone",
    "document",
    "fact",
    "unanswerable",
}
TOPICS = {
    "innovation": ("科技成果转化", "research"),
    "patents": ("专利", "patent"),
    "talent": ("人才", "talent"),
    "manufacturing": ("制造业", "factory"),
    "social security": ("社会保险", "old-age insurance"),
    "environment": ("臭氧", "greenhouse gases"),
}


@cache
def documents() -> dict[str, str]:
    files = sorted(p for p in CORPUS.glob("*/*") if p.is_file())
    return {p.relative_to(CORPUS).as_posix(): decode(p.read_bytes(), p.name) for p in files}


@cache
def questions() -> tuple[dict[str, Any], ...]:
    lines = (CORPUS / "queries.jsonl").read_text("utf-8").splitlines()
    return tuple(json.loads(line) for line in lines)


@cache
def judgements() -> tuple[dict[str, str], ...]:
    with (CORPUS / "qrels.tsv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_there_are_enough_documents_and_questions_of_both_languages() -> None:
    languages = Counter(name.split("/")[0] for name in documents())
    assert languages["zh"] >= 12 and languages["en"] >= 8 and set(languages) == {"zh", "en"}
    asked = Counter(question["lang"] for question in questions())
    assert sum(asked.values()) >= 60 and min(asked["zh"], asked["en"]) >= 25


def test_questions_are_well_formed_and_asked_once() -> None:
    assert all(set(question) == {"_id", "text", "lang", "type"} for question in questions())
    assert {question["type"] for question in questions()} == TYPES
    for key in ("_id", "text"):
        repeated = [value for value, n in Counter(q[key] for q in questions()).items() if n > 1]
        assert repeated == []


def test_language_is_that_of_the_question() -> None:
    wrong = [
        q["_id"]
        for q in questions()
        if (q["lang"] == "zh") != any("\u4e00" <= character <= "\u9fff" for character in q["text"])
    ]
    assert wrong == []


def test_both_languages_are_asked_about_documents_of_the_other() -> None:
    crossing: Counter[str] = Counter()
    language = {q["_id"]: q["lang"] for q in questions()}
    for judgement in judgements():
        crossing[f"{language[judgement['query-id']]}→{judgement['corpus-id'].split('/')[0]}"] += 1
    assert min(crossing[way] for way in ("zh→zh", "zh→en", "en→zh", "en→en")) >= 20, crossing


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_is_covered_in_both_languages(topic: str) -> None:
    for language, word in zip(("zh", "en"), TOPICS[topic], strict=True):
        texts = [text.lower() for name, text in documents().items() if name.startswith(language)]
        assert any(word in text for text in texts), f"no {language} document has {word!r}"


def test_judgements_name_known_questions_and_documents_once() -> None:
    known = {question["_id"] for question in questions()}
    for judgement in judgements():
        assert judgement["query-id"] in known
        assert judgement["corpus-id"] in documents()
        assert judgement["score"] in {"1", "2"}
    pairs = Counter((j["query-id"], j["corpus-id"], j["passage"]) for j in judgements())
    assert max(pairs.values()) == 1


@pytest.mark.parametrize("judgement", judgements(), ids=lambda j: f"{j['query-id']} in {j['corpus-id']}")
def test_a_quotation_stands_once_in_its_document(judgement: dict[str, str]) -> None:
    assert len(judgement["passage"]) >= 8
    assert documents()[judgement["corpus-id"]].count(judgement["passage"]) == 1


def test_every_question_is_answered_somewhere_or_marked_unanswerable() -> None:
    answered = {j["query-id"] for j in judgements() if j["score"] == "2"}
    unanswerable = {q["_id"] for q in questions() if q["type"] == "unanswerable"}
    assert unanswerable
    assert answered == {q["_id"] for q in questions()} - unanswerable
    assert not unanswerable & {j["query-id"] for j in judgements()}


def test_every_document_answers_something() -> None:
    assert {j["corpus-id"] for j in judgements()} == set(documents())


def test_the_letter_has_the_figures_that_the_first_questions_ask_for() -> None:
    letter = documents()["zh/quanzhou-kehan-2026-102.md"]
    for figure in ("泉科函〔2026〕102号", "1257.96万元", "对接企业2062家", "7天内", "11217件"):
        assert letter.count(figure) >= 1
    assert "改写" in letter, "it must say that it is not the letter's own text"


def test_one_file_is_not_utf_8() -> None:
    """So that the demo itself shows that GB18030 is read."""
    content = (CORPUS / "zh/dongping-drinking-water-zone-announcement.txt").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    assert content.decode("gb18030").startswith("东屏县人民政府公告")


def test_the_readme_tells_what_these_are_in_both_languages() -> None:
    told = (CORPUS / "README.md").read_text("utf-8")
    for said in ("not official documents", "并非官方文件", "Never train", "切勿", "泉科函〔2026〕102号"):
        assert said in told
    for name in ("query-id", "corpus-id", "score", "passage"):
        assert told.count(f"`{name}`") == 2
