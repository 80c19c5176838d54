import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.processes import resident, run, wenzheng


def test_a_command_is_run_with_its_environment() -> None:
    told = "import os; print(os.environ['OMP_NUM_THREADS'])"
    done = run([sys.executable, "-c", told], {"OMP_NUM_THREADS": "1"})

    assert done.output == "1\n"
    assert done.seconds > 0
    assert done.cpu > 0


def test_a_command_that_fails_is_an_error() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        run([sys.executable, "-c", "raise SystemExit(3)"])


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_memory_is_that_of_a_process_and_its_children() -> None:
    hold = "x = bytearray(60_000_000); import time; time.sleep({})"
    start = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold.format(0.5)!r}]); "
    start += hold.format(0)

    assert 60_000_000 < run([sys.executable, "-c", start]).memory < 500_000_000
    assert resident(os.getpid()) > 1_000_000
    assert resident(2**22 + 1) == 0


def test_the_command_is_this_environments() -> None:
    command = wenzheng("ask", "什么")

    assert Path(command[0]).parent == Path(sys.executable).parent
    assert command[-2:] == ["ask", "什么"]
