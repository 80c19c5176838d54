"""`wenzheng evaluate`: measure an index, or a folder by itself, on judged questions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from indexer.engine import Engine
from indexer.errors import EvaluationError
from indexer.index import open_index
from search_api.commands.printing import standard_error, write_line
from search_api.evaluation import evaluate_folder, evaluate_new
from search_api.judgements import read_folder
from search_api.measuring import parse_measures
from search_api.reports import Group, Report
from search_api.searcher import Searcher


def evaluate(
    folder: Annotated[Path, typer.Argument(help="A folder with queries.jsonl, qrels.tsv and its documents.")],
    index: Annotated[
        Path | None,
        typer.Option("--index", help="An index of the documents; without it one is built and thrown away."),
    ] = None,
    measure: Annotated[
        list[str] | None,
        typer.Option("--measure", help="A name such as nDCG@10, R@1, RR@10, P@5, AP; repeatable."),
    ] = None,
    encoder: Annotated[str | None, typer.Option(help="A SentenceTransformer's name or folder.")] = None,
    glossary: Annotated[Path | None, typer.Option(help="A glossary of your own to add.")] = None,
    per_question: Annotated[
        Path | None,
        typer.Option("--per-question", help="Write each question's measures and ranks here, JSON lines."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Measure the first LIMIT questions only.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Measure how well questions are answered. · 用带标注的问题评测检索质量。

    Documents rank by their best passage; a question without an answer counts as 0. Intervals are 95 %.

    Example: `wenzheng evaluate corpus --measure nDCG@10 --measure R@1`
    """
    measures = measure or []
    parse_measures(measures)
    read_folder(folder)
    report = _evaluate(folder, index, measures, Engine.load(encoder, glossary), limit)
    if per_question is not None:
        _write_questions(report, per_question)
    if as_json:
        write_line(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        _print_report(report)


def _evaluate(
    folder: Path, index: Path | None, measures: list[str], engine: Engine, limit: int | None
) -> Report:
    if index is None:
        return evaluate_new(folder, engine, measures, limit)
    reader = open_index(index, engine.signature)
    try:
        return evaluate_folder(folder, Searcher(reader, engine), measures, limit)
    finally:
        reader.close()


def _write_questions(report: Report, path: Path) -> None:
    try:
        with path.open("w", encoding="utf-8") as file:
            for result in report.per_question:
                file.write(json.dumps(result.as_json(), ensure_ascii=False) + "\n")
    except OSError as error:
        raise EvaluationError(
            f"{path} cannot be written: {error.strerror}. Expected a file in a folder that "
            "exists. Give another."
        ) from None


def _print_report(report: Report) -> None:
    console = Console(highlight=False)
    console.print(f"{report.folder} · {report.encoder}", style="bold")
    console.print(_measures_table(report))
    if report.types:
        console.print(_types_table(report))
    console.print(
        f"{report.left_out} questions without a judged document left out · {report.unanswered} unanswered, "
        f"counted as 0 · {report.seconds:.1f} s asking",
        style="dim",
    )
    for place in report.split_quotes:
        standard_error().print(f"no single passage holds the quote of {place}", style="yellow")


def _measures_table(report: Report) -> Table:
    """Return a row a measure, a column a direction: 95 % intervals below the means."""
    table = Table("")
    groups = {"all · 全部": report.overall, **report.directions}
    for name, group in groups.items():
        table.add_column(f"{name}\n({group.questions:,})", justify="right")
    for measure in report.measures:
        table.add_row(measure, *[_cell(group, measure, interval=True) for group in groups.values()])
    return table


def _types_table(report: Report) -> Table:
    """Return a row a type of question, with the first measure of documents and of passages."""
    first = next(iter(report.measures))
    measures = [name for name in (first, f"passage {first}") if name in report.measures]
    table = Table("type · 类型")
    for name in ("questions · 问题", *measures):
        table.add_column(name, justify="right")
    for name, group in report.types.items():
        table.add_row(name, f"{group.questions:,}", *[_cell(group, measure) for measure in measures])
    return table


def _cell(group: Group, measure: str, interval: bool = False) -> str:
    found = group.measures.get(measure)
    if found is None:
        return "–"
    mean = f"{found.mean:.3f}"
    return f"{mean}\n{_short(found.low)}–{_short(found.high)}" if interval else mean


def _short(value: float) -> str:
    """Return .912 for 0.912: eleven characters an interval are too wide for five columns."""
    return f"{value:.3f}".removeprefix("0")
