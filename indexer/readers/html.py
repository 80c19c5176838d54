"""Web pages: the text that a reader of the page came for, without the site around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from indexer.errors import UnreadableDocument
from indexer.readers.composing import Composition
from indexer.readers.decoding import decode
from indexer.readers.html_tables import is_for_layout, table_cells
from indexer.readers.lines import one_line
from indexer.readers.translating import translated
from indexer.records import Document, GivenMetadata, RawDocument

_DECLARED = re.compile(
    rb"""<meta[^>]{0,500}?charset\s*=\s*["']?\s*([\w:.\-]+)|<\?xml[^>]{1,200}encoding=["']([\w.\-]+)""", re.I
)
_TITLE_PARTS = re.compile(r"\s+[-–—|]\s+|(?<=[\u4e00-\u9fff])[-–—－_|](?=[\u4e00-\u9fff])|[_|]")
_DECLARED_WITHIN = 16_384
_NEVER_TEXT = frozenset(
    str.split(
        "head script style noscript template iframe object svg canvas audio video button select textarea"
    )
)
_SITE_TAGS = frozenset(("nav", "footer", "aside", "dialog"))
_SITE_ROLES = frozenset(str.split("navigation banner contentinfo search complementary dialog alert"))
_SITE_NAMES = frozenset(
    str.split(
        "nav navbar navigation menu footer foot breadcrumb breadcrumbs crumbs sidebar share social "
        "pagination cookie cookies cookie-banner site-header site-footer skip-link copyright"
    )
)
_INLINE = _NEVER_TEXT | frozenset(
    str.split(
        "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q rp rt ruby "
        "s samp small span strike strong sub sup time tt u var wbr img input"
    )
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


class HtmlReader:
    """Read `.html` and `.htm`: headings, paragraphs, list items and table rows, a block each."""

    suffixes: tuple[str, ...] = (".html", ".htm")

    def read(self, raw: RawDocument) -> Document:
        """Return the document; raises UnreadableDocument for a wrong charset or a page without text."""
        source = decode(raw.content, raw.name, declared=_declared(raw.content))
        with translated(raw.name, "an HTML page", "Save the page again, or as .txt"):
            root = _parse(source, raw.name)
        composition = _compose(root, site_is_text=False)
        if composition.is_empty:
            composition = _compose(root, site_is_text=True)
        return composition.document(raw, _given(root, composition.has_headings))


def _declared(content: bytes) -> str | None:
    found = _DECLARED.search(content[:_DECLARED_WITHIN])
    return (found.group(1) or found.group(2)).decode("ascii", errors="ignore") if found else None


def _parse(source: str, name: str) -> etree._Element:
    # Parsed from UTF-8 bytes: lxml refuses a str that declares an encoding, as XHTML does.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(source.encode("utf-8"), parser)
    # Recovery from bad markup is a page's daily life; from a fatal error on, the parser drops the rest.
    for problem in parser.error_log.filter_from_fatals():
        raise UnreadableDocument(
            f"{name} cannot be parsed beyond line {problem.line}: {problem.message}. "
            "Expected a web page that browsers open; save it again, or as .txt."
        )
    if root is None:
        raise UnreadableDocument(f"{name} holds no HTML element. Expected a web page; save it again.")
    return root


def _compose(root: etree._Element, site_is_text: bool) -> Composition:
    """Return the page's blocks. Walks by events, as pages nest deeper than Python may recurse."""
    composition, line = Composition(), _Line()
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = str(element.tag)
        if event == "end":
            line.leave(tag, composition)
            line.add(element.tail)
        elif tag in _NEVER_TEXT or (not site_is_text and _is_site(element)):
            walk.skip_subtree()
            line.enter(tag, composition)
        elif tag == "table" and not is_for_layout(element):
            walk.skip_subtree()
            line.enter(tag, composition)
            _add_table(element, composition)
        else:
            line.enter(tag, composition)
            line.add(element.text)
    line.flush(composition)
    return composition


class _Line:
    """The text since the last border of a block, and the heading it is in."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._level: int | None = None
        self._preformatted = 0

    def add(self, text: str | None) -> None:
        if text:
            self._pieces.append(text)

    def enter(self, tag: str, composition: Composition) -> None:
        if tag == "br":
            self._break(composition)
        elif tag not in _INLINE:
            self.flush(composition)
            self._level = _HEADINGS.get(tag, self._level)
            self._preformatted += tag == "pre"

    def leave(self, tag: str, composition: Composition) -> None:
        if tag not in _INLINE and tag != "br":
            self.flush(composition)
            self._level = None if tag in _HEADINGS else self._level
            self._preformatted -= tag == "pre"

    def _break(self, composition: Composition) -> None:
        # A title is often broken by hand to look well; elsewhere a break parts lines that belong apart.
        if self._level is not None:
            self._pieces.append("\n")
        else:
            self.flush(composition)

    def flush(self, composition: Composition) -> None:
        text, self._pieces = "".join(self._pieces), []
        if not self._preformatted:
            text = one_line(text)
        if text:
            composition.add_gap()
            composition.add(text, "heading" if self._level else "text", self._level)


def _is_site(element: etree._Element) -> bool:
    """Say whether an element belongs to the site around the text: navigation, footer, hidden parts."""
    tag, attributes = element.tag, element.attrib
    if tag in ("html", "body", "main", "article"):
        return False
    if tag in _SITE_TAGS or attributes.get("role", "").lower() in _SITE_ROLES:
        return True
    if tag == "header" and not _holds_title(element):
        return True
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    if re.search(r"display\s*:\s*none", attributes.get("style", "")):
        return True
    names = f"{attributes.get('class', '')} {attributes.get('id', '')}".lower().split()
    return not _SITE_NAMES.isdisjoint(names)


def _holds_title(header: etree._Element) -> bool:
    return next(header.iter("h1", "h2"), None) is not None or any(
        above.tag in ("article", "main") for above in header.iterancestors()
    )


def _add_table(table: etree._Element, composition: Composition) -> None:
    caption = table.find("caption")
    if caption is not None:
        composition.add(one_line("".join(caption.itertext())))
    composition.add_table(*table_cells(table))


def _given(root: etree._Element, has_headings: bool) -> GivenMetadata:
    """Return title and address as the head gives them.

    ArticleTitle is the name in the standard for Chinese government sites. The page's own title has the
    site's name in it, so it counts only where the text has no heading, and the longest part of it.
    """
    titles = [meta.get("content") for meta in root.iter("meta") if _lower(meta.get("name")) == "articletitle"]
    if not has_headings:
        pages = ["".join(title.itertext()) for title in root.iter("title")]
        titles += [max(_TITLE_PARTS.split(page), key=len) for page in pages]
    found = next((one_line(title) for title in titles if title and title.strip()), None)
    return GivenMetadata(title=found, source=next(_links(root), None))


def _lower(value: str | None) -> str:
    return (value or "").strip().lower()


def _links(root: etree._Element) -> Iterator[str]:
    for link in root.iter("link"):
        address = (link.get("href") or "").strip()
        if link.get("rel") == "canonical" and address.startswith(("http://", "https://")):
            yield address
