from dataclasses import asdict

from training.card import model_card
from training.pairs import read_manifest
from training.preparing import GLOSSARY
from training.trainer import Recipe

MANIFEST = [*read_manifest(), GLOSSARY]
RECIPE = Recipe(dimension=192, epochs=12, brief=0.3, seed=7)
CARD = model_card(MANIFEST, {source.name: 1234 for source in MANIFEST}, RECIPE, rows=90_000, least=4)


def test_the_card_names_every_source_with_its_size_share_and_licence() -> None:
    for source in MANIFEST:
        line = f"| {source.name} | 1,234 | {source.share:g} | {source.what} | {source.licence} |"
        assert line in CARD.splitlines()


def test_the_card_says_which_source_is_not_documented() -> None:
    assert "Where the sentences of `jiyu_examples` come from is not documented" in CARD


def test_the_card_tells_every_number_of_the_recipe_and_a_command_that_repeats_it() -> None:
    for name, value in asdict(RECIPE).items():
        assert f"| {name} | {value} |" in CARD.splitlines()
    command = (
        "python -m training run --data DIR --out DIR --rows 90000 --least 4 "
        "--dimension 192 --epochs 12 --brief 0.3 --temperature 0.04 --seed 7"
    )
    assert command in CARD


def test_the_card_has_the_metadata_that_a_model_needs_and_names_its_weaknesses() -> None:
    head = CARD.split("---")[1]

    assert "language: [zh, en]" in head and "license: apache-2.0" in head
    assert "## Known weaknesses" in CARD and "Taiwan" in CARD.split("## Known weaknesses")[1]
