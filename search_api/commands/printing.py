"""What the commands print: results on standard output, everything else on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from rich.console import Console
from rich.text import Text

from indexer.errors import WenzhengError
from indexer.records import UnreadDocument
from search_api.results import RankedPassage, SearchResult

_STYLES = {"exact": "bold green", "glossary": "bold cyan", "aligned": "bold yellow"}


class _Output(Console):
    """Standard output for a person: lines are cut to the terminal's width, and to none in a pipe or file."""

    def __init__(self) -> None:
        super().__init__(highlight=False, soft_wrap=not sys.stdout.isatty())

    def on_broken_pipe(self) -> NoReturn:
        _end_quietly()


def _end_quietly() -> NoReturn:
    """End well: whoever read standard output has what it wanted and left (`| head`)."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is flushed at the end
    sys.exit(0)


def standard_error() -> Console:
    """Return a console on standard error that never breaks a path or a number to colour it."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def print_error(error: WenzhengError) -> None:
    """Print what went wrong, with its stable code."""
    standard_error().print(Text.assemble(("error", "bold red"), f" [{error.code}] {error}"))


def print_unread(unread: Sequence[UnreadDocument]) -> None:
    """List every document that could not be used, with its reason."""
    console = standard_error()
    if unread:
        console.print(Text(f"{len(unread)} could not be read · 无法读取:", style="bold yellow"))
    for document in unread:
        console.print(Text(f"  {document.name} [{document.code}] {document.reason}"))


def print_result(result: SearchResult, cite: bool = False) -> None:
    """Print ranked passages for a person."""
    console = _Output()
    if not result.results:
        console.print(
            "Nothing found. Try other words, or fewer filters. · 没有找到，请换个说法或减少筛选条件。"
        )
    for passage in result.results:
        _print_passage(console, passage, cite)
    console.print(
        Text(
            f"{result.total} candidates · {result.took_ms:.0f} ms · generation {result.index_generation}",
            style="dim",
        )
    )


def _print_passage(console: Console, passage: RankedPassage, cite: bool) -> None:
    metadata = passage.metadata
    number = metadata.document_number.text if metadata.document_number else ""
    console.print(Text.assemble((f"{passage.rank}. ", "bold"), (metadata.title, "bold"), f"  {number}"))
    path = " › ".join(passage.heading_path)
    place = f"p. {passage.page}, " if passage.page else ""
    console.print(Text(f"   {path}  ({place}¶ {passage.paragraph}, {passage.document_id})", style="dim"))
    console.print(_marked(passage))
    if passage.similar:
        console.print(
            Text(f"   + {passage.similar} with the same text · 另有{passage.similar}段相同文字", style="dim")
        )
    if cite:
        console.print(Text(f"   {citation(passage)}", style="italic"))
    if passage.explain is not None:
        console.print(Text(f"   {passage.explain.summary}", style="dim"))
    console.print()


def _marked(passage: RankedPassage) -> Text:
    text = Text("   ") + Text(passage.text)
    for span in passage.evidence:
        text.stylize(_STYLES[span.kind], 3 + span.start, 3 + span.end)
    return text


def citation(passage: RankedPassage) -> str:
    """Return a citation: issuer, title, document number, date, paragraph, passage id."""
    metadata = passage.metadata
    number = metadata.document_number.text if metadata.document_number else None
    parts = [
        metadata.issuer,
        f"《{metadata.title}》" if metadata.language == "zh" else metadata.title,
        number,
    ]
    parts += [metadata.issued_on or (str(metadata.year) if metadata.year else None), f"¶ {passage.paragraph}"]
    return ", ".join(part for part in parts if part) + f" [{passage.passage_id}]"


def write_line(text: str) -> None:
    """Write one line to standard output at once, as it is, in UTF-8 whatever the terminal's encoding."""
    try:
        sys.stdout.buffer.write(f"{text}\n".encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _end_quietly()
