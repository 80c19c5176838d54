"""The `wenzheng` command as a process."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
COMMAND = (
    sys.executable,
    "-c",
    "import sys; sys.argv[0] = 'wenzheng'; from search_api.commands import main; main()",
)

Wenzheng = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def command() -> tuple[str, ...]:
    return COMMAND


@pytest.fixture(scope="session")
def wenzheng() -> Wenzheng:
    """Run the command in a process of its own, from the checkout, 100 columns wide."""

    def run(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
        environment = {name: v for name, v in os.environ.items() if not name.startswith("WENZHENG_")}
        return subprocess.run(
            [*COMMAND, *map(str, arguments)],
            cwd=options.pop("cwd", ROOT),
            env=environment | {"COLUMNS": "100"} | options.pop("env", {}),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            **options,
        )

    return run
