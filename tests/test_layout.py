"""The house as it is meant to stand: who imports whom, what is exported, what is never committed."""

import ast
import importlib
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("indexer", "search_api")
BUILT = {"node_modules", "runs", "build", "dist", "index", "__pycache__"}
TEXT_SUFFIXES = {
    ".py",
    ".md",
    ".toml",
    ".js",
    ".css",
    ".html",
    ".yml",
    ".yaml",
    ".json",
    ".tsv",
    ".ipynb",
    ".sh",
    "",
}
ONLY_IN = {
    "faiss": {"indexer/local/vectors.py"},
    "sqlite3": {"indexer/local/passages.py", "indexer/local/writer.py"},  # the writer translates its errors
    "rjieba": {"indexer/segmenting.py"},
    "jieba": {"indexer/segmenting.py"},
    "opencc": {"indexer/normalizing.py"},
    "simplemma": {"indexer/segmenting.py"},
    "sentence_transformers": {"indexer/encoding.py"},
    "torch": {"indexer/encoding.py"},
}


def present_files() -> list[Path]:
    """Return the files of the checkout, without what is built or hidden; `.ci` counts."""
    found = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [f for f in folders if f == ".ci" or (f not in BUILT and not f.startswith("."))]
        found += [Path(folder, file) for file in files]
    return sorted(found)


def modules(*packages: str) -> list[Path]:
    return sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def imports_of(path: Path) -> frozenset[str]:
    """Return every module that `path` imports, at the top or inside a function, as a dotted name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports relatively; write the whole name"
            found.add(node.module or "")
    return frozenset(found)


def imports(path: Path, package: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for name in imports_of(path))


def test_indexer_knows_nothing_of_the_api_or_of_training() -> None:
    wrong = [
        f"{name_of(path)} imports {package}"
        for path in modules("indexer")
        for package in ("search_api", "training", "benchmarks", "fastapi", "starlette", "typer", "uvicorn")
        if imports(path, package)
    ]
    assert wrong == []


def test_the_api_does_not_import_training_or_benchmarks() -> None:
    wrong = [
        name_of(p)
        for p in modules("search_api")
        for package in ("training", "benchmarks")
        if imports(p, package)
    ]
    assert wrong == []


@pytest.mark.parametrize("library", sorted(ONLY_IN))
def test_a_library_is_imported_in_one_place(library: str) -> None:
    importers = {name_of(path) for path in modules(*PACKAGES) if imports(path, library)}
    assert importers <= ONLY_IN[library]


def test_all_sql_is_in_one_place() -> None:
    sql = re.compile(r"\bsqlite3\.connect\(|\.execute(many|script)?\(")
    assert {name_of(p) for p in modules(*PACKAGES) if sql.search(p.read_text("utf-8"))} == {
        "indexer/local/passages.py"
    }


@pytest.mark.parametrize(
    "module", ["pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"]
)
def test_nothing_is_pickled(module: str) -> None:
    assert [name_of(path) for path in modules(*PACKAGES, "training") if imports(path, module)] == []


def test_numpy_is_never_allowed_to_unpickle() -> None:
    allowing = re.compile(r"allow_pickle\s*=\s*True")
    assert [name_of(p) for p in modules(*PACKAGES, "training") if allowing.search(p.read_text("utf-8"))] == []


@pytest.mark.parametrize("word", ["chunk", "node", "hit", "manager", "utils", "helper"])
def test_modules_have_names_of_the_domain(word: str) -> None:
    named = [
        name_of(path)
        for path in modules(*PACKAGES, "training", "benchmarks")
        if word in re.split(r"[_/.]", name_of(path)) or f"{word}s" in re.split(r"[_/.]", name_of(path))
    ]
    assert named == []


def test_asking_does_not_import_torch() -> None:
    heavy = ["torch", "sentence_transformers", "transformers", "scipy", "sklearn", "fastapi"]
    told = f"import sys, search_api.searcher; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "path", [p for p in modules(*PACKAGES) if "__all__" in p.read_text("utf-8")], ids=name_of
)
def test_exported_names_exist_and_are_listed_once(path: Path) -> None:
    dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    module = importlib.import_module(dotted)
    assert len(set(module.__all__)) == len(module.__all__)
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_says_what_it_is_for(package: str) -> None:
    """Its docstring draws the flow, and what it exports is short."""
    tree = ast.parse((ROOT / package / "__init__.py").read_text("utf-8"))
    assert len((ast.get_docstring(tree) or "").splitlines()) >= 3
    assert len(getattr(importlib.import_module(package), "__all__", ())) <= 25


def test_tests_are_no_packages() -> None:
    """An __init__.py below tests would shadow the package of the same name."""
    assert [name_of(p) for p in (ROOT / "tests").rglob("__init__.py")] == []


def test_no_machine_path_is_committed() -> None:
    machine_path = re.compile(r"(?<![\w.*])/(?:work|opt|root|home/\w+|Users)/(?!\w*\*)")
    wrong = []
    for path in present_files():
        if path.suffix not in TEXT_SUFFIXES or path.stat().st_size > 2_000_000:
            continue
        for number, line in enumerate(path.read_text("utf-8", errors="ignore").splitlines(), 1):
            if machine_path.search(line) and path != Path(__file__):
                wrong.append(f"{name_of(path)}:{number}: {line.strip()[:100]}")
    assert wrong == []


LINK = re.compile(r"(?<!!)\[[^\]\[]*\]\((?!https?://|mailto:)([^)\s]+)\)")


@pytest.mark.parametrize("path", [p for p in present_files() if p.suffix == ".md"], ids=name_of)
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    broken = []
    for target in LINK.findall(text):
        file, _, anchor = target.partition("#")
        aim = path.parent / file if file else path
        if not aim.exists() or (anchor and anchor not in anchors(aim)):
            broken.append(target)
    assert broken == []


def anchors(path: Path) -> set[str]:
    """Return the anchors that a Markdown page's headings get."""
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
