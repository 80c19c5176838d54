"""Both READMEs stay true: every command in them is run, what they print is printed, what they list exists.

The commands of a README run in order in one folder, as a reader would type them, with a copy of the sample
corpus. Only `make` is not let loose: its recipes are printed (`make -n`), and `make demo` is started for
real in a test of its own, over an environment that is already installed.
"""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from indexer.index import FILTER_FIELDS
from indexer.readers import supported_suffixes
from indexer.word_table import SHIPPED
from search_api.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
ENGLISH, CHINESE = "README.md", "README.zh-CN.md"
READMES = (ENGLISH, CHINESE)
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PORT = "8000"
SECONDS = 240


@dataclass(frozen=True)
class Command:
    """A command of a README, and the output it shows (empty where it shows none)."""

    line: str
    output: str


@dataclass(frozen=True)
class Done:
    """What became of a command."""

    code: int
    stdout: str
    stderr: str


@cache
def text_of(readme: str) -> str:
    return (ROOT / readme).read_text("utf-8")


@cache
def commands(readme: str) -> tuple[Command, ...]:
    found = []
    for language, block in BLOCK.findall(text_of(readme)):
        if language in ("console", "sh"):
            parts = re.split(r"^\$ ", block, flags=re.MULTILINE)
            assert not parts[0].strip(), f"{readme}: output before a command in {block[:60]!r}"
            for part in parts[1:]:
                line, _, output = part.partition("\n")
                found.append(Command(line, output))
    return tuple(found)


@pytest.fixture(scope="module")
def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return str(probe.getsockname()[1])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder like a checkout, where `.venv/bin/wenzheng` is the code under test."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("Makefile", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    command = folder / ".venv" / "bin" / "wenzheng"
    command.parent.mkdir(parents=True)
    command.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from search_api.commands import main\nmain()\n",
        "utf-8",
    )
    command.chmod(0o755)
    (command.parent / "python").symlink_to(sys.executable)
    return folder


@pytest.fixture(scope="module")
def done(place: Path, free_port: str) -> dict[tuple[str, int], Done]:
    """Run the commands of the READMEs in order; of the second, only those that show other output."""
    _write_what_readers_have(place)
    found: dict[tuple[str, int], Done] = {}
    with _server_stopped_at_the_end() as servers:
        for number, command in enumerate(commands(ENGLISH)):
            found[ENGLISH, number] = _run(command.line, place, free_port, servers)
        for number, command in enumerate(commands(CHINESE)):
            same = commands(ENGLISH)[number : number + 1] == (command,)
            found[CHINESE, number] = (
                found[ENGLISH, number] if same else _run(command.line, place, free_port, servers)
            )
    return found


def _write_what_readers_have(place: Path) -> None:
    """Write what the README says is the reader's own: documents, questions, terms, a model."""
    (place / "my-documents").mkdir()
    (place / "my-documents" / "pilot.txt").write_text(
        "Notice on the pilot platform\n\nThe county pays for the pilot platform.\n", "utf-8"
    )
    (place / "questions.txt").write_text("人才购房补贴有多少\nhow much was paid\n", "utf-8")
    (place / "my-terms.tsv").write_text("链主企业|链主\tchain master|chain leader enterprise\n", "utf-8")
    shutil.copytree(SHIPPED, place / "my-model")
    # Without the shipped folder's last module, it is another model; its own length of a vector is then kept.
    modules = json.loads((SHIPPED / "modules.json").read_text("utf-8"))
    (place / "my-model" / "modules.json").write_text(json.dumps(modules[:1]), "utf-8")
    (place / ".curlrc").write_text("fail\n", "utf-8")


@contextmanager
def _server_stopped_at_the_end() -> Iterator[list[subprocess.Popen[bytes]]]:
    servers: list[subprocess.Popen[bytes]] = []
    try:
        yield servers
    finally:
        for server in servers:
            server.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                server.wait(timeout=20)
            server.kill()


def _run(line: str, place: Path, port: str, servers: list[subprocess.Popen[bytes]]) -> Done:
    environment = _environment(place)
    line = line.replace(PORT, port)
    if line.startswith("make "):
        line = line.replace("make ", "make -n ", 1)
    if line.startswith("wenzheng serve"):
        return _serve(shlex.split(line), place, f"http://127.0.0.1:{port}", servers)
    if line.startswith("curl ") and shutil.which("curl") is None:
        return _ask_without_curl(line)
    run = subprocess.run(
        ["bash", "-c", line],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return Done(run.returncode, run.stdout, run.stderr)


def _environment(place: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith((PREFIX, "MAKE"))}
    path = f"{place / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return {**kept, "PATH": path, "CURL_HOME": str(place), "COLUMNS": "80", "HF_HUB_OFFLINE": "1"}


def _serve(
    arguments: Sequence[str], place: Path, address: str, servers: list[subprocess.Popen[bytes]]
) -> Done:
    """Start a server and wait until it answers; it is stopped when all commands have run."""
    log = place / f"server-{len(servers)}.log"
    if servers:
        return Done(0, "", "the server of the other README is still there")
    with log.open("w") as output:
        server = subprocess.Popen(arguments, cwd=place, env=_environment(place), stdout=output, stderr=output)
    servers.append(server)
    ready = _wait_for(f"{address}/readyz", server)
    return Done(0 if ready else 1, "", log.read_text("utf-8"))


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> bool:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and server.poll() is None:
        with suppress(OSError), urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
        time.sleep(0.2)
    return False


def _ask_without_curl(line: str) -> Done:
    """Do what these curl commands do, on a machine that has none."""
    words = [word for word in shlex.split(line)[1:] if word not in ("-s", "-sG")]
    fields = [words[i + 1] for i, word in enumerate(words) if word in ("-d", "--data-urlencode")]
    url = next(word for word in words if word.startswith("http"))
    body = None
    if "-sG" in line:
        url += "?" + urllib.parse.urlencode([field.split("=", 1) for field in fields])
    elif fields:
        body = fields[0].encode()
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return Done(0, response.read().decode(), "")
    except urllib.error.URLError as error:
        return Done(22, "", str(error))


CASES = [
    pytest.param(readme, number, id=f"{readme} {number}: {command.line}")
    for readme in READMES
    for number, command in enumerate(commands(readme))
]


@pytest.mark.slow
@pytest.mark.parametrize(("readme", "number"), CASES)
def test_a_command_does_what_the_readme_says(
    readme: str, number: int, done: dict[tuple[str, int], Done]
) -> None:
    command, found = commands(readme)[number], done[readme, number]
    assert found.code == 0, f"{command.line}\n{found.stdout}\n{found.stderr}"
    shown = found.stdout + found.stderr
    for part in re.split(r"^ *…$", command.output, flags=re.MULTILINE):
        assert _squeezed(part) in _squeezed(shown), f"{command.line} no longer prints\n{part}\nbut\n{shown}"


def _squeezed(text: str) -> str:
    """Drop white space, since a terminal wraps lines, and times, since they vary."""
    return re.sub(r"\s+|\d+(\.\d+)? ?ms", "", text)


@pytest.mark.slow
def test_answers_of_a_batch_are_lines_of_json(place: Path, done: dict[tuple[str, int], Done]) -> None:
    """`done` has run it: a line out for a line in."""
    assert len((place / "answers.jsonl").read_text("utf-8").splitlines()) == 2


@pytest.mark.slow
@pytest.mark.parametrize("readme", READMES)
def test_python_examples_run(readme: str, place: Path, done: dict[tuple[str, int], Done]) -> None:
    for language, block in BLOCK.findall(text_of(readme)):
        if language == "python":
            path = {**_environment(place), "PYTHONPATH": str(ROOT)}
            run = subprocess.run(
                [sys.executable, "-c", block],
                cwd=place,
                env=path,
                capture_output=True,
                text=True,
                check=False,
            )
            assert run.returncode == 0, run.stderr
            assert len(run.stdout.splitlines()) == 3


@pytest.mark.slow
def test_make_demo_indexes_and_serves(place: Path, free_port: str) -> None:
    """`make demo` itself, where the installation is already done: a page, and the figure first in Chinese."""
    stamps = [place / ".venv" / name for name in (".created", ".installed")]
    for stamp in stamps:
        stamp.touch()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    log = place / "demo.log"
    with log.open("w") as output:
        demo = subprocess.Popen(
            ["make", "demo", f"PORT={port}", "INDEX=.demo-index"],
            cwd=place,
            env=_environment(place),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        assert _wait_for(f"http://127.0.0.1:{port}/readyz", demo), log.read_text("utf-8")
        question = urllib.parse.urlencode({"q": "科技创新券补助发了多少钱", "limit": 1})
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/search?{question}", timeout=60) as response:
            assert "1257.96万元" in response.read().decode()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(demo.pid, signal.SIGINT)
        demo.wait(timeout=60)
        for stamp in stamps:
            stamp.unlink()
    assert f"http://127.0.0.1:{port}/" in log.read_text("utf-8")


def test_both_readmes_have_the_same_commands() -> None:
    assert [c.line for c in commands(ENGLISH)] == [c.line for c in commands(CHINESE)]
    blocks = [
        [block for language, block in BLOCK.findall(text_of(readme)) if language != "console"]
        for readme in READMES
    ]
    assert blocks[0] == blocks[1]


def test_both_readmes_have_the_same_sections() -> None:
    levels = [re.findall(r"^#+(?= )", BLOCK.sub("", text_of(readme)), re.MULTILINE) for readme in READMES]
    assert levels[0] == levels[1]
    tables = [re.findall(r"^\| ?(`.+?`|\d+) \|", text_of(readme), re.MULTILINE) for readme in READMES]
    assert tables[0] == tables[1]


@cache
def targets() -> frozenset[str]:
    return frozenset(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def test_the_makefile_has_every_target_that_is_promised() -> None:
    assert targets() >= {"demo", "test", "check", "serve", "index", "bench", "clean", "help"}


@pytest.mark.parametrize("page", [*READMES, "CHANGELOG.md", "corpus/README.md", ".ci/run"])
def test_every_make_target_named_exists(page: str) -> None:
    named = set(re.findall(r"(?:`|\$ |^)make ([a-z]+)", (ROOT / page).read_text("utf-8"), re.MULTILINE))
    assert named <= targets()


def test_make_help_lists_every_target_in_both_languages() -> None:
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in targets():
        assert re.search(rf"make {target} .* · .*[\u4e00-\u9fff]", told), f"make help does not list {target}"


def _after(readme: str, start: str) -> list[str]:
    line = re.search(rf"^{start}[:：](.*)$", text_of(readme), re.MULTILINE)
    assert line, f"{readme} has no line that starts with {start!r}"
    return re.findall(r"`([^`]+)`", line.group(1))


@pytest.mark.parametrize(("readme", "start"), [(ENGLISH, "Formats read"), (CHINESE, "可读格式")])
def test_the_formats_listed_are_the_formats_read(readme: str, start: str) -> None:
    assert set(_after(readme, start)) == {*supported_suffixes(), ".jsonl", ".jsonl.xz"}


@pytest.mark.parametrize(("readme", "start"), [(ENGLISH, "Filter fields"), (CHINESE, "筛选字段")])
def test_the_filter_fields_listed_exist(readme: str, start: str) -> None:
    assert set(_after(readme, start)) == set(FILTER_FIELDS)


@pytest.mark.parametrize("readme", READMES)
def test_the_settings_listed_are_the_settings(readme: str) -> None:
    rows = re.findall(r"^\| (`WENZHENG_.*?) \|", text_of(readme), re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(WENZHENG_\w+)`", row)}
    assert named == {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
