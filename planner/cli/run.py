"""Runs one call of the command line; every outcome becomes an exit code, and words for a person or a script."""

from __future__ import annotations

import errno
import io
import os
import sys
import traceback
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any

import typer

from planner.cells import visible
from planner.cli.verbs import LazyGroup
from planner.errors import Infeasible, InvalidInput, PlannerError, UsageError

INTERRUPTED = 130
_EPILOG = """\b
Exit: 0 fine, 1 our fault, 2 usage, 3 invalid input, 4 infeasible, 5 no solution in time.
Example:
  planner plan examples/hong_kong/case.yaml"""

app = typer.Typer(
    cls=LazyGroup,
    name="planner",
    epilog=_EPILOG,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
)


@app.callback()
def root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and leave.")] = False,
) -> None:
    """Plan AI compute where hardware is embargoed: what can be bought, lawfully, when, for where, and what it runs."""
    if version:
        from planner.cli.output import planner_version
        from planner.cli.versions import installed

        here = installed()
        typer.echo(f"planner {planner_version()}")
        typer.echo(", ".join(f"{package.name} {package.version or 'missing'}" for package in here))
        for package in here:
            if not package.tested:
                typer.echo(f"{package.name} lies outside what was tested, {package.oldest} to {package.newest}.")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def run(args: Sequence[str]) -> int:
    """Run the command line with these arguments; return the exit code. Raises nothing."""
    _keep_streams()
    try:
        code = _call(args)
        if sys.stdout is not None:
            sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        # Who reads our output has left; Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        # A full disk: what is written is half an answer.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(f"planner: cannot write to standard output: {_why(error)}.", file=sys.stderr)
        return UsageError.exit_code
    if code == INTERRUPTED:
        print("planner: interrupted.", file=sys.stderr)
    return code


def _keep_streams() -> None:
    """Make do with what the caller left open, and with what its terminal can show."""
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A file and another program get the same bytes in every locale; a terminal gets the letters that it has.
        own = sys.stdout.isatty() or "PYTHONIOENCODING" in os.environ
        sys.stdout.reconfigure(encoding=None if own else "utf-8", errors="replace")


def _standing_somewhere() -> None:
    """Python 3.13 cannot load compiled modules from a working folder that is gone, and says so in no words of ours."""
    try:
        os.getcwd()
    except OSError as error:
        raise UsageError("the folder in which planner was started is gone; change to one that exists.") from error


def _call(args: Sequence[str]) -> int:
    try:
        _standing_somewhere()
        if sys.stdout is None and not {"-o", "--output"} & set(args):
            raise UsageError("standard output is closed; give -o FILE.")
        result: Any = typer.main.get_command(app)(list(args), prog_name="planner", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except (typer.Abort, SystemExit):
        return 1
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.errno == errno.ENOSPC and not error.filename:
            raise
        return _failed(error, args)
    except Exception as error:
        return _failed(error, args)


def _failed(error: Exception, args: Sequence[str]) -> int:
    """Tell of an error on stderr, and on stdout too where JSON was asked for; return its exit code."""
    if os.environ.get("PLANNER_DEBUG") == "1":
        traceback.print_exception(error)
    if isinstance(error, Infeasible):
        from planner.cli.infeasible import tell_clash

        if tell_clash(error, args, as_json=_wants_json(args)):
            return error.exit_code
    code, lines = _told(error)
    text = "\n".join(lines) if isinstance(error, InvalidInput) else f"planner: {' '.join(lines)}"
    print(visible(text), file=sys.stderr)
    if _wants_json(args):
        from planner.cli.output import error_envelope

        verb = next((arg for arg in args if not arg.startswith("-")), "planner")
        print(error_envelope(verb, error, code, lines[0]), end="")
    return code


def _told(error: Exception) -> tuple[int, list[str]]:
    if isinstance(error, InvalidInput):
        count = len(error.problems)
        return error.exit_code, [*map(str, error.problems), f"{count} problem{'s' * (count != 1)}."]
    if isinstance(error, PlannerError):
        return error.exit_code, [str(error)]
    if isinstance(error, typer.TyperException):
        context = getattr(error, "ctx", None)
        path = context.command_path if context else "planner"
        return UsageError.exit_code, [
            _sentence(error.format_message().replace("Value error, ", "")),
            f"`{path} --help` shows how it is called.",
        ]
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return UsageError.exit_code, [f"{where}{_why(error)}."]
    what = f"{type(error).__name__}: {error}".rstrip(": ")
    return 1, [f"internal error: {what}. PLANNER_DEBUG=1 shows where."]


def _why(error: OSError) -> str:
    return (error.strerror or str(error) or "the system refused").lower()


def _sentence(message: str) -> str:
    return message if message.endswith("?") else f"{message.rstrip('.')}."


def _wants_json(args: Sequence[str]) -> bool:
    formats = [after for before, after in pairwise(args) if before in ("-f", "--format")]
    return bool({"--json", "--format=json", "-fjson"} & set(args)) or "json" in formats
