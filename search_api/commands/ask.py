"""`wenzheng ask`: ranked passages for a question, or for a file of questions."""

from __future__ import annotations

import json
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from indexer.engine import Engine
from indexer.errors import QueryError, SettingsError, UnknownFilter, WenzhengError
from indexer.index import PassageFilter, open_index
from search_api.commands.printing import print_result, write_line
from search_api.searcher import Searcher


def ask(
    question: Annotated[str | None, typer.Argument(help="The question, in Chinese or English.")] = None,
    index: Annotated[Path, typer.Option("--index", help="The index's folder.")] = Path(".index"),
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many passages.")] = 5,
    offset: Annotated[int, typer.Option(min=0, max=900, help="Passages to pass over.")] = 0,
    filter: Annotated[
        list[str] | None,
        typer.Option(
            "--filter", help="FIELD=VALUE, e.g. `issuer=泉州市科学技术局`, `year=2024..2026`; repeatable."
        ),
    ] = None,
    batch: Annotated[
        Path | None, typer.Option(help="A file of questions, one a line; use with --json.")
    ] = None,
    encoder: Annotated[str | None, typer.Option(help="The encoder the index was built with.")] = None,
    glossary: Annotated[Path | None, typer.Option(help="A glossary of your own to add.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say why each passage is where it is.")] = False,
    cite: Annotated[bool, typer.Option("--cite", help="Add a citation to each passage.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the API's JSON and nothing else.")] = False,
) -> None:
    """Ask a question of an index. · 向索引提问。

    Examples:

    `wenzheng ask "how much tech-voucher money was paid" --index .index`

    `wenzheng ask 科技创新券补助发了多少钱 --index .index --filter year=2026 --json`
    """
    if (question is None) == (batch is None):
        raise typer.BadParameter(
            "Give either a question or --batch FILE. · 请给出一个问题，或用 --batch 指定文件。"
        )
    engine = Engine.load(encoder, glossary)
    searcher = Searcher(open_index(index, engine.signature), engine)
    wanted = parse_filters(filter or [])
    if batch is not None:
        _ask_all(searcher, batch, limit, wanted, explain)
        return
    assert question is not None
    result = searcher.search(_text(question), limit=limit, offset=offset, filters=wanted, explain=explain)
    if as_json:
        from search_api.schemas import envelope  # pydantic is not needed to print for a person

        write_line(envelope(result).model_dump_json())
    else:
        print_result(result, cite)


def _text(argument: str) -> str:
    """Return an argument with the bytes replaced that are not in the terminal's encoding."""
    return argument.encode("utf-8", "replace").decode()


def parse_filters(given: list[str]) -> PassageFilter:
    """Turn FIELD=VALUE texts into a filter; values of one field are alternatives. Raises UnknownFilter."""
    values: dict[str, tuple[str, ...]] = {}
    for text in given:
        field, equals, value = text.partition("=")
        if not equals:
            raise UnknownFilter(f"The filter {text!r} has no value. Expected FIELD=VALUE, such as year=2025.")
        values[field.strip()] = (*values.get(field.strip(), ()), value.strip())
    return PassageFilter(values)


def _ask_all(searcher: Searcher, batch: Path, limit: int, wanted: PassageFilter, explain: bool) -> None:
    from search_api.problems import problem_of
    from search_api.schemas import envelope

    searcher.reader.select(wanted)  # a wrong filter is wrong usage, not a problem of each question
    for line in _lines(batch):
        question = line.decode("utf-8", "replace")
        try:
            _check_encoding(line)
            result = searcher.search(question, limit=limit, filters=wanted, explain=explain)
        except WenzhengError as error:
            write_line(json.dumps({"query": question, "problem": problem_of(error)}, ensure_ascii=False))
        else:
            write_line(envelope(result).model_dump_json())


def _check_encoding(line: bytes) -> None:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise QueryError(
            f"The line is not UTF-8: {error.reason} at byte {error.start}. Expected a question in UTF-8; "
            "save the file as UTF-8."
        ) from error


def _lines(batch: Path) -> Iterator[bytes]:
    try:
        with batch.open("rb") as lines:
            if lines.peek(2).startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
                raise ValueError("it is UTF-16")
            for number, line in enumerate(lines):
                yield line.removeprefix(b"" if number else BOM_UTF8).rstrip(b"\r\n")
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"The questions in {batch} cannot be read: {error}. "
            "Expected a UTF-8 text file, one question a line."
        ) from error
