"""Whole builds of real folders: only what changed is read and encoded, and the index equals its sources."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.building import BuildReport, build
from indexer.encoding import Encoder
from indexer.engine import Engine
from indexer.errors import IndexStoreError, SettingsError, SourceNotFound
from indexer.index import IndexReader, PassageFilter, TermGroup, open_index
from indexer.local import verify
from indexer.records import RawDocument

TEXTS = {
    "zh/券.md": "# 云州市科学技术局关于科技创新券的答复\n\n云科函〔2025〕12号\n\n## 一、基本情况\n\n"
    "2025年发放科技创新券补助 1257.96 万元。\n\n## 二、下一步\n\n扩大适用范围。\n",
    "zh/专利.txt": "云州市专利资助办法\n\n每件发明专利资助 3000 元。\n",
    "en/rent.md": "# Talent apartments\n\nThe monthly rent is 20 yuan for each square metre.\n",
    "en/grants.jsonl": "".join(
        json.dumps({"_id": f"grant-{n}", "text": f"Grant {n} pays {n * 1000} yuan.", "title": f"Grant {n}"})
        + "\n"
        for n in (1, 2)
    ),
}
IDS = {"zh/券.md", "zh/专利.txt", "en/rent.md", "grant-1", "grant-2"}


class CountingEncoder:
    """The shipped encoder, noting every text it is given."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name, self.checksum, self.dimension = encoder.name, encoder.checksum, encoder.dimension
        self.encoded: list[str] = []

    def encode_passages(self, texts: Sequence[str], words: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        self.encoded += texts
        return self._encoder.encode_passages(texts, words)

    def encode_query(self, text: str, words: Sequence[str]) -> NDArray[np.float32]:
        return self._encoder.encode_query(text, words)


class Room:
    """A folder of documents, an index of them, and what the last build read and encoded."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.documents, self.index = folder / "documents", folder / "index"
        self.encoder = CountingEncoder(engine.encoder)
        self.engine = replace(engine, encoder=self.encoder)
        self.dealt_with: list[str] = []
        for name, text in TEXTS.items():
            self.write(name, text)

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.documents / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def build(self, *sources: Path) -> BuildReport:
        self.encoder.encoded.clear()
        self.dealt_with.clear()
        return build(sources or [self.documents], self.index, self.engine, self.dealt_with.append)

    def open(self) -> IndexReader:
        return open_index(self.index, self.engine.signature)


@pytest.fixture
def room(tmp_path: Path, engine: Engine) -> Room:
    return Room(tmp_path, engine)


@pytest.fixture
def built(room: Room) -> Room:
    room.build()
    return room


def ids(reader: IndexReader) -> set[str]:
    return {document.document_id for document in reader.documents(1000)}


def contents(reader: IndexReader) -> list[object]:
    """Return everything of an index that a question could see, numbers of generations apart."""
    passages = reader.passages(range(reader.info.passages))
    rows = np.arange(reader.info.passages)
    words = sorted({word.text for passage in passages for word in passage.words})
    table = reader.table_rows(rows)
    lexical = [reader.lexical_candidates([TermGroup(((word, 1.0),))], 50) for word in words]
    return [
        passages,
        reader.documents(1000),
        [(found.rows.tolist(), found.scores.tolist()) for found in lexical],
        [
            reader.dense_scores(vector, rows).tolist()
            for vector in np.eye(reader.info.dimension, dtype=np.float32)
        ],
        (table.rows.tolist(), table.offsets.tolist()),
        reader.document_frequency(words).tolist(),
        reader.sample_rows().tolist(),
        reader.facets(["year", "language", "kind"]),
    ]


def test_a_first_build_writes_every_document(room: Room) -> None:
    report = room.build()
    assert set(report.written) == IDS
    assert (report.unchanged, report.removed, report.unread) == (0, [], [])
    info = report.info
    assert info is not None
    assert (info.generation, info.documents) == (1, 5)
    assert info.passages == len(room.encoder.encoded) == sum(info.languages.values())
    assert verify(room.index) == info
    assert len(room.dealt_with) == 5
    with_reader = room.open()
    assert ids(with_reader) == IDS
    with_reader.close()


def test_what_is_stored_is_what_the_documents_say(built: Room) -> None:
    reader = built.open()
    (row,) = reader.literal_candidates("1257.96", 5).rows
    (passage,) = reader.passages([row])
    paragraph, metadata = passage.paragraph, passage.metadata
    assert paragraph.text == "2025年发放科技创新券补助 1257.96 万元。"
    assert (paragraph.document_id, paragraph.language) == ("zh/券.md", "zh")
    assert "一、基本情况" in paragraph.heading_path
    assert metadata.document_number is not None
    assert (metadata.document_number.text, metadata.year) == ("云科函〔2025〕12号", 2025)
    assert [paragraph.text[word.start : word.end] for word in passage.words if word.text == "科技创新券"] == [
        "科技创新券"
    ]
    vector = reader.dense_candidates(built.encoder.encode_query("", ["科技创新券", "补助"]), 1)
    assert vector.rows.tolist() == [row]
    reader.close()


def test_the_title_finds_a_passage_that_does_not_repeat_it(built: Room) -> None:
    reader = built.open()
    found = reader.lexical_candidates([TermGroup((("专利", 1.0),))], 50)
    texts = [passage.paragraph.text for passage in reader.passages(found.rows)]
    assert any("3000" in text for text in texts)
    assert reader.document_frequency(["基本"]).tolist() == [1]
    reader.close()


def test_unchanged_documents_are_neither_read_nor_encoded_again(
    built: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(built.open())
    read: list[RawDocument] = []
    monkeypatch.setattr("indexer.building.read", read.append)
    report = built.build()
    assert read == []
    assert (report.written, report.unchanged, report.removed) == ([], 5, [])
    assert built.encoder.encoded == []
    assert len(built.dealt_with) == 5
    assert report.info is not None
    assert report.info.generation == 2
    assert contents(built.open()) == before


def test_only_what_changed_is_encoded(built: Room) -> None:
    built.write("zh/专利.txt", "云州市专利资助办法\n\n每件发明专利资助 5000 元。\n")
    built.write("en/grants.jsonl", TEXTS["en/grants.jsonl"].replace("2000", "2500"))
    report = built.build()
    assert set(report.written) == {"zh/专利.txt", "grant-2"}
    assert report.unchanged == 3
    assert all("5000" in text or "2500" in text or "专利资助办法" in text for text in built.encoder.encoded)
    reader = built.open()
    assert ids(reader) == IDS
    assert (
        len(reader.literal_candidates("5000", 5).rows) == len(reader.literal_candidates("2500", 5).rows) == 1
    )
    assert len(reader.literal_candidates("3000", 5).rows) == 0
    assert len(reader.literal_candidates("grant 2 pays 2000", 5).rows) == 0
    reader.close()


def test_what_is_gone_disappears_and_what_moved_moves(built: Room) -> None:
    (built.documents / "zh/专利.txt").unlink()
    (built.documents / "en/rent.md").rename(built.documents / "zh/rent.md")
    report = built.build()
    assert report.written == ["zh/rent.md"]
    assert sorted(report.removed) == ["en/rent.md", "zh/专利.txt"]
    reader = built.open()
    assert ids(reader) == IDS - {"en/rent.md", "zh/专利.txt"} | {"zh/rent.md"}
    assert len(reader.literal_candidates("发明专利", 5).rows) == 0
    reader.close()


def test_another_source_takes_the_place_of_the_first(built: Room, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("环境保护条例", "utf-8")
    report = built.build(other)
    assert set(report.removed) == IDS
    assert ids(built.open()) == {"other.txt"}


def test_the_same_content_under_another_suffix_is_read_again(built: Room) -> None:
    text = TEXTS["zh/券.md"]
    (built.documents / "zh/券.md").unlink()
    built.write("zh/券.txt", text)
    report = built.build()
    assert (report.written, report.removed) == (["zh/券.txt"], ["zh/券.md"])


CHANGES: list[dict[str, str | None]] = [
    {"new.txt": "新的文件。"},
    {"new.txt": None, "zh/券.md": TEXTS["zh/券.md"] + "\n联系人：李明\n"},
    {"zh/专利.txt": None, "en/grants.jsonl": TEXTS["en/grants.jsonl"].splitlines()[1]},
    {"zh/专利.txt": TEXTS["zh/专利.txt"], "aa/first.md": "# First of all\n\nNothing before this."},
]


def test_many_small_builds_end_in_the_index_of_one_whole_build(
    built: Room, tmp_path: Path, engine: Engine
) -> None:
    for change in CHANGES:
        for name, text in change.items():
            if text is None:
                (built.documents / name).unlink()
            else:
                built.write(name, text)
        built.build()
    whole = build([built.documents], tmp_path / "whole", engine)
    assert whole.info is not None
    here, there = built.open(), open_index(tmp_path / "whole", engine.signature)
    assert contents(here) == contents(there)
    here.close()
    there.close()


def test_builds_of_the_same_documents_are_the_same_bytes(room: Room, tmp_path: Path, engine: Engine) -> None:
    build([room.documents], tmp_path / "one", engine)
    build([room.documents], tmp_path / "two", Engine.load())
    one, two = (tmp_path / name / "generations" / "1" for name in ("one", "two"))
    names = {path.name for path in one.iterdir()} - {"manifest.json", "manifest.sha256"}
    assert len(names) > 3
    assert [name for name in sorted(names) if (one / name).read_bytes() != (two / name).read_bytes()] == []


def test_unreadable_documents_are_listed_and_stop_nothing(room: Room) -> None:
    room.write("zero.txt", "")
    room.write("a.xlsx", "x")
    room.write("binary.md", bytes(range(256)))
    room.write(
        "bad.jsonl", '{"_id": "ok", "text": "可以读"}\nnot json\n{"_id": "grant-1", "text": "again"}\n'
    )
    (room.documents / "broken.txt").symlink_to("nowhere")
    report = room.build()
    assert {Path(each.name).name: each.code for each in report.unread} == {
        "zero.txt": "unreadable_document",
        "a.xlsx": "unsupported_format",
        "binary.md": "unreadable_document",
        "bad.jsonl:2": "unreadable_document",
        "grants.jsonl:1": "duplicate_document_id",
        "broken.txt": "unreadable_document",
    }
    assert all(each.name in each.reason for each in report.unread)
    assert ids(room.open()) == IDS | {"ok"}
    assert len(room.dealt_with) == 6 + 6


def test_a_document_that_can_no_longer_be_read_leaves_the_index(built: Room) -> None:
    """It is better gone and told of than found as it was: the index says what its sources say."""
    built.write("zh/券.md", b"\x00\x01\x02" * 50)
    report = built.build()
    assert [each.code for each in report.unread] == ["unreadable_document"]
    assert ids(built.open()) == IDS - {"zh/券.md"}


def test_unread_documents_are_tried_again(built: Room) -> None:
    path = built.write("late.txt", "")
    assert len(built.build().unread) == 1
    path.write_text("补上了正文。", "utf-8")
    report = built.build()
    assert (report.unread, report.written) == ([], ["late.txt"])


def test_more_documents_than_a_batch(room: Room) -> None:
    lines = [json.dumps({"_id": f"n{n}", "text": f"第{n}号文件：拨付{n}万元。"}) for n in range(150)]
    room.write("many.jsonl", "\n".join(lines))
    report = room.build()
    assert len(report.written) == 155
    reader = room.open()
    assert [
        passage.paragraph.document_id
        for passage in reader.passages(reader.literal_candidates("拨付77万", 5).rows)
    ] == ["n77"]
    mask = reader.select(PassageFilter({"document_id": ("n149",)}))
    assert mask is not None
    assert mask.sum() == 1
    reader.close()


def test_more_paragraphs_than_are_held_together(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few are held, every paragraph has its own words and vector."""
    room.build()
    before = contents(room.open())
    shutil.rmtree(room.index)
    monkeypatch.setattr("indexer.building.PARAGRAPHS", 2)
    monkeypatch.setattr("indexer.local.staging._TOGETHER", 3)
    room.build()
    assert contents(room.open()) == before


def test_a_source_that_is_not_there_leaves_the_index_as_it_was(built: Room, tmp_path: Path) -> None:
    before = sorted(path.relative_to(built.index) for path in built.index.rglob("*"))
    (tmp_path / "empty").mkdir()
    for source in (tmp_path / "missing", tmp_path / "empty"):
        with pytest.raises(SourceNotFound):
            built.build(built.documents, source)
    assert sorted(path.relative_to(built.index) for path in built.index.rglob("*")) == before
    assert ids(built.open()) == IDS


def test_the_index_folder_cannot_be_a_file(room: Room) -> None:
    room.index.write_text("in the way")
    with pytest.raises(IndexStoreError, match="index"):
        room.build()
    assert room.index.read_text() == "in the way"


def test_a_glossary_is_checked_before_anything_is_written(room: Room, engine: Engine, tmp_path: Path) -> None:
    glossary = tmp_path / "own.tsv"
    glossary.write_text("泉城云码\n", "utf-8")
    with pytest.raises(SettingsError, match=r"own\.tsv, line 1"):
        build([room.documents], room.index, engine, glossary=glossary)
    assert not room.index.exists()
    glossary.write_text("泉城云码\tcity code\n", "utf-8")
    build([room.documents], room.index, engine, glossary=glossary)
    reader = open_index(room.index, engine.signature)
    assert reader.glossary == "泉城云码\tcity code\n"
    reader.close()
