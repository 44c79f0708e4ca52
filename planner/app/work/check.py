"""Whether the files of a user are a case."""

from __future__ import annotations

from dataclasses import dataclass

from planner.app.cases import CaseFiles
from planner.app.process import Teller
from planner.errors import InvalidInput
from planner.report.never_in_lots import never_in_lots
from planner.study.whatif.variant import kept_overrides


@dataclass(frozen=True)
class Checked:
    """A case without a problem: its files, its title, and what is allowed but hardly meant."""

    files: CaseFiles
    title: str
    warnings: tuple[str, ...]


def checked(tell: Teller, files: CaseFiles) -> Checked:
    """As `planner check` looks at it. Raises InvalidInput with every problem, each at its place."""
    inputs = files.read()
    if problems := kept_overrides(inputs.case, files.name):
        raise InvalidInput(*problems)
    doubts = (*inputs.warnings, *never_in_lots(inputs.case, files.name))
    return Checked(files, inputs.case.title, tuple(map(str, doubts)))
