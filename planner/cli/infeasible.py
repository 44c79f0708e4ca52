"""What every verb says of a case that has no plan: which limits clash, and how to repair it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from planner.cli.progress import working
from planner.errors import Infeasible


def tell_clash(error: Infeasible, args: Sequence[str], *, as_json: bool) -> bool:
    """Print story and repairs on stdout; False when the error knows no case, so that there is nothing to tell beyond
    its words.
    """
    from planner.domain.case import Case

    case = _case(error)
    if not isinstance(case, Case):
        return False
    from planner.report.clash import page, results
    from planner.study.repair import clash

    found = working(lambda say: clash(case, say), "looking for the limits that clash")
    message = str(error).rstrip(".")
    print(f"planner: {message}.", file=sys.stderr)
    if as_json:
        from planner.cli.envelope import envelope

        verb = next((arg for arg in args if not arg.startswith("-")), "planner")
        diagnostics = [{"severity": "error", "what": message}]
        shown = results(message, found)
        print(envelope(shown, schema=f"planner.{verb}/1", status="infeasible", diagnostics=diagnostics), end="")
        return True
    from planner.report.tables import text

    print(text(page(message, found)), end="")
    return True


def _case(error: BaseException | None) -> object:
    """The case of the error, or of what caused it."""
    while error is not None:
        if isinstance(error, Infeasible) and error.case is not None:
            return error.case
        error = error.__cause__
    return None
