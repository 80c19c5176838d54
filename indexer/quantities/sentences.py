"""What the words of a sentence say of its figures: totals, the period, planned or paid."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Literal, NamedTuple

from indexer.quantities.figures import Figure
from indexer.records import Language

Status = Literal["paid", "planned"]

_CLAUSE_END = re.compile(r"(?<![0-9]),|,(?![0-9])|[;。!?\n]|\.(?=\s|\Z)|单位 ?: ?[\u4e00-\u9fff%]{1,6}")
_SENTENCE_END = re.compile(r"[。!?\n;]|\.(?=\s|\Z)")
_PLANNED = (
    r"(?<![技作动专研展生经])计划(?!项目|书|类|内|外|单列|专项|生育)|预算(?!法|单位|管理|绩效)"
    r"|(?<![模虚])拟(?!人|合)|安排|预计|力争|目标"
    r"|将(?=在|于|安排|投入|达|新|建|力|继续|给予|拨|发|支|补|有|超|增|完成)|规划"
    r"|(?<![a-z])(?:budget(?:s|ed)?|plan(?:s|ned)?|will|expect(?:s|ed)?|propos(?:es|ed)"
    r"|earmark(?:s|ed)|target(?:s)?|intends?"
    r"|projected|set aside)(?![a-z])"
)
_PAID = (
    r"(?<![未不应可待])(?:兑现|拨付|发放|支付)(?!限额|比例|标准|方式|条件|能力|范围|申请)"
    r"|(?<![未不落])到位(?!率)|已下达|获得?[^,。;、的\d]{0,8}"
    r"(?:补助|奖励|补贴)(?!项目)|获得?[^,。;、的\d]{0,6}资金(?!项目)"
    r"|(?<![a-z])(?:(?<!not )(?<!be )paid|disbursed|received|spent|granted|awarded)(?![a-z])"
)
_STATUS = re.compile(rf"(?P<planned>{_PLANNED})|(?P<paid>{_PAID})")
# 累计 stands at the head of its clause; the others stand before their figure.
_TOTAL_OF_CLAUSE = re.compile(r"累计|(?<![a-z])(?:total(?:l?ed|l?ing|s)?|altogether|in all)(?![a-z])")
_TOTAL_BEFORE = re.compile(r"共计|合计|总计|总额|总数|总量|总投资|总金额|总规模|共有?[^\u4e00-\u9fff]{0,2}\Z")
_TOTAL_AFTER = re.compile(r"[a-z ]{0,24}(?<![a-z])(?:in total|altogether|in all|combined)(?![a-z])")
_BASELINE = re.compile(
    r"(?:较|比|从|由|同比|相比|《[^》\n]{0,12}"
    r"|(?<![a-z])(?:than|compared with|compared to|from)(?: in| that of| the)?(?: figure)?(?: for| in)?) ?\Z"
)


class _Cue(NamedTuple):
    start: int
    end: int
    status: Status


class Sentences:
    """The clauses and sentences of one paragraph, asked about its figures in any order.

    Everything is found once, in one pass each; a question costs a binary search.
    """

    def __init__(self, normal: str, figures: Sequence[Figure], language: Language) -> None:
        self._normal, self._language = normal, language
        self._clauses = [match.end() for match in _CLAUSE_END.finditer(normal)]
        self._sentences = [match.end() for match in _SENTENCE_END.finditer(normal)]
        self._cues = [
            _Cue(match.start(), match.end(), "planned" if match["planned"] else "paid")
            for match in _STATUS.finditer(normal)
        ]
        self._cue_starts = [cue.start for cue in self._cues]
        self._dates = [f for f in figures if f.kind == "date" and f.period and not self._baseline(f)]
        self._date_starts = [date.start for date in self._dates]

    def clause(self, at: int) -> tuple[int, int]:
        """Return the start and end of the clause that `at` is in, its closing mark left out."""
        return self._around(self._clauses, at)

    def sentence(self, at: int) -> tuple[int, int]:
        """Return the start and end of the sentence that `at` is in."""
        return self._around(self._sentences, at)

    def _around(self, ends: list[int], at: int) -> tuple[int, int]:
        index = bisect_right(ends, at)
        start = ends[index - 1] if index else 0
        return start, ends[index] - 1 if index < len(ends) else len(self._normal)

    def _baseline(self, date: Figure) -> bool:
        """Whether a date is what something is compared with (较2024年增加), or stands in a title."""
        return _BASELINE.search(self._normal, max(0, date.start - 24), date.start) is not None

    def is_total(self, figure: Figure, after_previous: int) -> bool:
        """Whether the words beside the figure call it a total."""
        start, _ = self.clause(figure.start)
        start = max(start, figure.start - 80)
        of_clause = max(start, after_previous) if self._language == "en" else start
        if _TOTAL_OF_CLAUSE.search(self._normal, of_clause, figure.start):
            return True
        if _TOTAL_BEFORE.search(self._normal, max(start, after_previous), figure.start):
            return True
        return self._language == "en" and _TOTAL_AFTER.match(self._normal, figure.end) is not None

    def period(self, figure: Figure) -> str | None:
        """Return the ISO date or range that the figure belongs to, or None.

        Chinese puts it before; English puts it in the clause on either side, or before.
        """
        if figure.kind == "date":
            return figure.period
        start, _ = self.sentence(figure.start)
        index = bisect_left(self._date_starts, figure.start)
        earlier = self._dates[index - 1] if index and self._dates[index - 1].start >= start else None
        later = self._dates[index] if index < len(self._dates) else None
        clause = self.clause(figure.start)
        near = later is not None and later.start < clause[1]
        if later is not None and near and (self._language == "en" or self._in_brackets(figure, later)):
            beside = earlier is not None and earlier.start >= clause[0]
            closer = beside and earlier is not None and figure.start - earlier.end < later.start - figure.end
            return earlier.period if closer and earlier is not None else later.period
        return earlier.period if earlier else None

    def _in_brackets(self, figure: Figure, later: Figure) -> bool:
        return self._normal[figure.end : later.start].strip() == "("

    def status(self, figure: Figure) -> Status | None:
        """Return whether the figure is planned or paid, by the nearest word that says so."""
        if figure.kind not in ("money", "count"):
            return None
        clause = self.clause(figure.start)
        index = bisect_left(self._cue_starts, figure.start)
        if index and self._cues[index - 1].start >= clause[0]:
            decided = self._decided(index - 1)
            # Complaints are received and vouchers granted, but only money is paid.
            return decided if figure.kind == "money" or decided == "planned" else None
        if index < len(self._cues) and self._cues[index].end <= clause[1] and figure.kind == "money":
            return self._decided(index)
        return None

    def _decided(self, index: int) -> Status:
        """将拨付 is planned: a plan just before the payment wins."""
        cue, before = self._cues[index], self._cues[index - 1] if index else None
        planned = before is not None and before.status == "planned" and 0 <= cue.start - before.end <= 8
        return "planned" if planned else cue.status
