import json
import lzma
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engine import Engine
from indexer.errors import EvaluationError
from training.mixtures import (
    FOLDS,
    Development,
    DevelopmentSet,
    Mixture,
    build_index,
    english_distractors,
    load_engine,
    pieces,
    read_development,
    read_set,
    rows_of,
)

ZH = {f"x{i}": f"第{i}章讲述企业的科技创新。补助按照规定发放。" for i in range(10)} | {
    "d0": "无关的一段文字。"
}
EN = {f"x{i}": f"Chapter {i} tells of innovation. Subsidies are paid." for i in range(10)}
ANSWERED = {f"q{i}": frozenset({f"x{i // 2}"}) for i in range(20)}
QUESTIONS = {f"q{i}": f"第{i // 2}章讲什么" for i in range(20)}


def development() -> Development:
    zh, en = (DevelopmentSet("zh", QUESTIONS, texts, ANSWERED) for texts in (ZH, EN))
    return Development(
        {("zh", "zh"): zh, ("en", "zh"): zh, ("zh", "en"): en, ("en", "en"): en},
        [f"A law of no interest, number {i}. It says nothing at all." for i in range(8)],
    )


@pytest.fixture(scope="module")
def engine() -> Engine:
    return load_engine()


def write_set(folder: Path, questions: int) -> None:
    folder.mkdir(parents=True)
    corpus = [{"_id": f"x{i}", "text": f"文本 {i}"} for i in range(questions)]
    asked = [{"_id": f"q{i}", "text": f"问题 {i}"} for i in range(questions)]
    judged = [f"q{i}\tx{i}\t{i % 2 or 1}" for i in range(questions)]
    for name, lines in (("corpus", corpus), ("queries", asked)):
        text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
        (folder / f"{name}.jsonl.xz").write_bytes(lzma.compress(text.encode()))
    (folder / "qrels.tsv").write_text("\n".join(["query-id\tcorpus-id\tscore", *judged]), "utf-8")


def test_a_mixture_holds_all_that_answer_and_as_many_others_as_it_says() -> None:
    texts = development().texts(Mixture("zh", own=1, others=5))

    assert Counter(name.split("-")[0] for name in texts) == {"answer": 10, "own": 1, "other": 5}
    assert texts["answer-x3"] == ZH["x3"] and texts["own-0"] == ZH["d0"]
    assert Counter(n.split("-")[0] for n in development().texts(Mixture("en", 0, 1))) == {
        "answer": 10,
        "other": 1,
    }


def test_no_distractor_is_its_own_language_and_the_other_at_once() -> None:
    texts = development().texts(Mixture("en", own=3, others=0))
    mixed = development().texts(Mixture("zh", own=0, others=3))

    assert not set(texts.values()) & set(mixed.values())


def test_a_cut_mixture_holds_every_sentence_of_the_whole_one() -> None:
    whole = development().texts(Mixture("zh", own=1, others=5))
    cut = development().texts(Mixture("zh", own=1, others=5, cut=True))

    for name, text in whole.items():
        parts = [part for piece, part in cut.items() if piece.split("#")[0] == name]
        assert "".join("".join(parts).split()) == "".join(text.split())


@given(st.text("字词句。！？ab. ", max_size=600))
def test_pieces_lose_nothing_but_white_space_and_are_not_long(text: str) -> None:
    found = pieces(text)

    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(piece.strip() for piece in found)


def test_pieces_end_where_sentences_do() -> None:
    text = "".join(f"第{i}句话说明企业可以申请的补助标准和办理程序。" for i in range(12))

    assert all(piece.endswith("。") and len(piece) <= 110 for piece in pieces(text))
    assert len(pieces(text)) == 3


def test_questions_on_the_same_document_are_in_the_same_part_and_all_parts_are_used() -> None:
    asked = development().sets["zh", "zh"]
    folds = {question: asked.fold_of(question) for question in asked.questions}

    assert set(folds.values()) == set(range(FOLDS))
    assert all(folds[f"q{i}"] == folds[f"q{i + 1}"] for i in range(0, 20, 2))


def test_an_index_of_a_mixture_finds_what_answers(engine: Engine, tmp_path: Path) -> None:
    texts = development().texts(Mixture("zh", own=1, others=3, cut=True))
    reader = build_index(texts, engine, tmp_path / "index")
    rows = rows_of(reader)

    assert reader.info.passages == len(texts)
    assert reader.language_counts() == {"zh": 11, "en": 3}
    assert rows.keys() == {f"x{i}" for i in range(10)}
    (passage,) = reader.passages(rows["x3"])
    assert passage.paragraph.text == ZH["x3"]
    reader.close()


def test_a_set_is_read_with_as_many_questions_as_asked_for(tmp_path: Path) -> None:
    write_set(tmp_path / "set", 30)
    few, all_of_them = read_set(tmp_path / "set", "zh", 10), read_set(tmp_path / "set", "zh")

    assert list(few.questions) == [f"q{i}" for i in range(0, 30, 3)]
    assert few.answered_by["q3"] == frozenset({"x3"})
    assert len(all_of_them.questions) == 30 and len(few.texts) == 30


def test_a_missing_development_set_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="xquad-dev-zh-zh"):
        read_development(tmp_path, tmp_path)


def test_distractors_are_english_paragraphs_of_both_sources_in_turn(tmp_path: Path) -> None:
    for name in ("tw_law_paragraphs", "python_docs"):
        lines = [f"文\t{name} {'long ' * (10 if i % 2 else 60)}{i}" for i in range(370)]
        (tmp_path / f"{name}.tsv").write_text("\n".join(lines), "utf-8")
    found = english_distractors(tmp_path, 6)

    assert [text.split()[0] for text in found] == ["tw_law_paragraphs", "python_docs"] * 3
    assert all(200 <= len(text) < 1200 for text in found)
