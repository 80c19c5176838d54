"""Turn the developers' collections (../shared/data/corpora) into documents for `wenzheng index build`.

Each converter yields records of a `.jsonl` source: _id, title, text, metadata. The collections stay where
they are; nothing of them is kept in the project.
"""

from __future__ import annotations

import json
import lzma
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

SHARED = Path(__file__).parents[1].parent / "shared" / "data"
CORPORA = SHARED / "corpora"

Record = dict[str, Any]
_SPACE = re.compile(r"\s+")
_REGION = re.compile(r"(.+)地方法规")
_CITY = re.compile(r"[\u4e00-\u9fff]{2,7}?(?:省|市|自治区|自治州|自治县)")
_BY_CATEGORY = {"行政法规": "国务院", "司法解释": "最高人民法院、最高人民检察院", "宪法": "全国人民代表大会"}
_NATIONAL = ("行政法", "经济法", "社会法", "民法商法", "刑法", "诉讼与非诉讼程序法", "民法典", "宪法相关法")


def laws(path: Path = CORPORA / "cn_laws.jsonl.xz") -> Iterator[Record]:
    """Yield a document a law, a line a chapter heading or article. 3,472 laws, 147,128 numbered articles."""
    ids = _Ids()
    for law in _records(path):
        title, category = law["title"], law["category"]
        yield {
            "_id": ids.new(f"{category}/{title}"),
            "title": title,
            "text": "\n".join(_law_lines(law)),
            "metadata": {"kind": _law_kind(title, category), "issuer": _law_issuer(title, category)},
        }


def policies(path: Path = CORPORA / "govcn_policies.jsonl.xz") -> Iterator[Record]:
    """Yield the 60 State Council documents."""
    ids = _Ids()
    for policy in _records(path):
        yield {
            "_id": ids.new(f"国务院/{policy['title']}"),
            "title": policy["title"],
            "text": policy["text"],
            "source": policy["url"],
            "metadata": {"issuer": policy["office"] or None, "document_number": policy["no"] or None},
        }


def service_items(path: Path = CORPORA / "guangdong_service_items.jsonl.xz") -> Iterator[Record]:
    """Yield the 2,262 service items: a labelled line a field."""
    ids = _Ids()
    for item in _records(path):
        yield {
            "_id": ids.new(f"广东政务/{item['TASK_NAME']}"),
            "title": item["TASK_NAME"],
            "text": "\n".join(_item_lines(item)),
            "metadata": {"issuer": item["DEPT_NAME"] or None, "kind": item["TASK_TYPE_TEXT"] or None},
        }


CONVERTERS: Mapping[str, Callable[[], Iterator[Record]]] = {
    "cn_laws": laws,
    "govcn_policies": policies,
    "guangdong_service_items": service_items,
}


def write(records: Iterator[Record], path: Path) -> int:
    """Write records as JSON lines; return how many."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        return sum(1 for record in records if file.write(json.dumps(record, ensure_ascii=False) + "\n"))


class _Ids:
    """Give each document an id of its own: a second of the same name gets -2."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def new(self, name: str) -> str:
        self._seen[name] += 1
        return name if self._seen[name] == 1 else f"{name}-{self._seen[name]}"


def _records(path: Path) -> Iterator[Record]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _law_lines(law: Record) -> Iterator[str]:
    """Yield the title, then each chapter heading where it begins, then its articles."""
    yield law["title"]
    heading = law["title"]
    for chapter, number, text in law["articles"]:
        if chapter != heading:
            heading = chapter
            yield _SPACE.sub(" ", chapter)
        yield f"{number}　{text}" if number else text


def _law_kind(title: str, category: str) -> str:
    if title.startswith("中华人民共和国") and title.endswith("法") and category in _NATIONAL:
        return "法律"
    return "地方性法规" if _REGION.fullmatch(category) else category


def _law_issuer(title: str, category: str) -> str | None:
    """Return who passes laws of a category; a city's own where the title begins with its name."""
    region = _REGION.fullmatch(category)
    if region is not None:
        city = _CITY.match(title)
        return f"{city.group() if city else region.group(1)}人民代表大会常务委员会"
    return "全国人民代表大会常务委员会" if category in _NATIONAL else _BY_CATEGORY.get(category)


def _item_lines(item: Record) -> Iterator[str]:
    yield item["TASK_NAME"]
    fields = (
        ("实施部门", "DEPT_NAME"),
        ("事项类型", "TASK_TYPE_TEXT"),
        ("受理条件", "accept_standard"),
        ("主题", "theme_category"),
        ("服务对象", "service_object_name"),
        ("申请材料", "material_intro"),
        ("办理地点", "handle_location"),
        ("法定时限", "handle_time"),
        ("承诺时限", "handle_time_limit"),
    )
    for label, key in fields:
        value = item[key]
        text = "；".join(map(str, value)) if isinstance(value, list) else str(value or "").strip()
        if text:
            yield f"{label}：{text.removeprefix(label + '：')}"
