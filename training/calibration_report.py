"""What tuning and calibration print, and how their numbers get into `search_api/calibration.json`."""

from __future__ import annotations

import datetime
import json
import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, astuple
from pathlib import Path
from typing import Any

from indexer.engine import Engine
from search_api.calibration import CALIBRATION, Calibration, Weights, read_calibration
from training.calibrating import Observed, cross_fitted, examples_of, fit
from training.reliability import (
    Claims,
    Loss,
    Reliability,
    choose_claim,
    measure_claims,
    measure_losses,
    measure_reliability,
)
from training.tuning import LEGS_ALONE, Tuned, tune

SHOWN_CLAIMS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def report_tuning(observed: Sequence[Observed], engine: Engine, target: Path | None = CALIBRATION) -> str:
    """Search both sets of weights, write them to `target` unless it is None, and return the tables."""
    present = read_calibration(target or CALIBRATION)
    found = {
        name: tune(observed, same, present.weights(same))
        for name, same in (("same", True), ("across", False))
    }
    if target is not None:
        chosen = {name: asdict(tuned.chosen) for name, tuned in found.items()}
        measured = {name: {"held_out": tuned.held_out} for name, tuned in found.items()}
        update(target, "weights", {"made": provenance(observed, engine, measured), **chosen})
    return "\n".join(tuning_table(tuned, present.weights(tuned.same)) for tuned in found.values())


def report_calibration(
    observed: Sequence[Observed], engine: Engine, target: Path | None = CALIBRATION
) -> str:
    """Fit the confidence, write it to `target` unless it is None, and return the cross-validated tables."""
    present = read_calibration(target or CALIBRATION)
    examples, fitted = examples_of(observed, present), cross_fitted(observed, present)
    losses = measure_losses(observed, fitted)
    claims = measure_claims(observed, fitted)
    final = fit(examples, present)
    claim = choose_claim(claims)
    if target is not None:
        measured = {f"{loss.mixture}: {loss.direction}": [loss.alone[0], loss.joined[0]] for loss in losses}
        coefficients = {"same": asdict(final.same_confidence), "across": asdict(final.across_confidence)}
        made = provenance(observed, engine, measured)
        update(target, "confidence", {"made": made, **coefficients, "claim": claim})
    tables = (
        loss_table(losses),
        reliability_table(measure_reliability(examples, fitted)),
        claims_table(claims, claim),
        coefficients_table(final),
    )
    return "\n".join(tables)


def provenance(observed: Sequence[Observed], engine: Engine, measured: Mapping[str, Any]) -> dict[str, Any]:
    """Return how numbers were made: command, day, encoder, what was asked, what came of it."""
    return {
        "command": shlex.join(["python", "-m", "training", *(_name_of(given) for given in sys.argv[1:])]),
        "on": datetime.date.today().isoformat(),
        "encoder": engine.encoder.name,
        "encoder_checksum": engine.encoder.checksum,
        "segmenter": engine.segmenter.signature,
        "mixtures": list(dict.fromkeys(question.mixture.name for question in observed)),
        "rankings": len(observed),
        "ndcg@10": dict(measured),
    }


def _name_of(given: str) -> str:
    """Return a word of the command; of a path its last part, since the rest is this machine's own affair."""
    return Path(given).name if "/" in given else given


def update(target: Path, section: str, told: Mapping[str, Any]) -> None:
    """Replace one section of a calibration file; the other stays as it is."""
    kept = json.loads(target.read_text("utf-8"))
    kept[section] = told
    aside = target.with_suffix(".tmp")
    aside.write_text(json.dumps(kept, ensure_ascii=False, indent=2) + "\n", "utf-8")
    read_calibration(aside)
    aside.replace(target)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def loss_table(losses: Sequence[Loss]) -> str:
    """Return what the other language's passages cost."""
    head = (
        "mixture",
        "direction",
        "questions",
        "nDCG@10 alone",
        "mixed",
        "R@10 alone",
        "mixed",
        "R@1 alone",
        "mixed",
    )
    rows = []
    for loss in losses:
        measures = (value for pair in zip(loss.alone, loss.joined, strict=True) for value in pair)
        rows.append((loss.mixture, loss.direction, loss.questions, *measures))
    return "Without and with the other language's passages (cross-validated):\n\n" + table(head, rows)


def reliability_table(bins: Sequence[Reliability]) -> str:
    """Return said and seen probabilities, a row a bin and a column pair a direction."""
    directions = list(dict.fromkeys(each.direction for each in bins))
    cells = {(each.direction, each.low): each for each in bins}
    rows = []
    for low in sorted({each.low for each in bins}):
        found = [cells.get((direction, low)) for direction in directions]
        shown = (f"{f.said:.2f} · {f.right:.2f} ({f.lists})" if f else "–" for f in found)
        rows.append((f"{low:.1f}–{low + 0.1:.1f}", *shown))
    title = (
        "Reliability: mean probability said · share right (lists), question → passages, cross-validated:\n\n"
    )
    return title + table(("said", *directions), rows)


def claims_table(claims: Sequence[Claims], chosen: float) -> str:
    """Return what comes of claiming an answer from various probabilities on."""
    rows = [
        (f"{c.least:.2f}", *(f"{100 * share:.1f}" for share in (c.right, c.wrong, c.false, c.precision)))
        for c in claims
        if c.least in (*SHOWN_CLAIMS, chosen)
    ]
    head = ("claim from", "answerable: right", "wrong", "unanswerable: claimed", "claims right")
    return f"What is claimed, % (in the file: claim from {chosen:.2f}):\n\n" + table(head, rows)


def coefficients_table(calibration: Calibration) -> str:
    """Return both regressions."""
    pairs = (("same language", calibration.same_confidence), ("across", calibration.across_confidence))
    told = [(name, *asdict(confidence).values()) for name, confidence in pairs]
    return "Coefficients:\n\n" + table(("lists", "coverage", "unusual", "lead", "top", "bias"), told)


def tuning_table(tuned: Tuned, present: Weights, rows: int = 10) -> str:
    """Return the best weights, the present ones, each leg alone, and what cross-validation says."""
    title = "Same language" if tuned.same else "Across languages"
    shown = [("", weights, value) for weights, value in tuned.measured[:rows]]
    shown += [("present", present, tuned.of(present))]
    shown += [("a leg alone", weights, tuned.of(weights)) for weights in LEGS_ALONE]
    lines = [(w.dense, w.lexical, w.alignment, f"{value:.2f}", note) for note, w, value in shown]
    folds = ", ".join(f"{w.dense:g}/{w.lexical:g}" for w in tuned.by_fold)
    kept = "/".join(f"{w:g}" for w in astuple(tuned.chosen))
    return (
        f"{title}: {tuned.held_out:.2f} with weights chosen without the questions measured "
        f"(dense/lexical of the parts: {folds}), {tuned.of(present):.2f} with the present ones. "
        f"Kept: {kept}\n\n" + table(("dense", "lexical", "alignment", "nDCG@10", ""), lines)
    )
