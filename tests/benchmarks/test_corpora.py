import json
import lzma
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.corpora import laws, policies, service_items, write
from indexer.readers import read
from indexer.sources import find_documents

LAW = {
    "title": "济南市节约用水条例",
    "category": "山东地方法规",
    "articles": [
        ["济南市节约用水条例", "", "2020年8月25日通过"],
        ["第一章  总则", "第一条", "为了节约用水，制定本条例。"],
        ["第一章  总则", "第二条", "适用本条例。\n另有规定的除外。"],
        ["第二章\u3000附则", "第三条", "本条例自2021年1月1日起施行。"],
    ],
}


def _collection(tmp_path: Path, records: Sequence[dict[str, Any]]) -> Path:
    path = tmp_path / "records.jsonl.xz"
    path.write_bytes(lzma.compress("\n".join(map(json.dumps, records)).encode()))
    return path


def test_a_law_becomes_title_headings_and_articles(tmp_path: Path) -> None:
    [law] = laws(_collection(tmp_path, [LAW]))

    assert law["_id"] == "山东地方法规/济南市节约用水条例"
    assert law["text"].split("\n") == [
        "济南市节约用水条例",
        "2020年8月25日通过",
        "第一章 总则",
        "第一条　为了节约用水，制定本条例。",
        "第二条　适用本条例。",
        "另有规定的除外。",
        "第二章 附则",
        "第三条　本条例自2021年1月1日起施行。",
    ]
    assert law["metadata"] == {"kind": "地方性法规", "issuer": "济南市人民代表大会常务委员会"}


def test_laws_of_one_name_get_ids_of_their_own(tmp_path: Path) -> None:
    found = list(laws(_collection(tmp_path, [LAW, LAW, {**LAW, "category": "经济法"}])))

    assert [law["_id"] for law in found] == [
        "山东地方法规/济南市节约用水条例",
        "山东地方法规/济南市节约用水条例-2",
        "经济法/济南市节约用水条例",
    ]


def test_a_policy_keeps_its_number_office_and_link(tmp_path: Path) -> None:
    policy = {
        "title": "通知",
        "url": "http://www.gov.cn/1.htm",
        "office": "国务院",
        "no": "国发〔2019〕5号",
        "text": "各部门：",
    }
    [found] = policies(_collection(tmp_path, [policy]))

    assert found["source"] == "http://www.gov.cn/1.htm"
    assert found["metadata"] == {"issuer": "国务院", "document_number": "国发〔2019〕5号"}


def test_a_service_item_becomes_labelled_lines(tmp_path: Path) -> None:
    item = dict.fromkeys(("CATANAME", "theme_category", "handle_time", "handle_time_limit"), "")
    item |= {
        "TASK_NAME": "学校设立",
        "DEPT_NAME": "广东省教育厅",
        "TASK_TYPE_TEXT": "行政许可",
        "accept_standard": "符合条件",
    }
    lists = {
        "service_object_name": ["自然人", "企业法人"],
        "material_intro": [],
        "handle_location": "办理地点：广州",
    }
    [found] = service_items(_collection(tmp_path, [{**item, **lists}]))

    assert found["text"].split("\n") == [
        "学校设立",
        "实施部门：广东省教育厅",
        "事项类型：行政许可",
        "受理条件：符合条件",
        "服务对象：自然人；企业法人",
        "办理地点：广州",
    ]


def test_what_is_written_is_read_by_a_build(tmp_path: Path) -> None:
    path = tmp_path / "out" / "laws.jsonl"

    assert write(laws(_collection(tmp_path, [LAW])), path) == 1
    [raw] = find_documents([path])
    document = read(raw)  # type: ignore[arg-type]
    assert document.given.issuer == "济南市人民代表大会常务委员会"
    assert "第三条　本条例自2021年1月1日起施行。" in document.text
