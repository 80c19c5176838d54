"""Which row heads a table, and how rows read alone."""

from collections.abc import Sequence

from indexer.readers.tables import Cell, readable_rows, row_text

SPREAD = Cell("", spread=True)
GOES_ON = Cell("", goes_on=True)


def rows(*texts: Sequence[str | Cell]) -> list[list[Cell]]:
    return [[each if isinstance(each, Cell) else Cell(each) for each in row] for row in texts]


def shown(*texts: Sequence[str | Cell], marked: int = 0) -> list[str]:
    return [text for _, text in readable_rows(rows(*texts), marked)]


def test_a_row_reads_alone() -> None:
    assert row_text(("年份", "金额（万元）"), ("2025", "120")) == "年份：2025；金额（万元）：120"
    assert row_text(("Year", "Paid:"), ("2025", "120")) == "Year: 2025; Paid: 120"
    assert row_text(("年份", "", "注"), ("2025", "甲", " ", "多")) == "年份：2025；甲；多"


def test_years_head_columns_and_figures_do_not() -> None:
    assert shown(["指标", "2024", "2025"], ["企业", "41", "50"])[1] == "指标：企业；2024：41；2025：50"
    assert shown(["企业", "41", "50"], ["平台", "3", "4"]) == ["企业；41；50", "平台；3；4"]


def test_two_columns_of_labels_have_no_header() -> None:
    assert shown(["申报单位", "泉州公司"], ["联系人", "张三"]) == ["申报单位；泉州公司", "联系人；张三"]
    assert shown(["项目", "金额"], ["甲", "120"])[1] == "项目：甲；金额：120"


def test_a_caption_over_all_columns() -> None:
    table = (["表1 经费", SPREAD, SPREAD], ["年份", "项目", "金额"], ["2025", "甲", "1"])
    assert [kind for kind, _ in readable_rows(rows(*table))] == ["text", "table_row", "table_row"]
    assert shown(*table)[2] == "年份：2025；项目：甲；金额：1"


def test_a_header_of_two_rows() -> None:
    table = (["类别", "金额", SPREAD], [GOES_ON, "预算", "支出"], ["工业", "1", "2"])
    assert shown(*table) == ["类别；金额 预算；金额 支出", "类别：工业；金额 预算：1；金额 支出：2"]
    one = (["类别", "金额", SPREAD], ["工业", "1", "2"], ["农业", "3", "4"])
    assert shown(*one) == ["类别；金额", "类别：工业；金额：1；金额：2", "类别：农业；金额：3；金额：4"]


def test_a_marked_header_wins() -> None:
    assert shown(["1", "2"], ["甲", "乙"], marked=1) == ["1; 2", "1：甲；2：乙"]
    assert shown(["甲", "乙"], marked=1) == ["甲；乙"]
