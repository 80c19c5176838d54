"""`wenzheng serve` as a process: what it prints, what it answers, how it refuses."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-c", "from search_api.commands import main; main()", "serve"]


def fails(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *options], capture_output=True, text=True, timeout=60)


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_serving_prints_the_address_and_answers_there(sample_index: Path):
    command = [*COMMAND, "--index", str(sample_index), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stderr is not None
        line = server.stdout.readline()
        address = next(word for word in line.split() if word.startswith("http://127.0.0.1:"))
        with urllib.request.urlopen(f"{address}readyz", timeout=20) as ready:
            assert ready.status == 200
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{address}v1/search?q={'%E9%97%AE' * 100_000}", timeout=20)
        assert refused.value.code == 422
        assert b"query_too_long" in refused.value.read()
        refused.value.close()
        server.send_signal(signal.SIGINT)
        _, errors = server.communicate(timeout=20)
    assert server.returncode == 0
    assert "Traceback" not in errors
    assert "%E9%97%AE" not in errors


def test_without_an_index_it_ends_with_3(tmp_path: Path):
    ended = fails("--index", str(tmp_path))
    assert ended.returncode == 3
    assert "wenzheng index build" in ended.stderr
    assert ended.stdout == ""


def test_a_port_in_use_is_told_of(sample_index: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = fails("--index", str(sample_index), "--port", str(taken.getsockname()[1]))
    assert ended.returncode == 2
    assert "--port 0" in ended.stderr


def test_a_bad_setting_is_told_of(sample_index: Path):
    ended = fails("--index", str(sample_index), "--port", "70000")
    assert ended.returncode == 2
    assert "65535" in ended.stderr
