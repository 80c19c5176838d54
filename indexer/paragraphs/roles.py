"""What kind of line a line is, by its words alone: label, addressee, number, date, office, table row."""

from __future__ import annotations

import re

from indexer.document_dates import is_date_line
from indexer.document_numbers import is_number_line
from indexer.paragraphs.counters import counter_of

_SPACES = re.compile(r"\s+")

_KEYS = (
    "联系人|联系电话|联系方式|联系地址|咨询电话|举报电话|监督电话|电话|传真|邮编|电子邮箱|邮箱|"
    "地址|通讯地址|抄送|抄报|主送|分送|附件|附|领导署名|签发人|署名|答复类型|答复类别|办理结果|"
    "发文机关|发布机构|发文单位|成文日期|标题|发文字号|文号|发布日期|发文日期|印发日期|施行日期|"
    "生效日期|主题词|索引号|主题分类|公文种类|来源|公开方式|公开类型|公开属性|公开类别|"
    "信息公开选项|有效性|时效性|效力状态|有效期|解读人|起草单位|承办单位|主办单位|会办单位|"
    "主任|副主任|组长|副组长|成员|秘书长|委员|召集人|单位"
)
_ENGLISH_KEYS = (
    "contact|contacts|contact person|tel|telephone|phone|fax|e-?mail|address|copies to|copy to|cc|ref|"
    "reference|our ref|document no|date|date of issue|issued|issued by|published|category of reply|"
    "type of reply|status|annex|annexes|enclosure|attachment|attachments|signed|speakers|source|"
    "effective date|press release number"
)
_LABEL = re.compile(rf"[（(]?(?:{_KEYS})\s*[：:]|(?i:(?:{_ENGLISH_KEYS})\.?\s*[：:])")
_SPACED_LABEL = re.compile(r"(?:[\u4e00-\u9fff][ \u3000]{1,4}){1,5}[\u4e00-\u9fff]\s*[：:]")
_PLAIN_LABEL = re.compile(r"[\u4e00-\u9fffA-Za-z /]{2,16}[：:](?=\s*\S)")
_LIST_LABEL = re.compile(r"(?:抄送|抄报|主送|分送)\s*[：:]|(?i:(?:copies to|copy to|cc)\s*:)")
_ATTACHMENT = re.compile(r"附\s*件\s*[：:]?\s*\S|(?i:(?:annexes|attachments?|enclosures?)\s*:)")

_CLOSING_LABEL = re.compile(
    r"[（(]?(?:联系人|联系电话|联系方式|领导署名|签发人|署名|抄送|抄报|主送|分送|附件)\s*[：:]|"
    r"(?i:(?:contact|contact person|telephone|tel|copies to|copy to|cc|signed)\.?\s*:)"
)
_SENTENCE = re.compile(r"[。！？；]")
_CLAUSE = re.compile(r"[，。；！？]")
_TERMINATED = re.compile(r"[。！？；…：.!?;:][”’\"')）\]】》」』]{0,4}$")
_CAPTION = re.compile(r"(?:附?表\s?[\d一二三四五六七八九十]|Table\s[\dA-Z])|[\w（）()—-]{4,40}表$")
_SPACED_OUT = re.compile(r"(?<=(?<!\S)[\u4e00-\u9fff])[ \u3000]+(?=[\u4e00-\u9fff](?!\S))")
_WIDE_GAP = re.compile(r"\S(?:\u3000|[ \t\u3000]{2,})(?=\S)")
_CLOSING_MARK = frozenset("”’）》」』】〕，。、；：？！")
_SIGN_OFF = re.compile(
    r"(?:再次|诚挚|衷心|最后)?(?:诚挚|衷心)?感谢(?:您|你|贵)|特此(?:函|通知|公告|通告|批复|答复|报告|说明|函复|函告)"
    r"|此[函复致]|专此|以上(?:意见|答复)|Thank you (?:again|once)|We thank you again"
)

_LEADS_IN = re.compile(r"如下|以下|下列|^(?:为了?|根据|按照|经|现)|意见[：:]$|条件[：:]$")
_ENGLISH_ADDRESSEE = re.compile(
    r"(?:To|Dear|Attention|Attn|Deputy|Deputies|Fellow|Honou?rable|Members?)\b|"
    r"(?:(?:[A-Z][\w'’.-]*|of|and|the|for|all|co-signatories)(?:,?\s|(?=:))){1,12}:$"
)

_OFFICE = re.compile(
    r"[\u4e00-\u9fff（）()、 \u3000]{0,44}"
    r"(?:局|厅|部|委|署|院|会|办|处|中心|办公室|政府|国务院|法院|检察院|委员会|银行|公司|集团|军委|科协|大学)"
    r"(?:办公厅|办公室)?(?:文\s?件|公\s?告|通\s?告|函|令)?"
)
ENGLISH_KINDS = (
    "white paper|questions and answers|work report|action plan|notice|notification|announcement|circular|"
    "opinions?|measures|reply|response|letter|guidelines?|guidance|guide|handbook|manual|report|statement|bulletin|plan|"
    "strategy|programme|program|policy|rules|regulations?|act|law|code|decree|order|directive|decision|resolution|"
    "provisions|charter|framework|standards?|communication|memorandum|minutes|recommendations?|accounts|budget|"
    "agreement|convention|faq|press release|speech|proposal"
)
_ENGLISH_OFFICE_WORDS = (
    "bureau|office|authority|ministry|department|commission|committee|council|agency|administration|"
    "government|secretariat|directorate|parliament|assembly|congress|court|board|institute|treasury|division"
)
_ENGLISH_OFFICE = re.compile(
    rf"(?i)(?:.*\b(?:{_ENGLISH_OFFICE_WORDS})(?: \([^)]*\))?|.*\b(?:{_ENGLISH_OFFICE_WORDS}) (?:of|for)\b.*)"
)
_ENGLISH_PAPER = re.compile(
    rf"(?i)\b(?:{ENGLISH_KINDS})\s(?:of|on|for|to|concerning|regarding|about)\b|^(?:\w+ by|to) "
)
_HAN = re.compile(r"[\u4e00-\u9fff]")


def compact(text: str) -> str:
    """Return `text` without any white space: 国 务 院 -> 国务院."""
    return _SPACES.sub("", text)


def unspaced(text: str) -> str:
    """Return `text` with words that are spaced out to fill a line closed up: 总　　则 -> 总则."""
    return _SPACED_OUT.sub("", text)


def has_han(text: str) -> bool:
    """Whether a Chinese character stands in a text."""
    return _HAN.search(text) is not None


def terminated(text: str) -> bool:
    """Whether a text ends where a clause may end: 。；：. and the like, closing marks after them allowed."""
    return _TERMINATED.search(text, max(0, len(text) - 12)) is not None


def has_clause(text: str) -> bool:
    """Whether Chinese prose marks stand in a text; 、 does not count, lists of names have it too."""
    return _CLAUSE.search(text) is not None


def has_sentence(text: str) -> bool:
    """Whether a Chinese sentence ends in a text."""
    return _SENTENCE.search(text) is not None


def is_tabular(text: str) -> bool:
    """Whether a line is set in columns: two wide gaps, or one in a short line without prose marks."""
    head = text[:200]
    if "\u3000" not in head and "  " not in head and "\t" not in head:
        return False
    counter = counter_of(head)
    head = unspaced(head[counter.end if counter else 0 :].lstrip())
    if is_known_label(head) or is_caption(head):
        return False
    gaps = len(_WIDE_GAP.findall(head))
    return (gaps > 1 and not has_sentence(head)) or (gaps == 1 and len(text) < 60 and not has_clause(head))


def is_caption(text: str) -> bool:
    """Whether a line names the table that follows it: 表1  主要指标, Table 2. Spending, …安排表."""
    return len(text) <= 120 and _CAPTION.match(text) is not None and not has_sentence(text)


def is_known_label(text: str) -> bool:
    """Whether a line begins with a key that letters use: 联系人：, 抄送：, 标　　题：, Contact:."""
    head = text[:40]
    if "：" not in head and ":" not in head:
        return False
    return _LABEL.match(text) is not None or _SPACED_LABEL.match(text) is not None


def is_label(text: str) -> bool:
    """Whether a line is a key and a short value."""
    if len(text) > 300:
        return False
    if is_known_label(text):
        return len(text) <= 100 or _LIST_LABEL.match(text) is not None or not has_sentence(text[:-1])
    return (
        len(text) <= 50
        and _PLAIN_LABEL.match(text) is not None
        and not has_clause(text)
        and text[-1] not in ".;"
    )


def closes(text: str) -> bool:
    """Whether a label belongs to the closing of a letter: who signs, whom to call, who gets a copy."""
    return _CLOSING_LABEL.match(text) is not None or is_office(text) or is_date_line(text) or is_note(text)


def lists_offices(text: str) -> bool:
    """Whether a label line lists those who get a copy, and so may run over several lines."""
    return _LIST_LABEL.match(text) is not None


def names_attachments(text: str) -> bool:
    """Whether a line opens a list of attachments."""
    return len(text) < 200 and _ATTACHMENT.match(text) is not None


def is_addressee(text: str) -> bool:
    """Whether a line could be those a letter is written to: 各县（市、区）人民政府，市直各单位："""
    if len(text) > 300 or text[-1] not in "：:" or has_sentence(text):
        return False
    if _HAN.search(text):
        return _LEADS_IN.search(text) is None
    return _ENGLISH_ADDRESSEE.match(text) is not None


def is_office(text: str) -> bool:
    """Whether a line is nothing but the name of an office: a letterhead or a signature."""
    if len(text) > 100 or text[-1] in ".;:：。；，,":
        return False
    if _HAN.search(text) is None:
        named = text[0].isupper() and _ENGLISH_OFFICE.fullmatch(text) is not None
        return named and _ENGLISH_PAPER.search(text) is None
    return _OFFICE.fullmatch(text) is not None


def is_note(text: str) -> bool:
    """Whether a line is a remark in brackets, such as （此件主动公开）."""
    return len(text) <= 40 and text[0] in "（(" and text[-1] in "）)" and ("公开" in text or "删减" in text)


def is_fixed(text: str) -> bool:
    """Whether a line stands alone whatever is around it: a known label, number, date or note."""
    return len(text) <= 300 and (
        is_known_label(text) or is_number_line(text) or is_date_line(text) or is_note(text)
    )


def signs_off(text: str) -> bool:
    """Whether a paragraph closes a letter: 感谢您…, 特此函复, Thank you again …"""
    return _SIGN_OFF.match(text) is not None


def begins_inside(text: str) -> bool:
    """Whether a line begins with a mark that only follows something."""
    return text[0] in _CLOSING_MARK
