"""Options compared once, and weighed anew as often as weights move."""

from __future__ import annotations

from collections.abc import Mapping

from planner.app.cases import CaseFiles
from planner.app.numbers import number
from planner.app.process import Teller
from planner.app.work.files import SUFFIXES, Made
from planner.app.work.known import Latest
from planner.app.work.told import Told
from planner.domain.bid import Weights
from planner.errors import UsageError
from planner.figures import figures_of_comparison
from planner.papers.comparison_paper import comparison_paper
from planner.papers.writers import write
from planner.report.compare import page
from planner.report.language import language
from planner.study.compare.compare import Compared, compare, weighed

WEIGHT = "weight_"
"""What begins the name of the field of a criterion."""
ON_THE_PAGE = "moved on the page"
_compared = Latest(6)


def compared(tell: Teller, files: CaseFiles, fields: Mapping[str, str], lang: str) -> Told:
    """As `planner compare` tells it, under the weights of the fields. Raises InvalidInput, Infeasible and UsageError likewise."""
    answer = _answer(tell, files, fields)
    say = language(lang)
    drawn = figures_of_comparison(answer, say)
    order = ("scores", "rank_stability", "cost_effectiveness", "claims", "regret", "time_to_train")
    return Told.of(page(answer, say), [drawn[name] for name in order if name in drawn])


def comparison_made(tell: Teller, files: CaseFiles, fields: Mapping[str, str], form: str, lang: str) -> Made:
    """The paper that `planner compare OPTIONS -o FILE` writes, under these weights."""
    whole = write(comparison_paper(_answer(tell, files, fields), language(lang)), form)
    return Made(files.name.rpartition(".")[0] + SUFFIXES[form], whole.encode() if isinstance(whole, str) else whole)


def _answer(tell: Teller, files: CaseFiles, fields: Mapping[str, str]) -> Compared:
    answer: Compared = _compared.get(files.sha256, lambda: compare(files.read_options(), tell=tell))
    given = answer.comparison.weights
    criteria = {name: number(fields, WEIGHT + name, weight) for name, weight in given.criteria.items()}
    if min(criteria.values()) < 0 or not any(criteria.values()):
        raise UsageError("some criterion needs a weight above zero, and none may have one below.")
    return answer if criteria == given.criteria else weighed(answer, Weights(set_by=ON_THE_PAGE, criteria=criteria))
