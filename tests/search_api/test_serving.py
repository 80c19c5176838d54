"""Swapping generations under load: no request fails, and no reader is closed while it is borrowed."""

import threading
import time
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient

from indexer.errors import CorruptIndex, IndexNotFound, IndexStoreError
from search_api.serving import LiveIndex, pointer_stamp


class FakeReader:
    """A reader that knows its generation and whether it was closed."""

    def __init__(self, generation: int) -> None:
        self.info = SimpleNamespace(generation=generation)
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


class FakeIndex:
    """An index whose newest generation, and whether it opens, a test decides."""

    def __init__(self) -> None:
        self.newest = 1
        self.broken: Exception | None = None
        self.opened: list[FakeReader] = []

    def open(self) -> SimpleNamespace:
        if self.broken:
            raise self.broken
        self.opened.append(FakeReader(self.newest))
        return SimpleNamespace(reader=self.opened[-1])


@pytest.fixture
def index() -> FakeIndex:
    return FakeIndex()


@pytest.fixture
def live(index: FakeIndex) -> LiveIndex:
    return LiveIndex(index.open, lambda: index.newest)


def test_refresh_opens_once_and_again_only_when_the_stamp_changes(live: LiveIndex, index: FakeIndex):
    assert [live.refresh(), live.refresh()] == [True, False]
    index.newest = 2
    assert [live.refresh(), live.refresh()] == [True, False]
    assert live.generation == 2
    assert [reader.closed for reader in index.opened] == [1, 0]


def test_a_borrowed_reader_is_closed_by_its_last_borrower(live: LiveIndex, index: FakeIndex):
    live.refresh()
    old = index.opened[0]
    with live.borrow() as first, live.borrow():
        index.newest = 2
        live.refresh()
        with live.borrow() as second:
            assert (first.reader.info.generation, second.reader.info.generation) == (1, 2)
        assert old.closed == 0
    assert [reader.closed for reader in index.opened] == [1, 0]


@pytest.mark.parametrize("broken", [CorruptIndex("cut short"), RuntimeError("a bug")])
def test_a_generation_that_cannot_be_opened_leaves_the_old_one_in_use(live, index, broken, caplog):
    live.refresh()
    index.newest, index.broken = 2, broken
    assert not live.refresh()
    assert live.generation == 1
    assert isinstance(live.problem, IndexStoreError)
    assert "generation 1 stays in use" in caplog.text
    index.newest, index.broken = 3, None
    assert live.refresh()
    assert (live.generation, live.problem) == (3, None)


@pytest.mark.parametrize(("retry_seconds", "tried_again"), [(0.0, True), (60.0, False)])
def test_a_broken_generation_is_tried_again_after_a_while(index: FakeIndex, retry_seconds, tried_again):
    live = LiveIndex(index.open, lambda: index.newest, retry_seconds)
    index.broken = CorruptIndex("cut short")
    live.refresh()
    index.broken = None
    assert live.refresh() is tried_again


def test_borrowing_says_why_there_is_nothing_to_lend(live: LiveIndex, index: FakeIndex):
    with pytest.raises(IndexStoreError, match="not open"), live.borrow():
        pass
    index.broken = IndexNotFound("nothing here")
    live.refresh()
    with pytest.raises(IndexNotFound, match="nothing here"), live.borrow():
        pass


def test_open_raises_at_once(live: LiveIndex, index: FakeIndex):
    index.broken = IndexNotFound("nothing here")
    with pytest.raises(IndexNotFound):
        live.open()
    index.broken = None
    live.open()
    assert live.generation == 1
    assert not live.refresh()


def test_watching_swaps_by_itself_and_closing_lends_no_more(live: LiveIndex, index: FakeIndex):
    with live.watched(0.01):
        assert live.generation == 1
        index.newest = 2
        _until(lambda: live.generation == 2)
    live.close()
    assert live.generation is None
    assert all(reader.closed == 1 for reader in index.opened)


def test_threads_never_meet_a_closed_reader(live: LiveIndex, index: FakeIndex):
    live.refresh()
    met_closed: list[int] = []
    stop = threading.Event()

    def borrow() -> None:
        while not stop.is_set():
            with live.borrow() as searcher:
                time.sleep(0)
                met_closed.extend([1] * searcher.reader.closed)

    threads = [threading.Thread(target=borrow) for _ in range(4)]
    for thread in threads:
        thread.start()
    for generation in range(2, 300):
        index.newest = generation
        live.refresh()
    stop.set()
    for thread in threads:
        thread.join()
    assert not met_closed
    assert [reader.closed for reader in index.opened] == [1] * 298 + [0]


def test_the_stamp_of_a_pointer_changes_when_it_is_replaced(tmp_path):
    stamp = pointer_stamp(tmp_path)
    assert stamp() is None
    (tmp_path / "current").write_text("1")
    first = stamp()
    (tmp_path / "new").write_text("2")
    (tmp_path / "new").replace(tmp_path / "current")
    assert None is not stamp() != first


def test_real_generations_are_swapped_without_a_failed_request(build_index, app_with, tmp_path):
    source, folder = tmp_path / "documents", tmp_path / "index"
    build_index(source, folder, {"a.txt": "科技创新券补助 1 万元。"})
    answered: list[tuple[int, int]] = []
    stop = threading.Event()
    with TestClient(app_with(folder, check_seconds=0.02)) as client:

        def ask() -> None:
            while not stop.is_set():
                got = client.get("/v1/search?q=科技创新券")
                answered.append((got.status_code, got.json().get("index_generation")))

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        for amount in range(2, 8):
            newest = build_index(source, folder, {"a.txt": f"科技创新券补助 {amount} 万元。"})
        _until(lambda: client.get("/readyz").json()["index_generation"] == newest)
        stop.set()
        for thread in threads:
            thread.join()
        found = client.get("/v1/search?q=科技创新券").json()
    assert {status for status, _ in answered} == {200}
    assert len({generation for _, generation in answered}) > 1
    assert "7 万元" in found["results"][0]["text"]


def test_a_damaged_new_generation_is_told_of_while_the_old_one_answers(build_index, app_with, tmp_path):
    folder = tmp_path / "index"
    build_index(tmp_path / "documents", folder, {"a.txt": "科技创新券补助 1 万元。"})
    with TestClient(app_with(folder, check_seconds=0.02)) as client:
        (folder / "current").write_text("{}")
        _until(lambda: client.get("/readyz").json()["status"] == "ready_with_older_generation")
        ready = client.get("/readyz").json()
        assert (ready["index_generation"], ready["problem"]["code"]) == (1, "corrupt_index")
        assert client.get("/v1/search?q=科技创新券").status_code == 200


def _until(true, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)
