"""The `wenzheng` command, a file a verb. Errors become messages and exit codes here and nowhere else."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from indexer.errors import (
    CorpusError,
    EncoderError,
    EvaluationError,
    IndexStoreError,
    QueryError,
    SettingsError,
    WenzhengError,
)
from search_api.commands.printing import print_error

DONE, SOME_UNREAD, WRONG_USAGE, INDEX_UNUSABLE, SOURCE_UNREADABLE = range(5)

_EXIT_CODES: tuple[tuple[type[WenzhengError], int], ...] = (
    (CorpusError, SOURCE_UNREADABLE),
    (EncoderError, INDEX_UNUSABLE),
    (IndexStoreError, INDEX_UNUSABLE),
    (QueryError, WRONG_USAGE),
    (EvaluationError, WRONG_USAGE),
    (SettingsError, WRONG_USAGE),
)
_VERBS = {
    "ask": ("search_api.commands.ask", "ask"),
    "index": ("search_api.commands.index", "app"),
    "serve": ("search_api.commands.serve", "serve"),
    "evaluate": ("search_api.commands.evaluate", "evaluate"),
}


class _Verbs(TyperGroup):
    """Import a verb's module when it is asked for: asking does not wait for the server's imports."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the verbs in the order of the help text."""
        return list(_VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a verb as a command, or None."""
        if cmd_name not in _VERBS:
            return None
        module, name = _VERBS[cmd_name]
        verb: Any = getattr(importlib.import_module(module), name)
        if not isinstance(verb, typer.Typer):
            function, verb = verb, typer.Typer(add_completion=False, rich_markup_mode="markdown")
            verb.command(cmd_name)(function)
        command = typer.main.get_command(verb)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=_Verbs,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    help="Search policy documents in Chinese and English, offline.\n\n中英双语政策文件检索，离线可用。\n\n"
    '`wenzheng index build FOLDER --index DIR`, then `wenzheng ask "QUESTION" --index DIR`.',
)


@app.callback()
def _root() -> None:
    """Hold the verbs."""


def exit_code_of(error: WenzhengError) -> int:
    """Return the exit code that an error ends the command with."""
    return next((code for kind, code in _EXIT_CODES if isinstance(error, kind)), INDEX_UNUSABLE)


def main() -> None:
    """Run the command; end with 0 done, 1 some documents unread, 2 usage, 3 index or encoder, 4 sources."""
    try:
        app()
    except WenzhengError as error:
        print_error(error)
        sys.exit(exit_code_of(error))
