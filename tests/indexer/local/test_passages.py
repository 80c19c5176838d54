"""What is stored comes back as it was given."""

import threading
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.errors import VectorShapeMismatch
from indexer.index import StoredDocument, open_writer
from indexer.records import DocumentMetadata, DocumentNumber, Quantity, Word, passage_id_of

METADATA = DocumentMetadata(
    "标题 ‘甲’", "zh", DocumentNumber("泉科函〔2026〕102号", "泉科函", 2026, 102), "泉州市科学技术局",
    "2026-03-01", 2026, "答复", "张三代表", "李四", "0595-1", "主动公开", "in_force", "https://example.invalid/a",
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=5))
def test_a_passage_comes_back_as_it_was_given(index_of, samples, texts):
    document = samples.Given("甲/乙.txt", texts, METADATA)
    reader = index_of([samples.Given("a", ["之前"]), document])
    stored = reader.passages(range(1, 1 + len(texts)))
    for passage, each in zip(stored, samples.encoded(document), strict=True):
        assert passage.paragraph == each.paragraph
        assert passage.metadata == METADATA
        assert list(passage.words) == list(each.words)
        assert list(passage.quantities) == list(each.quantities)


def test_very_long_words_and_late_offsets_come_back(tmp_path, samples, index_of):
    text = "长" * 70_000 + "a" * 70_000
    passage = index_of([text, "短"]).passages([0])[0]
    assert passage.words[-1] == Word("a" * 70_000, 70_000, 140_000)
    assert len(passage.words) == 70_001


def test_passages_come_in_the_order_asked_for_with_repeats(index_of):
    reader = index_of([f"第{number}段" for number in range(1200)])
    wanted = [1199, 3, 3, *range(600)]
    assert [each.row for each in reader.passages(np.array(wanted))] == wanted


@pytest.mark.parametrize("rows", [[-1], [2], [0, 5]])
def test_a_row_that_does_not_exist_is_an_index_error(index_of, rows):
    with pytest.raises(IndexError, match="Rows are 0 to 1"):
        index_of(["一", "二"]).passages(rows)


def test_rows_are_ordered_by_document_id_and_paragraph_number(tmp_path, samples, index_of):
    reader = index_of(
        [samples.Given("乙", ["三", "四"]), samples.Given("B", ["二"]), samples.Given("A", ["一"])]
    )
    assert [each.paragraph.text for each in reader.passages(range(4))] == ["一", "二", "三", "四"]
    assert reader.documents_of(np.arange(4)).tolist() == [0, 1, 2, 2]
    assert [(each.document_id, each.first_row, each.passages) for each in reader.documents()] == [
        ("A", 0, 1),
        ("B", 1, 1),
        ("乙", 2, 2),
    ]
    assert [each.document_id for each in reader.documents(1, 1)] == ["B"]


def test_documents_and_passages_are_found_by_id(index_of, samples):
    reader = index_of([samples.Given("a", ["一", "二"], METADATA, digest="d1"), samples.Given("空", [])])
    assert reader.document("a") == StoredDocument("a", METADATA, "d1", 0, 2)
    assert reader.document("空").passages == 0
    assert reader.document("无") is None
    assert reader.passage_row(passage_id_of("a", "二", 2)) == 1
    assert reader.passage_row("无") is None


@pytest.mark.parametrize(
    ("parts", "rows"),
    [
        (("泉科函", 2026, 102), [0]),
        ((" 泉科函", None, None), [0, 1]),
        ((None, 2026, None), [0, 2]),
        ((None, None, 102), [0, 1]),
        (("泉科函", 2026, 7), []),
        ((None, None, None), []),
    ],
)
def test_documents_are_found_by_parts_of_their_number(index_of, samples, parts, rows):
    numbers = [("泉科函", 2026, 102), ("泉科函", 2025, 102), ("国发", 2026, 1)]
    reader = index_of(
        [
            samples.Given(f"d{at}", ["文"], replace(METADATA, document_number=DocumentNumber("号", *number)))
            for at, number in enumerate(numbers)
        ]
    )
    assert reader.document_rows_by_number(*parts) == rows


def test_duplicates_share_a_number_whatever_their_spaces_and_widths(index_of):
    reader = index_of(
        [
            "联系电话：0595-1234",
            "\u3000联系电话：0595-1234\n",
            "联系电话:0595-１２３４",
            "聯系電話：0595－1234",
            "联系人",
        ]
    )
    *same, other = reader.duplicates_of(np.arange(5)).tolist()
    assert len(set(same)) == 1
    assert other not in same


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("联系电话：0595-1234", "联系电话：0595-1235"),
        ("补助1257.96万元", "补助125796万元"),
        ("企业 | 1 23 | 家", "企业 | 12 3 | 家"),
        ("企业\t1\t23", "企业\t12\t3"),
        ("增长12 -3%", "增长12-3%"),
        ("for the rapist", "for therapist"),
        ("减少5%", "减少5‰"),
    ],
)
def test_texts_that_differ_in_a_figure_or_word_are_no_duplicates(index_of, one, another):
    first, second = index_of([one, another]).duplicates_of(np.arange(2)).tolist()
    assert first != second


def test_table_rows_are_ragged_in_the_order_asked_for(index_of):
    reader = index_of(["ab", "", "c"])
    found = reader.table_rows(np.array([2, 1, 0, 2]))
    assert found.offsets.tolist() == [0, 1, 1, 3, 4]
    assert found.rows.tolist() == [99, 97, 98, 99]
    assert len(reader.table_rows(np.zeros(0, np.int64)).rows) == 0


def test_the_sample_is_at_most_1500_rows_and_does_not_depend_on_the_rest(index_of):
    texts = [f"第{number}段" for number in range(1600)]
    sample = index_of(texts).sample_rows()
    assert len(sample) == 1500 == len(set(sample.tolist()))
    assert (np.diff(sample) > 0).all()
    fewer = set(index_of(texts[:1590]).sample_rows().tolist())
    assert {row for row in sample.tolist() if row < 1590} <= fewer


def test_quantities_keep_every_field(tmp_path, samples, index_of):
    passage = index_of([samples.Given("a", ["一"])]).passages([0])[0]
    assert passage.quantities == (Quantity(0, 1, "money", 12_579_600.0, "yuan", "CNY", is_total=True),)


@pytest.mark.parametrize(
    "vector", [np.zeros(9, np.float32), np.full(8, np.nan, np.float32), np.zeros(8, np.int32)]
)
def test_a_vector_of_another_shape_is_refused_and_changes_nothing(tmp_path, samples, vector):
    paragraph = replace(samples.encoded(samples.Given("a", ["一"]))[0], vector=vector)
    with open_writer(tmp_path / "index", samples.SIGNATURE) as writer:
        with pytest.raises(VectorShapeMismatch, match=r"^a has"):
            writer.replace("a", "d", METADATA, [paragraph])
        assert writer.digests() == {}


def test_threads_may_share_a_reader(index_of):
    reader = index_of([f"第{number}段" for number in range(300)])
    wrong = []

    def ask(first):
        for row in range(first, 300, 4):
            passage = reader.passages([row])[0]
            found = reader.literal_candidates(passage.paragraph.text, 1).rows.tolist()
            if found != [row] or reader.facets(["language"])["language"][0].count != 300:
                wrong.append(row)

    threads = [threading.Thread(target=ask, args=(first,)) for first in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
