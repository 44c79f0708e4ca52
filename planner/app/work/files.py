"""What a user takes away: the case as it stands on the page, and the papers that the command line makes of it, byte for byte."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from planner.app.cases import CaseFiles
from planner.app.process import Teller
from planner.app.sliders import asked
from planner.app.work.known import inputs_of
from planner.papers.plan.plan_paper import plan_paper
from planner.papers.writers import write
from planner.plan.plan import make_plan
from planner.report.language import language
from planner.study.whatif.variant import as_overrides

SUFFIXES = {"html": ".html", "xlsx": ".xlsx", "pdf": ".pdf"}


@dataclass(frozen=True)
class Made:
    """A file: its name and what it holds."""

    name: str
    content: bytes


def case_made(tell: Teller, files: CaseFiles, fields: Mapping[str, str]) -> Made:
    """The case with the fields of the page in it."""
    return Made(*_changed(files, fields).packed())


def paper_made(tell: Teller, files: CaseFiles, fields: Mapping[str, str], form: str, lang: str) -> Made:
    """The paper that `planner plan CASE -o FILE` writes of that case: planned from scratch, in whole lots where it asks for them."""
    changed = _changed(files, fields)
    inputs = changed.read()
    plan = make_plan(inputs.case, tell=tell)
    record = replace(plan.record, inputs_sha256=inputs.sha256, data_as_of=inputs.data_as_of, usual=plan.usual)
    whole = write(plan_paper(record, language(lang)), form)
    name = files.name.rpartition(".")[0] + SUFFIXES[form]
    return Made(name, whole.encode() if isinstance(whole, str) else whole)


def _changed(files: CaseFiles, fields: Mapping[str, str]) -> CaseFiles:
    case = inputs_of(files).case
    return files.changed(as_overrides(case, *asked(case, fields)))
