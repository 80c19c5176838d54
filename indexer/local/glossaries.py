"""The user's own glossary, as a generation keeps it: the text as given, under a line that says what it is."""

from pathlib import Path

FILE = "glossary.tsv"
_HEAD = "# The user's own terms, kept with this generation."


def write_glossary(folder: Path, text: str) -> None:
    """Keep a glossary's text; the file is there, and not empty, where the text is."""
    (folder / FILE).write_text(f"{_HEAD}\n{text}", "utf-8")


def read_glossary(folder: Path) -> str:
    """Return the text that was kept."""
    return (folder / FILE).read_text("utf-8").partition("\n")[2]
