"""The numbers of the ranking: how they are read and what they mean. Their values are fitted, not tested."""

import json
from pathlib import Path
from typing import Any

import pytest

from indexer.errors import SettingsError
from search_api.calibration import (
    CALIBRATION,
    Confidence,
    ListFeatures,
    Weights,
    probability,
    read_calibration,
    shipped_calibration,
)

FEATURES = ListFeatures(coverage=0.5, unusual=2.0, lead=1.0, top=3.0)


@pytest.fixture
def told() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(CALIBRATION.read_text("utf-8"))
    return found


def written(told: dict[str, Any], folder: Path) -> Path:
    path = folder / "calibration.json"
    path.write_text(json.dumps(told), "utf-8")
    return path


def test_the_numbers_that_ship_can_be_read_and_are_read_once() -> None:
    assert shipped_calibration() is shipped_calibration()
    assert shipped_calibration() == read_calibration()
    assert 0 < shipped_calibration().claim < 1


def test_lists_in_and_across_languages_have_numbers_of_their_own() -> None:
    shipped = shipped_calibration()
    assert shipped.weights(same=True) is shipped.same_weights
    assert shipped.weights(same=False) is shipped.across_weights
    assert shipped.confidence(same=True) is shipped.same_confidence
    assert shipped.confidence(same=False) is shipped.across_confidence


@pytest.mark.parametrize("same", [True, False])
def test_a_passage_that_covers_more_of_the_question_is_surer(same: bool) -> None:
    confidence = shipped_calibration().confidence(same)
    more = ListFeatures(coverage=0.9, unusual=2.0, lead=1.0, top=3.0)
    assert confidence.log_odds(more) > confidence.log_odds(FEATURES)


def test_log_odds_are_the_weighed_sum_of_the_features() -> None:
    assert Confidence(8, 0.5, 0.1, 0.25, -9, 0, 0).log_odds(FEATURES) == pytest.approx(4 + 1 + 0.1 + 0.75 - 9)
    assert Weights(dense=1, lexical=2, alignment=3).vector.tolist() == [1, 2, 3]


def test_a_probability_is_the_logistic_function_and_never_overflows() -> None:
    assert probability(0) == 0.5
    assert probability(1) == pytest.approx(0.731058578)
    assert probability(-1) == pytest.approx(1 - 0.731058578)
    assert (probability(-5000), probability(5000)) == (0, 1)


def test_a_file_that_is_not_there_or_no_json_is_told_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.json.*training calibrate"):
        read_calibration(tmp_path / "nowhere.json")
    (tmp_path / "bad.json").write_text("{", "utf-8")
    with pytest.raises(SettingsError, match=r"bad\.json"):
        read_calibration(tmp_path / "bad.json")


@pytest.mark.parametrize("part", ["weights", "confidence"])
@pytest.mark.parametrize("list_of", ["same", "across"])
def test_a_number_that_is_missing_or_too_many_is_refused(
    told: dict[str, Any], tmp_path: Path, part: str, list_of: str
) -> None:
    told[part][list_of]["another"] = 1.0
    with pytest.raises(SettingsError, match="another"):
        read_calibration(written(told, tmp_path))
    del told[part][list_of]["another"]
    told[part][list_of].popitem()
    with pytest.raises(SettingsError):
        read_calibration(written(told, tmp_path))
    del told[part]
    with pytest.raises(SettingsError, match=part):
        read_calibration(written(told, tmp_path))


@pytest.mark.parametrize("value", ["0.6", None, True, float("nan")])
def test_a_number_that_is_none_is_refused(told: dict[str, Any], tmp_path: Path, value: object) -> None:
    told["weights"]["same"]["dense"] = value
    with pytest.raises(SettingsError):
        read_calibration(written(told, tmp_path))
