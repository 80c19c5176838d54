"""Digits that are not quantities: numbers of documents and articles, telephones, counters, clock times."""

from __future__ import annotations

import re

_YEAR = r"(?:19|20)[0-9]{2}"
# Matched where a run of digits starts.
_STARTING = re.compile(
    rf"""
    {_YEAR}\ ?[\])]\ ?第?\ ?[0-9]{{1,5}}\ ?号                 # 〔2026〕102号, from its year on
    |{_YEAR}\ ?年\ ?第\ ?[0-9]{{1,5}}\ ?号                     # 2025年第2号
    |[0-9]{{1,6}}\ ?号(?!召)
    |0[0-9]{{2,4}}(?:-|\)\ ?|\ )[0-9]{{3,4}}[ -]?[0-9]{{3,4}}(?:-[0-9]{{1,6}})?(?![0-9])   # 0595-22579329
    |[48]00-?[0-9]{{3}}-?[0-9]{{4}}(?![0-9])
    |1[3-9][0-9]-?[0-9]{{4}}-?[0-9]{{4}}(?![0-9])
    |[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?(?![0-9.])(?:\ ?[ap]\.?m)?
    |[0-9]{{1,2}}(?:\.[0-9]{{2}})?\ ?[ap]\.?m(?![a-z])
    |[0-9]{{1,2}}\ ?[时点](?![间期段])(?:\ ?[0-9]{{1,2}}\ ?分|整|半)?
    |[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{2,5}}(?![0-9])            # 1.2.3
    |[0-9]{{1,2}}\)
    |[0-9]{{1,3}}(?:st|nd|rd|th)(?![a-z])
    |0[0-9]+(?![.0-9])                                        # a leading zero is a code's
    |[0-9]{{1,4}}(?:s|['’]s)(?![a-z])                          # the 1980s
    |(?!{_YEAR}/[0-9]{{1,2}}/[0-9]{{1,2}}(?![0-9/]))[0-9]+/[0-9]+(?:/[0-9]+)*
    |(?!{_YEAR}-[0-9]{{1,2}}-[0-9]{{1,2}}(?![0-9-]))[0-9]+(?:-[0-9]+){{2,8}}(?![0-9])
    """,
    re.VERBOSE,
)
_COUNTER = re.compile(r"[0-9]{1,2}(?:、|\.(?![0-9]))")
# "3.1 Video and sound" at the start of a line, but not "3.1 million people".
_SECTION = re.compile(
    r"[0-9]{1,2}\.[0-9]{1,2} (?=[a-z])(?!(?:hundred|thousand|[mbtr]+illion|per|percentage|yuan|dollars?"
    r"|euros?|"
    r"pounds?|"
    r"times|tonnes?|square|cubic|hectares?|kilo|km|kg|[mgk]wh?|years?|months?|weeks?|days?|hours?|points?)(?![a-z]))"
)
_BEFORE = re.compile(
    r"(?:[a-z0-9_/+@#^*][-]?|[a-z]\.|[a-z0-9]:/{0,2}"
    r"|(?<![a-z])(?:sections?|articles?|chapters?|parts?|paragraphs?|no\.?|numbers?|proposals?"
    r"|hall|room|tables?|fig\.?|"
    r"figures?|annex|phase|stage|step|page|pp?\.|version|act|schedule|clauses?|level|class|grade"
    r"|route|item|zone|"
    r"rule|appendix|type|item|ext\.?|iso|gb|gb/t|iec|en|article no\.?) "
    r"|(?:电话|传真|手机|热线|拨打|邮编|邮政编码|账号|编号|序号|附件|附表|表|图|选项|tel|phone"
    r"|fax|telephone|helpline|line)"
    r"(?:号码)?[:. ]{0,2})\Z"
)
# Ordinals are names: 第三条, 第5批, 第十七届. Ranks are read before this is asked.
_ORDINAL = re.compile(
    r"第 ?(?:[0-9]{1,12}|[零〇一二两三四五六七八九十百千万亿廿卅]{1,12})(?: ?[号条款项章节届次批期类])?"
)
_ANOTHER_PHONE = re.compile(r"[0-9][0-9 ()-]{0,24}")


def not_a_figure(normal: str, at: int) -> int | None:
    """Return where the stretch ends if the digits at `at` are no quantity, else None."""
    counter = _COUNTER.match(normal, at)
    if counter and normal[max(0, at - 4) : at].rstrip(" #*")[-1:] in ("", *"\n.。;:!?"):
        return counter.end()
    section = _SECTION.match(normal, at)
    if section and normal[max(0, at - 8) : at].rstrip(" #*")[-1:] in ("", "\n"):
        return section.end()
    match = _STARTING.match(normal, at)
    if match:
        # 5) is a counter, (5) too, but the 40 of (60:40) is not.
        closing = match.group()[-1] == ")" and len(match.group()) <= 3
        return match.end() if not closing or normal[at - 1 : at] in ("(", "", " ", "\n") else None
    before = _BEFORE.search(normal, max(0, at - 14), at)
    if before is None:
        return None
    run = _ANOTHER_PHONE.match(normal, at) if before.group()[0] in "电传手热拨邮tfh" else None
    return run.end() if run and len(run.group().strip()) > 4 else at


def ordinal_end(normal: str, at: int) -> int | None:
    """Return where the ordinal that starts with 第 at `at` ends, or None."""
    match = _ORDINAL.match(normal, at)
    return match.end() if match else None
