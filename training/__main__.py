"""`python -m training run --data DIR --out DIR`: data in, encoder out; `tune`, `calibrate`: the ranking."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import torch
import typer

from indexer.errors import WenzhengError
from search_api.calibration import CALIBRATION
from training.calibrating import observe, observe_alone
from training.calibration_report import report_calibration, report_tuning
from training.card import model_card
from training.export import export
from training.mixtures import load_engine, read_development
from training.pairs import MANIFEST, read_manifest
from training.preparing import GLOSSARY, load_pairs, prepare_sources, rows_of_sources, table_words
from training.trainer import Recipe, SourcePairs, Trainer, train

app = typer.Typer(help="Train the bilingual encoder that ships, and tune its ranking.", add_completion=False)
WORK = Path("runs/training")
ALONE = ("drcd-dev-zh-zh",)
"""Development sets of one language: weights are tuned on them too where they are there."""
DataFolder = Annotated[Path, typer.Option(help="Folder of zh<TAB>en files.")]
WorkFolder = Annotated[Path, typer.Option(help="Folder for what is kept between steps.")]
ManifestFile = Annotated[Path, typer.Option(help="The sources, their shares and licences.")]
DevelopmentFolder = Annotated[Path, typer.Option(help="Folder of the development sets xquad-dev-*.")]
ModelFolder = Annotated[Path | None, typer.Option(help="Folder of an encoder; the shipped one if left out.")]
QuestionCount = Annotated[int | None, typer.Option(help="Only so many questions of each set.")]
WriteSwitch = Annotated[bool, typer.Option(help="Write search_api/calibration.json, or only print.")]


@app.command()
def prepare(data: DataFolder, work: WorkFolder = WORK, manifest: ManifestFile = MANIFEST) -> None:
    """Segment every source once and keep the word ids, so that many recipes can share them."""
    prepare_sources([*read_manifest(manifest), GLOSSARY], data, work, _tell)


@app.command()
def run(
    data: DataFolder,
    out: Annotated[Path, typer.Option(help="Where the encoder's folder is written.")],
    work: WorkFolder = WORK,
    manifest: ManifestFile = MANIFEST,
    rows: Annotated[int, typer.Option(help="Most words in the table.")] = 105_000,
    least: Annotated[int, typer.Option(help="A word seen less often has no row.")] = 5,
    dimension: int = 256,
    epochs: int = 6,
    brief: Annotated[float, typer.Option(help="Share of pairs of which one side loses most words.")] = 0.0,
    temperature: float = 0.04,
    seed: int = 1,
) -> None:
    """Train from prepared or raw pairs, with a checkpoint after each epoch, and export."""
    listed = [*read_manifest(manifest), GLOSSARY]
    dictionary = prepare_sources(listed, data, work, _tell)
    recipe = Recipe(dimension=dimension, epochs=epochs, brief=brief, temperature=temperature, seed=seed)
    segmented = {source.name: load_pairs(work / f"{source.name}.npz") for source in listed}
    words = table_words(listed, segmented, least, rows)
    sources, frequencies = rows_of_sources(listed, segmented, words)
    trainer = Trainer(frequencies, recipe, "cuda" if torch.cuda.is_available() else "cpu")
    checkpoint = work / f"checkpoint-{run_key(recipe, words, sources)}.pt"
    for epoch, loss, seconds in train(trainer, sources, checkpoint):
        _tell(f"epoch {epoch} of {epochs}: loss {loss:.4f}, {seconds:.0f} s")
    sizes = {pairs.name: len(pairs.zh) for pairs in sources}
    card = model_card(listed, sizes, recipe, len(words), least)
    export(out, words, trainer.table.cpu().numpy(), dictionary, card)
    _tell(f"wrote {out}: {len(words)} words of {dimension} dimensions")


@app.command("tune")
def tune_weights(
    dev: DevelopmentFolder,
    data: DataFolder,
    model: ModelFolder = None,
    questions: QuestionCount = None,
    write: WriteSwitch = True,
) -> None:
    """Choose the legs' weights on the development sets and write them to search_api/calibration.json."""
    engine = load_engine(model)
    observed = observe(read_development(dev, data, questions), engine, progress=_tell)
    for folder in (dev / name for name in ALONE if (dev / name).is_dir()):
        observed += observe_alone(folder, "zh", engine)
        _tell(f"{folder.name}: {len(observed):,} rankings so far")
    typer.echo(report_tuning(observed, engine, CALIBRATION if write else None))


@app.command()
def calibrate(
    dev: DevelopmentFolder,
    data: DataFolder,
    model: ModelFolder = None,
    questions: QuestionCount = None,
    write: WriteSwitch = True,
) -> None:
    """Fit the confidence on the development sets and write it to search_api/calibration.json."""
    engine = load_engine(model)
    observed = observe(read_development(dev, data, questions), engine, progress=_tell)
    typer.echo(report_calibration(observed, engine, CALIBRATION if write else None))


def run_key(recipe: Recipe, words: Sequence[str], sources: Sequence[SourcePairs]) -> str:
    """Return a name for a run that is another where recipe, words or pairs are."""
    told = json.dumps([asdict(recipe), list(words), [(s.name, s.share) for s in sources]])
    digest = hashlib.sha256(told.encode())
    for source in sources:
        for side in (source.zh, source.en):
            digest.update(side.ids.tobytes())
            digest.update(side.offsets.tobytes())
    return digest.hexdigest()[:12]


def main() -> None:
    """Run a command; what was given wrongly is told of in one line, with exit code 2."""
    try:
        app()
    except WenzhengError as error:
        _tell(str(error))
        sys.exit(2)


def _tell(message: str) -> None:
    typer.echo(message, err=True)


if __name__ == "__main__":
    main()
