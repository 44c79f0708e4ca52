"""What every verb says of a case that has no plan: which limits clash, and how to repair it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from planner.cli.progress import working
from planner.errors import Infeasible

if TYPE_CHECKING:
    from planner.domain.case import Case


def tell_clash(error: Infeasible, args: Sequence[str], *, as_json: bool) -> bool:
    """Print story and repairs on stdout; False when the error knows no case, so that there is nothing to tell beyond
    its words.

    For people the story comes as soon as it is known: each repair may take as long as a plan.
    """
    from planner.domain.case import Case

    case = _case(error)
    if not isinstance(case, Case):
        return False
    from planner.cli.output import Screen
    from planner.report.clash import repairs_page, story_page
    from planner.study.clash.repair import repairs, story

    message = str(error).rstrip(".")
    print(f"planner: {message}.", file=sys.stderr)
    if as_json:
        _tell_json(case, message, args)
        return True
    terminal = Screen.of(None)
    reason = working(lambda say: story(case), "looking for the limits that clash")
    print(terminal.page(story_page(message, reason)), end="", flush=True)
    repaired = working(lambda say: repairs(reason), "looking for repairs, each proved by a plan")
    print(terminal.page(repairs_page(repaired)), end="")
    return True


def _tell_json(case: Case, message: str, args: Sequence[str]) -> None:
    """Story and repairs in one envelope."""
    from planner.cli.output import envelope
    from planner.report.clash import results
    from planner.study.clash.repair import clash

    answer = working(lambda say: clash(case, say), "looking for the limits that clash")
    verb = next((arg for arg in args if not arg.startswith("-")), "planner")
    diagnostics = [{"severity": "error", "what": message}]
    shown = results(message, answer)
    print(envelope(shown, schema=f"planner.{verb}/1", status="infeasible", diagnostics=diagnostics), end="")


def _case(error: BaseException | None) -> object:
    """The case of the error, or of what caused it."""
    while error is not None:
        if isinstance(error, Infeasible) and error.case is not None:
            return error.case
        error = error.__cause__
    return None
