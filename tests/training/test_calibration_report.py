"""The whole way on a small mixture: real index and Searcher, made-up questions, a file of numbers."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from indexer.engine import Engine
from indexer.errors import SettingsError
from search_api.calibration import CALIBRATION, read_calibration
from training.calibrating import Observed, observe
from training.calibration_report import report_calibration, report_tuning, table, update
from training.mixtures import Development, DevelopmentSet, Mixture, load_engine

THINGS = {
    "企业": "enterprises",
    "学校": "schools",
    "医院": "hospitals",
    "河流": "rivers",
    "道路": "roads",
    "农业": "agriculture",
    "旅游": "tourism",
    "能源": "energy",
    "住房": "housing",
    "税收": "taxes",
}
MIXTURES = (Mixture("zh", 0, 6), Mixture("en", 0, 6))


@pytest.fixture(scope="module")
def engine() -> Engine:
    return load_engine()


@pytest.fixture(scope="module")
def observed(engine: Engine) -> list[Observed]:
    numbered = list(enumerate(THINGS.items()))
    answered = {f"q{i}": frozenset({f"x{i}"}) for i, _ in numbered}
    asked = {
        "zh": {f"q{i}": f"{zh}的补助标准是什么" for i, (zh, _) in numbered},
        "en": {f"q{i}": f"What subsidy is there for {en}?" for i, (_, en) in numbered},
    }
    idle = {f"d{i}": f"第{i}条 会议由主席主持。" for i in range(6)}
    texts = {
        "zh": {f"x{i}": f"本市按照规定对{zh}发放补助。" for i, (zh, _) in numbered} | idle,
        "en": {f"x{i}": f"The city pays a subsidy for {en} by its rules." for i, (_, en) in numbered},
    }
    sets: Any = {(a, h): DevelopmentSet(a, asked[a], texts[h], answered) for a in asked for h in texts}
    development = Development(sets, [f"Meeting {i} was led by the chair." for i in range(6)])
    return observe(development, engine, MIXTURES)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "calibration.json"
    shutil.copyfile(CALIBRATION, path)
    return path


def test_every_question_is_asked_in_both_directions_of_every_mixture(observed: list[Observed]) -> None:
    assert len(observed) == len(MIXTURES) * 2 * len(THINGS)
    assert {q.direction for q in observed} == {"zh→zh", "en→zh", "zh→en", "en→en"}
    assert all(sum(int(each.right.sum()) for each in q.lists) <= 1 for q in observed)
    found = [any(each.right.any() for each in q.lists) for q in observed]
    assert sum(found) >= 0.9 * len(found)


def test_calibrating_writes_what_the_search_reads(
    observed: list[Observed], engine: Engine, target: Path
) -> None:
    before = read_calibration(target)
    report = report_calibration(observed, engine, target)
    after, told = read_calibration(target), json.loads(target.read_text("utf-8"))

    assert after.same_weights == before.same_weights
    assert after.same_confidence != before.same_confidence
    assert told["confidence"]["made"]["encoder_checksum"] == engine.table.checksum
    assert told["confidence"]["made"]["rankings"] == len(observed)
    assert told["confidence"]["made"]["mixtures"] == [m.name for m in MIXTURES]
    for title in ("Without and with", "Reliability", "What is claimed", "Coefficients"):
        assert title in report


def test_tuning_writes_the_weights_and_nothing_else(
    observed: list[Observed], engine: Engine, target: Path
) -> None:
    before = json.loads(target.read_text("utf-8"))
    report = report_tuning(observed, engine, target)
    after = json.loads(target.read_text("utf-8"))

    assert after["confidence"] == before["confidence"]
    assert after["weights"]["made"]["encoder_checksum"] == engine.table.checksum
    assert read_calibration(target).same_weights.alignment == 1.0
    assert "Same language" in report and "Across languages" in report


def test_nothing_is_written_where_nothing_is_to_be(observed: list[Observed], engine: Engine) -> None:
    before = CALIBRATION.read_bytes()
    report_calibration(observed, engine, None)
    report_tuning(observed, engine, None)

    assert CALIBRATION.read_bytes() == before


def test_numbers_that_could_not_be_read_back_do_not_take_the_place_of_good_ones(target: Path) -> None:
    before = target.read_bytes()
    with pytest.raises(SettingsError):
        update(target, "weights", {"same": {}})

    assert target.read_bytes() == before


def test_a_table_is_markdown() -> None:
    assert table(("a", "b"), [(1, "x")]) == "| a | b |\n| --- | --- |\n| 1 | x |\n"


@pytest.mark.parametrize("section", ["weights", "confidence"])
def test_the_numbers_that_ship_were_made_with_the_encoder_that_ships(engine: Engine, section: str) -> None:
    made = json.loads(CALIBRATION.read_text("utf-8"))[section]["made"]

    assert made["encoder_checksum"] == engine.table.checksum
    assert made["segmenter"] == engine.segmenter.signature
    assert made["command"].startswith(f"python -m training {'tune' if section == 'weights' else 'calibrate'}")
