"""Measure and keep the results: `python -m benchmarks.run [speed | quality | all | corpora]`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks import quality as of_quality
from benchmarks import speed as of_speed
from benchmarks.corpora import CONVERTERS, CORPORA, write
from benchmarks.results import RESULTS, keep, keep_figures, machine, markdown, told
from search_api.reports import Report

app = typer.Typer(
    add_completion=False, help="Measure speed and quality; results are kept in benchmarks/results."
)

Results = Annotated[Path, typer.Option(help="The folder to keep results in.")]
Sets = Annotated[
    list[str] | None, typer.Option("--set", help="A set by name; all where none is named; repeatable.")
]
Models = Annotated[
    list[str] | None, typer.Option("--model", help="A SentenceTransformer's folder; repeatable.")
]
Limit = Annotated[int | None, typer.Option(min=1, help="Only the first LIMIT questions of each set.")]
Chosen = Annotated[
    str | None, typer.Option(help="The encoder to measure; the shipped one where none is named.")
]


def tell(text: str) -> None:
    """Say on standard error what is going on."""
    typer.echo(f"… {text}", err=True)


@app.callback(invoke_without_command=True)
def _measure_all_without_a_name(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        measure_all()


@app.command()
def speed(results: Results = RESULTS) -> None:
    """Measure building, asking and starting. Takes about five minutes."""
    if not CORPORA.is_dir():
        tell(f"speed is not measured: {CORPORA} is not on this machine")
        return
    before = machine()
    typer.echo(keep_figures(of_speed.measure(tell), before, results))


@app.command()
def quality(
    sets: Sets = None,
    models: Models = None,
    limit: Limit = None,
    encoder: Chosen = None,
    results: Results = RESULTS,
) -> None:
    """Measure our ranking, each leg alone, jieba BM25 and any model, in four directions."""
    before = machine()
    lines = list(of_quality.measure(of_quality.sets(sets or []), models or [], limit, encoder, tell))
    sentences = list(of_quality.sentence_accuracy(models or [], encoder))
    page = _quality_page(lines, sentences, before)
    keep("quality", _quality_json(lines, sentences, before), page, results)
    typer.echo(page)


@app.command("all")
def measure_all() -> None:
    """Measure everything with the defaults."""
    quality()
    speed()


@app.command()
def corpora(folder: Annotated[Path, typer.Argument(help="Where to write the .jsonl files.")]) -> None:
    """Turn the developers' collections into documents that `wenzheng index build` reads."""
    for name, records in CONVERTERS.items():
        tell(f"{name}: {write(records(), folder / f'{name}.jsonl'):,} documents")


def _quality_page(
    lines: list[of_quality.Line], sentences: list[tuple[str, float, float]], before: dict[str, Any]
) -> str:
    header = ["set", "direction", "system", "questions", "nDCG@10 × 100 [95 %]", *of_quality.MEASURES[1:]]
    page = (
        f"{told(before)}\n\n{markdown(header, of_quality.table_rows(lines), right=range(3, len(header)))}\n"
    )
    if sentences:
        rows = [[name, f"{100 * zh:.1f}", f"{100 * en:.1f}"] for name, zh, en in sentences]
        table = markdown(
            ["tatoeba-laser, nearest sentence, accuracy %", "zh→en", "en→zh"], rows, right=(1, 2)
        )
        page += f"\n{table}\n"
    return page


def _quality_json(
    lines: list[of_quality.Line], sentences: list[tuple[str, float, float]], before: dict[str, Any]
) -> dict[str, Any]:
    return {
        "machine": before,
        "sets": [
            {"set": line.set, "system": line.system, "reason": line.reason or None} | _told(line.report)
            for line in lines
        ],
        "sentence_accuracy": [{"encoder": name, "zh→en": zh, "en→zh": en} for name, zh, en in sentences],
    }


def _told(report: Report | None) -> dict[str, Any]:
    """Return a report without the paths of this machine."""
    if report is None:
        return {}
    return {key: value for key, value in report.as_json().items() if key not in ("folder", "split_quotes")}


if __name__ == "__main__":
    app()
