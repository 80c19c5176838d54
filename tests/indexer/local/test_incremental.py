"""A build that carries documents over gives the very bytes of a build from nothing."""

import hashlib
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.index import open_index, open_writer
from indexer.local import verify
from indexer.records import DocumentMetadata

IDS = ["a", "b", "c/1", "丁", "𠀀"]

contents = st.lists(st.text("科技创新Ab 1", max_size=8), max_size=3)
states = st.dictionaries(st.sampled_from(IDS), contents)
histories = st.lists(states, min_size=2, max_size=4)


def fingerprint(root):
    """SHA-256 of every file of the published generation but its manifest, which tells the time."""
    folder = root / "generations" / str(verify(root).generation)
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if not path.name.startswith("manifest")
    }


def described(samples, state):
    return {
        document_id: samples.Given(
            document_id, texts, DocumentMetadata(title="".join(texts)[:3], language="zh"), context=texts[:1]
        )
        for document_id, texts in state.items()
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories, st.randoms(use_true_random=False))
def test_any_history_ends_in_the_bytes_of_a_full_build(tmp_path, samples, history, random):
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    grown, fresh = folder / "grown", folder / "fresh"
    before = {}
    for state in history:
        now = described(samples, state)
        changed = [each for document_id, each in now.items() if before.get(document_id) != each]
        random.shuffle(changed)
        samples.write(grown, changed, removed=set(before) - set(now))
        before = now
    everything = list(before.values())
    random.shuffle(everything)
    samples.write(fresh, everything)
    assert fingerprint(grown) == fingerprint(fresh)
    reader = open_index(grown)
    assert samples.texts_in(reader) == {key: list(history[-1][key]) for key in sorted(history[-1])}
    reader.close()


def test_an_unchanged_build_is_the_same_bytes(tmp_path, samples):
    samples.write(tmp_path, [samples.Given("a", ["科技", "创新"]), samples.Given("b", ["券"])])
    first = fingerprint(tmp_path)
    samples.write(tmp_path, [])
    assert fingerprint(tmp_path) == first


def test_digests_follow_what_is_replaced_and_removed(tmp_path, samples):
    old = [samples.Given(each, ["文"], digest=f"old {each}") for each in "abc"]
    samples.write(tmp_path, old)
    new = replace(old[1], digest="new b")
    with open_writer(tmp_path, samples.SIGNATURE) as writer:
        writer.remove("a")
        writer.remove("unknown")
        writer.replace("b", new.digest, new.metadata, samples.encoded(new))
        assert writer.digests() == {"b": "new b", "c": "old c"}


@pytest.mark.parametrize("times", [1, 2])
def test_the_last_of_several_replacements_counts(tmp_path, samples, times):
    with open_writer(tmp_path, samples.SIGNATURE) as writer:
        for text in ["旧"] * times + ["新"]:
            each = samples.Given("a", [text])
            writer.replace("a", text, each.metadata, samples.encoded(each))
        writer.publish()
    assert samples.texts_in(open_index(tmp_path)) == {"a": ["新"]}
