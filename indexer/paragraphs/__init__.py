"""Document -> paragraphs: the unit is what a reader would quote.

    Block ─lines─▶ Line ─joining─▶ Unit ─outline─▶ Placed ─grouping─▶ Draft ─cutting─▶ Paragraph

Lines that a page break or a hard wrap has cut are joined; headings are recognised by markup or by what
they count with; an article stays with its items while it is short; long paragraphs are cut where the text
enumerates, else at sentence ends. Nothing is lost: joined, all paragraphs equal the document's blocks apart
from white space and markup. Every step is linear in the text and passes it on as a stream.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from indexer.languages import language_of
from indexer.paragraphs.cutting import cut_points, pieces
from indexer.paragraphs.grouping import Draft, group
from indexer.paragraphs.joining import join_lines
from indexer.paragraphs.lines import lines_of
from indexer.paragraphs.outline import place
from indexer.records import Document, Paragraph, Span, passage_id_of

__all__ = ["split"]


def split(document: Document) -> list[Paragraph]:
    """Return the paragraphs of a document, numbered from 1, each with its exact spans in the text."""
    units = join_lines(lines_of(document))
    drafts = group(place(units, document.given.title))
    default = language_of(document.text[:20_000])
    seen: Counter[str] = Counter()
    paragraphs: list[Paragraph] = []
    for draft in drafts:
        for text, spans in _cut(draft):
            paragraphs.append(
                Paragraph(
                    passage_id=passage_id_of(document.document_id, text, seen[text]),
                    document_id=document.document_id,
                    number=len(paragraphs) + 1,
                    text=text,
                    kind=draft.kind,
                    language=language_of(text, default),
                    heading_path=draft.path,
                    spans=tuple(spans),
                    page=draft.page,
                )
            )
            seen[text] += 1
    return paragraphs


def _cut(draft: Draft) -> Iterator[tuple[str, list[Span]]]:
    points = cut_points(draft.text)
    if not points:
        yield draft.text, draft.spans
        return
    yield from pieces(draft.text, draft.spans, points)
