"""`wenzheng index`: build an index, check it, list its generations, go back to the one before."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from indexer.building import BuildReport, build
from indexer.engine import Engine
from indexer.local.generation import list_generations, rollback, verify
from search_api.commands.printing import print_unread, standard_error, write_line

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    help="Build an index and look after it. · 建立和维护索引。",
)

IndexFolder = Annotated[Path, typer.Option("--index", help="The index's folder.")]


@app.command("build")
def build_index(
    source: Annotated[list[Path], typer.Argument(help="Folders and files of documents.")],
    index: IndexFolder = Path(".index"),
    encoder: Annotated[str | None, typer.Option(help="A SentenceTransformer's name or folder.")] = None,
    glossary: Annotated[
        Path | None, typer.Option(help="A file of your own terms, kept with the index.")
    ] = None,
) -> None:
    """Make the index equal to its sources. · 使索引与来源一致。

    Unchanged documents are neither read nor encoded again; what is no longer in the sources disappears.

    Example: `wenzheng index build corpus --index .index`
    """
    report = _build_with_progress(source, index, Engine.load(encoder), glossary)
    _print_report(report)
    if report.unread:
        raise typer.Exit(1)


@app.command("verify")
def verify_index(index: IndexFolder = Path(".index")) -> None:
    """Read every byte of the index and compare it with its checksums. · 逐字节校验索引。"""
    info = verify(index)
    standard_error().print(
        f"generation {info.generation}: {info.passages:,} passages, every file as it was written"
    )


@app.command("list")
def list_index(index: IndexFolder = Path(".index")) -> None:
    """List the generations that are kept, newest first; `*` is the one served. · 列出保留的各代索引。"""
    entries = list_generations(index)
    write_line("generation\tbuilt at\tdocuments\tpassages\tencoder")
    for entry in reversed(entries):
        info = entry.info
        told = (
            f"unusable: {entry.problem}"
            if info is None
            else f"{info.built_at}\t{info.documents}\t{info.passages}\t{info.encoder}"
        )
        write_line(f"{'*' if entry.current else ''}{entry.number}\t{told}")


@app.command("rollback")
def roll_back(index: IndexFolder = Path(".index")) -> None:
    """Publish the generation before the newest again. · 回到上一代索引。"""
    info = rollback(index)
    standard_error().print(f"generation {info.generation} is served again · 已恢复第 {info.generation} 代")


def _build_with_progress(
    source: list[Path], index: Path, engine: Engine, glossary: Path | None
) -> BuildReport:
    columns = (SpinnerColumn(), TextColumn("{task.completed:,} documents · 篇"), TimeElapsedColumn())
    with Progress(
        *columns, TextColumn("{task.description}"), console=standard_error(), transient=True
    ) as bar:
        task = bar.add_task("", total=None)

        def advance(name: str) -> None:
            bar.update(task, advance=1, description=name[-60:])

        return build(source, index, engine, advance, glossary)


def _print_report(report: BuildReport) -> None:
    console = standard_error()
    print_unread(report.unread)
    info = report.info
    assert info is not None
    console.print(
        f"generation {info.generation}: {info.documents:,} documents, {info.passages:,} passages "
        f"({len(report.written):,} written, {report.unchanged:,} unchanged, {len(report.removed):,} removed)"
    )
