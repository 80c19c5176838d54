"""Publishing, damage, rolling back, locks: an index is the one that was published, or a named error."""

import json
import shutil

import numpy as np
import pytest

from indexer.errors import (
    CorruptIndex,
    EncoderMismatch,
    IndexLocked,
    IndexNotFound,
    IndexStoreError,
    UnsupportedIndexFormat,
)
from indexer.index import EncoderSignature, TermGroup, open_index, open_writer
from indexer.local import generation, list_generations, manifest, rollback, verify
from indexer.records import UnreadDocument


@pytest.fixture
def root(tmp_path):
    return tmp_path / "index"


@pytest.fixture
def one(root, samples):
    samples.write(root, [samples.Given("a", ["科技创新券", "第二段"])])
    return root


def numbers(root):
    return sorted(path.name for path in (root / "generations").iterdir())


def test_info_says_what_was_published(one, samples):
    info = open_index(one, samples.SIGNATURE).info
    assert (info.generation, info.format, info.documents, info.passages) == (1, 1, 1, 2)
    assert (info.encoder, info.encoder_checksum, info.segmenter) == ("fake", "checksum", "characters")
    assert info.languages == {"zh": 2}
    assert info.built_at.endswith("+00:00")
    assert verify(one) == info


def test_the_last_three_generations_are_kept(root, samples):
    for text in "一二三四五":
        samples.write(root, [samples.Given("a", [text])])
    assert numbers(root) == ["3", "4", "5"]
    assert [(each.number, each.current) for each in list_generations(root)] == [
        (3, False),
        (4, False),
        (5, True),
    ]


def test_a_reader_holds_what_it_opened_after_it_is_removed(one, samples):
    reader = open_index(one, samples.SIGNATURE)
    for text in "一二三四":
        samples.write(one, [samples.Given("a", [text])])
    assert "1" not in numbers(one)
    assert reader.passages([0])[0].paragraph.text == "科技创新券"
    assert reader.literal_candidates("创新", 5).rows.tolist() == [0]
    assert reader.lexical_candidates([TermGroup((("券", 1.0),))], 5).rows.tolist() == [0]
    assert len(reader.dense_candidates(np.ones(8, np.float32), 5).rows) == 2
    assert reader.facets(["language"])["language"][0].count == 2
    assert open_index(one).passages([0])[0].paragraph.text == "四"


def test_leaving_without_publishing_changes_nothing(one, samples):
    with open_writer(one, samples.SIGNATURE) as writer:
        writer.remove("a")
    assert samples.texts_in(open_index(one)) == {"a": ["科技创新券", "第二段"]}


def test_a_writer_publishes_once(one, samples):
    with open_writer(one, samples.SIGNATURE) as writer:
        writer.publish()
        with pytest.raises(IndexStoreError, match="published already"):
            writer.publish()


def test_unread_documents_are_listed(root, samples):
    unread = UnreadDocument("坏.pdf", "unreadable_document", "no text layer")
    with open_writer(root, samples.SIGNATURE) as writer:
        writer.publish([unread])
    assert list_generations(root)[0].unread == (unread,)


@pytest.mark.parametrize("action", [open_index, verify, list_generations, rollback])
def test_no_index_is_named_with_what_to_do(tmp_path, action):
    with pytest.raises(IndexNotFound, match="wenzheng index build"):
        action(tmp_path / "nothing")
    with pytest.raises(IndexNotFound, match="wenzheng index build"):
        action(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexNotFound, match="is not a folder"):
        action(tmp_path / "file")


def test_a_file_in_the_way_of_a_build_is_named(tmp_path, samples):
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexStoreError, match="cannot be made into an index folder"):
        open_writer(tmp_path / "file", samples.SIGNATURE)


def test_another_encoder_is_refused_by_name_and_replaced_by_a_build(one, samples):
    other = EncoderSignature("other", "checksum", "characters", 4)
    with pytest.raises(EncoderMismatch, match=r"name 'fake' \(this process: 'other'\); dimension 8"):
        open_index(one, other)
    with open_writer(one, other) as writer:
        assert writer.digests() == {}
        writer.publish()
    assert open_index(one, other).info.passages == 0


def test_another_format_is_refused_by_number(one, samples):
    path = one / "generations/1/manifest.json"
    content = json.loads(path.read_text())
    content["info"]["format"] = 99
    path.write_text(json.dumps(content))
    for action in (open_index, verify, lambda root: open_writer(root, samples.SIGNATURE)):
        with pytest.raises(UnsupportedIndexFormat, match="written in format 99; this version reads format 1"):
            action(one)


def files(root, samples):
    samples.write(root, [samples.Given("a", ["科技创新券", "第二段"], context=["题"])])
    return sorted(path.name for path in (root / "generations/1").iterdir())


def flip(path, place=0.5):
    data = bytearray(path.read_bytes())
    data[int(len(data) * place)] ^= 4
    path.write_bytes(data)


def cut(path):
    path.write_bytes(path.read_bytes()[:-1])


DAMAGE = {
    "flipped": flip,
    "cut": cut,
    "empty": lambda path: path.write_bytes(b""),
    "gone": lambda path: path.unlink(),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_any_damaged_file_is_named_before_it_is_parsed(root, samples, damage):
    names = files(root, samples)
    pristine = root.with_name("pristine")
    shutil.copytree(root, pristine)
    for name in names:
        if name == manifest.CHECKSUM:
            continue  # of no account while the pointer file holds the same checksum
        DAMAGE[damage](root / "generations/1" / name)
        for action in (open_index, verify, lambda root: open_writer(root, samples.SIGNATURE)):
            with pytest.raises(CorruptIndex, match=rf"{name}(?s:.*)wenzheng index rollback"):
                action(root)
        shutil.copy(pristine / "generations/1" / name, root / "generations/1" / name)
    assert open_index(root).info.passages == 2


def test_a_large_array_is_checked_by_verify_and_before_it_is_carried_over(one, samples, monkeypatch):
    monkeypatch.setattr(manifest, "SMALL", 0)
    flip(one / "generations/1/posting_weights.npy", 0.99)
    open_index(one)
    with pytest.raises(CorruptIndex, match=r"posting_weights\.npy: SHA-256 is"):
        verify(one)
    with pytest.raises(CorruptIndex, match=r"posting_weights\.npy: SHA-256 is"):
        open_writer(one, samples.SIGNATURE)


def test_an_array_that_is_none_is_named(one, monkeypatch):
    monkeypatch.setattr(manifest, "SMALL", 0)
    path = one / "generations/1/pair_rows.npy"
    path.write_bytes(b"x" * path.stat().st_size)
    with pytest.raises(CorruptIndex, match=r"pair_rows\.npy is not a \.npy array"):
        open_index(one)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"generation": "x", "manifest_sha256": ""}'])
def test_a_pointer_that_names_nothing_is_corrupt(one, samples, content):
    (one / "current").write_text(content)
    for action in (open_index, verify, lambda root: open_writer(root, samples.SIGNATURE)):
        with pytest.raises(CorruptIndex, match="current does not name a generation"):
            action(one)
    assert rollback(one).generation == 1
    assert open_index(one).info.generation == 1


def test_a_pointer_to_another_manifest_is_corrupt(one):
    content = json.loads((one / "current").read_text())
    (one / "current").write_text(json.dumps({**content, "manifest_sha256": "0" * 64}))
    with pytest.raises(CorruptIndex, match=r"manifest\.json: SHA-256 is"):
        open_index(one)


def test_rollback_goes_to_the_newest_earlier_whole_generation(root, samples):
    for text in "一二三":
        samples.write(root, [samples.Given("a", [text])])
    flip(root / "generations/2/passages.sqlite")
    assert rollback(root).generation == 1
    assert samples.texts_in(open_index(root)) == {"a": ["一"]}
    with pytest.raises(IndexNotFound, match="no earlier generation"):
        rollback(root)
    samples.write(root, [samples.Given("b", ["四"])])
    assert numbers(root) == ["1", "4"]
    assert samples.texts_in(open_index(root)) == {"a": ["一"], "b": ["四"]}


def test_a_damaged_manifest_is_listed_with_its_problem(root, samples):
    for text in "一二":
        samples.write(root, [samples.Given("a", [text])])
    flip(root / "generations/1/manifest.json")
    first, second = list_generations(root)
    assert first.info is None
    assert "manifest.json" in first.problem
    assert second.current
    assert second.info.passages == 1


def test_two_builds_at_once_one_is_refused(one, samples):
    with open_writer(one, samples.SIGNATURE) as writer:
        for action in (lambda: open_writer(one, samples.SIGNATURE), lambda: rollback(one)):
            with pytest.raises(IndexLocked, match=r"is being written by another build .*lock"):
                action()
        writer.publish()
    samples.write(one, [])
    assert open_index(one).info.generation == 3


def test_a_failed_open_lets_go_of_the_lock(one, samples):
    flip(one / "generations/1/squeezed.npy")
    for _ in range(2):
        with pytest.raises(CorruptIndex):
            open_writer(one, samples.SIGNATURE)


def test_opening_follows_a_pointer_that_moves(one, samples, monkeypatch):
    opened = generation._open

    def slow(layout, pointer, signature):
        if pointer.generation == 1:
            for text in "二三四":
                samples.write(one, [samples.Given("a", [text])])
        return opened(layout, pointer, signature)

    monkeypatch.setattr(generation, "_open", slow)
    assert samples.texts_in(open_index(one)) == {"a": ["四"]}


def test_paths_with_odd_characters_open(tmp_path, samples):
    root = tmp_path / "索引 #1?%20&a=b"
    samples.write(root, [samples.Given("a", ["一"])])
    samples.write(root, [samples.Given("b", ["二"])])
    assert samples.texts_in(open_index(root)) == {"a": ["一"], "b": ["二"]}
