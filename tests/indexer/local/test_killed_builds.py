"""Builds killed at random moments, two at once, and a full disk: real processes on a real folder.

Processes are forked from this one, which has everything imported: two hundred of them take seconds.
"""

import os
import random
import resource
import signal
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.errors import IndexLocked, IndexNotFound, IndexStoreError
from indexer.index import TermGroup, open_index, open_writer
from indexer.local import list_generations, verify

KILLS = 220

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def forked(work: Callable[[], None]) -> int:
    """Run `work` in a process of its own and return its id; it ends with 0, or 1 after a traceback."""
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        work()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def exit_code(process: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def document(samples, number):
    """The one document that build `number` replaces: what it holds says which builds went before."""
    return samples.Given("counter", [f"第{number}次", f"build {number}"], digest=str(number))


def keep_publishing(root: Path, samples, first: int) -> None:
    """Publish build after build until killed; build n holds the counter n and one more document."""
    for number in range(first, first + 1000):
        samples.write(root, [document(samples, number), samples.Given(f"d{number % 7}", [f"文 {number}"])])


def state(root: Path, samples) -> int:
    """Return the number of the last published build, 0 for none, having read the index through."""
    try:
        verify(root)
    except IndexNotFound:
        return 0
    reader = open_index(root, samples.SIGNATURE)
    number = int(reader.document("counter").digest)
    expected = {f"d{each % 7}": [f"文 {each}"] for each in range(1, number + 1)}
    expected["counter"] = list(document(samples, number).texts)
    assert samples.texts_in(reader) == expected
    row = reader.passage_row(reader.passages([0])[0].paragraph.passage_id)
    assert row in reader.literal_candidates(f"第{number}次", 5).rows
    assert row in reader.lexical_candidates([TermGroup(((str(number), 1.0),))], 5).rows
    reader.close()
    return number


def timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def leftovers(root: Path) -> list[str]:
    kept = {"current", "lock", "generations"}
    inside = [path.name for path in (root / "generations").iterdir() if not path.name.isdecimal()]
    return inside + [path.name for path in root.iterdir() if path.name not in kept]


@pytest.mark.slow
def test_builds_killed_at_random_moments_leave_the_last_generation_whole(tmp_path, samples):
    root = tmp_path / "index"
    moments = random.Random(2062)
    a_build = min(timed(lambda: samples.write(tmp_path / "warm", [document(samples, 1)])) for _ in range(5))
    published, left_behind, longest = 0, 0, 2.5 * a_build
    for _ in range(KILLS):
        process = forked(lambda first=published + 1: keep_publishing(root, samples, first))
        time.sleep(moments.uniform(0, longest))
        os.kill(process, signal.SIGKILL)
        assert exit_code(process) == -signal.SIGKILL
        left_behind += bool(root.is_dir() and (root / "generations").is_dir() and leftovers(root))
        now = state(root, samples)
        assert now >= published
        # A busy machine builds at another pace each time: keep some builds half-way and some published.
        longest *= 0.92 if now > published else 1.06
        published = now
    assert left_behind > KILLS / 10, "hardly any build was killed half-way: the moments are wrong"
    assert published > KILLS / 10, "hardly any build was published: the moments are wrong"

    samples.write(
        root,
        [document(samples, published + 1), samples.Given(f"d{(published + 1) % 7}", [f"文 {published + 1}"])],
    )
    assert state(root, samples) == published + 1
    assert leftovers(root) == []
    entries = list_generations(root)
    assert 1 <= len(entries) <= 3
    assert all(verify(root, each.number) == each.info for each in entries)


def test_of_two_builds_at_once_one_is_refused(tmp_path, samples):
    started, finish = os.pipe(), os.pipe()

    def hold():
        with open_writer(tmp_path, samples.SIGNATURE) as writer:
            os.write(started[1], b"x")
            os.read(finish[0], 1)
            writer.publish()

    process = forked(hold)
    os.read(started[0], 1)
    with pytest.raises(IndexLocked, match="another build"):
        open_writer(tmp_path, samples.SIGNATURE)
    os.write(finish[1], b"x")
    assert exit_code(process) == 0
    samples.write(tmp_path, [document(samples, 1)])
    assert open_index(tmp_path).info.generation == 2
    for descriptor in (*started, *finish):
        os.close(descriptor)


def test_the_lock_of_a_killed_build_is_free(tmp_path, samples):
    started = os.pipe()

    def hold():
        with open_writer(tmp_path, samples.SIGNATURE):
            os.write(started[1], b"x")
            time.sleep(60)

    process = forked(hold)
    os.read(started[0], 1)
    os.kill(process, signal.SIGKILL)
    assert exit_code(process) == -signal.SIGKILL
    samples.write(tmp_path, [document(samples, 1)])
    for descriptor in started:
        os.close(descriptor)


@pytest.mark.parametrize("limit", [0, 100, 300, 1_000, 5_000, 20_000])
def test_a_disk_that_is_full_is_named_and_leaves_the_last_generation(tmp_path, samples, limit):
    samples.write(tmp_path, [document(samples, 1), samples.Given("d1", ["文 1"])])

    def build_on_a_full_disk():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        texts = [f"第{number}段文字" for number in range(400)]
        with pytest.raises(IndexStoreError, match=r"could not be written .* is as it was\. Make room"):
            samples.write(tmp_path, [samples.Given("large", texts)])

    assert exit_code(forked(build_on_a_full_disk)) == 0
    assert state(tmp_path, samples) == 1
    assert leftovers(tmp_path) == []
    samples.write(tmp_path, [document(samples, 2), samples.Given("d2", ["文 2"])])
    assert state(tmp_path, samples) == 2
