"""Answers and problems that name options of the command line, with the fields of the page in their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from planner.app.work.told import Told
from planner.errors import InvalidInput, Problem, UsageError
from planner.report.language import Language
from planner.report.problems import PROBLEMS
from planner.report.tables import Part

COMMON = {
    "--model": "Model",
    "--params-b": "Or parameters of another, billions",
    "--accelerator": "Accelerators; none: all on offer",
    "--to": "Country in which they stand",
    "--us-exposure": "Exposure to the US",
    "--precision": "Precision",
}
TRAIN = COMMON | {
    "--tokens-b": "Tokens, billions; none: the most that the money trains",
    "--method": "Method",
    "--count": "Number of devices",
    "--by": "Done by (day): how many devices?",
    "--budget-hkd": "Money, HKD: the most it trains",
}
SERVE = COMMON | {
    "--tokens-in": "Tokens of a prompt",
    "--tokens-out": "Tokens of an answer",
    "--output-tokens-per-s": "Tokens of answers per second in the busy hour",
    "--tpot-ms": "Longest time of a token, ms",
    "--ttft-s": "Longest time to the first token, s",
    "--cached-share": "Share of prompts that is kept, 0 to 1",
    "--peak-over-mean": "Load of the busy hour over the mean",
    "--on": "Day of the order",
    "--budget-hkd": "Money, HKD a month; without a load: the largest that it serves",
}
"""By option: the label of its field."""
_OPTION = re.compile(r"--[a-z]+(?:-[a-z]+)*")


class Sentence(Problem):
    """A problem that is worded to its end, with what to do."""

    def __str__(self) -> str:
        return self.what


def for_fields(answer: Callable[[], Told], labels: Mapping[str, str], say: Language) -> Told:
    """What `answer` tells, or raises, for who sees fields. An option without a field is told by its words."""

    def words(text: str) -> str:
        return _OPTION.sub(lambda match: _field(match[0], labels, say), say.again(text, PROBLEMS))

    try:
        whole = answer()
    except InvalidInput as error:
        problems = [say("{what}. {fix}", what=words(each.what), fix=words(each.fix)) for each in error.problems]
        raise InvalidInput(*(Sentence(problem.strip()) for problem in problems)) from None
    except UsageError as error:
        raise UsageError(words(str(error))) from None
    parts: list[Part] = [words(part) if isinstance(part, str) else part for part in whole.words]
    return replace(whole, words=tuple(parts))


def _field(option: str, labels: Mapping[str, str], say: Language) -> str:
    if option in labels:
        return say("“{field}”", field=say(labels[option]))
    return option.removeprefix("--").replace("-", " ")
