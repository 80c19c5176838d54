"""How the shipped encoder is made. Not imported at run time.

pairs.py       a folder of zh<TAB>en files and its manifest -> weighted pairs
vocabulary.py  pairs -> word counts -> the table's rows -> sparse matrices of row counts
contrast.py    the loss and its gradient
trainer.py     batches, the optimiser, checkpoints, progress
export.py      a trained table -> sentence-transformers' folder layout
card.py        what the run says of itself
               `python -m training run --data DIR --out DIR` does all of this

mixtures.py            development sets -> collections of both languages, and their indexes
calibrating.py         the Searcher's rankings of them -> confidence
tuning.py              the same rankings -> the weights of the legs
calibration_report.py  tables, and search_api/calibration.json
                       `python -m training tune` and `… calibrate`; see docs/training.md
"""
