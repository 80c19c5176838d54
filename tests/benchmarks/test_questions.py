from pathlib import Path

import pytest

from benchmarks.questions import questions, topic_of
from search_api.questions import LONGEST_QUESTION

TITLES = ["济南市节约用水条例", "长江三峡工程建设移民条例", "中华人民共和国民法典", "上海口岸服务条例"]


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("济南市节约用水条例", "节约用水"),
        ("上海市优化营商环境条例", "优化营商环境"),
        ("中华人民共和国海关法", "海关"),
    ],
)
def test_the_topic_of_a_law(title: str, topic: str) -> None:
    assert topic_of(title) == topic


def test_questions_are_different_in_both_languages_and_the_same_every_time(tmp_path: Path) -> None:
    made = questions(TITLES, 60, tmp_path / "none")

    assert made == questions(TITLES, 60, tmp_path / "none")
    assert len(made) == len(set(made))
    assert 20 <= sum(question.isascii() for question in made) <= 40
    assert all(0 < len(question) < LONGEST_QUESTION for question in made)


def test_the_samples_are_asked_too(tmp_path: Path) -> None:
    (tmp_path / "queries.jsonl").write_text('{"_id": "1", "text": "发了多少钱"}\n', "utf-8")

    assert "发了多少钱" in questions(TITLES, 30, tmp_path / "queries.jsonl")
