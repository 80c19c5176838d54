import json
from pathlib import Path

import pytest

from benchmarks.results import Figure, keep_figures, machine, markdown


def test_a_table_in_markdown() -> None:
    assert markdown(["a", "b"], [["x", "1"]], right=[1]) == "| a | b |\n| --- | ---: |\n| x | 1 |"


@pytest.mark.parametrize(
    ("value", "target", "met"), [(9.0, 10.0, True), (11.0, 10.0, False), (5.0, None, None)]
)
def test_a_target_is_the_most_a_figure_may_be(value: float, target: float | None, met: bool | None) -> None:
    assert Figure("a question", value, "ms", target).met is met


def test_figures_are_kept_for_programs_and_for_people(tmp_path: Path) -> None:
    page = keep_figures([Figure("build", 1234.5, "s", 180), Figure("size", 3, "MiB")], machine(), tmp_path)
    kept = json.loads((tmp_path / "speed.json").read_text("utf-8"))

    assert (tmp_path / "speed.md").read_text("utf-8") == page
    assert "| build | 1,234.5 s | ≤ 180 s | **no** |  |" in page
    assert [figure["met"] for figure in kept["figures"]] == [False, None]
    assert kept["machine"]["cores"] >= 1
