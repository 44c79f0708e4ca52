"""A sweep from its question to its answer: the design's points, their runs, and what they say together."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from planner.domain.case import Case
from planner.errors import UsageError
from planner.study.sweep.designs import Design, Parameter, Point, grid, latin_hypercube, monte_carlo, morris, tornado
from planner.study.sweep.effects import Effect, choices, morris_effects, spread, tornado_bars, turning_point
from planner.study.sweep.frontier import FrontierPoint, frontier
from planner.study.sweep.parquet import Parts
from planner.study.sweep.runs import Run, fingerprint, sweep
from planner.study.workers import ALONE, Workers

SAMPLES: dict[Design, int] = {"lhs": 50, "monte_carlo": 200, "morris": 10, "frontier": 5}
WITHOUT_PARAMETERS = ("frontier",)
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Question:
    """What to vary and how.

    `samples`: of lhs and monte_carlo; trajectories of morris; amounts of work on the frontier.
    """

    design: Design
    parameters: tuple[Parameter, ...]
    samples: int
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.parameters and self.design not in WITHOUT_PARAMETERS:
            raise UsageError("nothing varies; give --vary PATH=A:B:N, or --ranges '*' for every estimate of the case.")
        if self.samples < 1:
            raise UsageError(f"--samples is {self.samples}; it must be at least 1.")
        if self.design == "switching" and any(p.values for p in self.parameters):
            raise UsageError("--design switching looks between two numbers; write --vary PATH=A:B.")

    def points(self) -> list[Point]:
        """The runs that the design asks for; those of switching and frontier follow from one another and are not known
        before.
        """
        designs: dict[str, Callable[[], list[Point]]] = {
            "grid": lambda: grid(self.parameters),
            "lhs": lambda: latin_hypercube(self.parameters, self.samples, self.seed),
            "monte_carlo": lambda: monte_carlo(self.parameters, self.samples, self.seed),
            "morris": lambda: morris(self.parameters, self.samples, self.seed),
            "tornado": lambda: tornado(self.parameters),
        }
        return designs[self.design]() if self.design in designs else []


@dataclass(frozen=True)
class Answer:
    """The runs in the design's order, and what they say: `effects` of morris, `bars` of tornado, `turns` of switching,
    `frontier`.
    """

    question: Question
    runs: tuple[Run, ...] = ()
    effects: list[Effect] = field(default_factory=list)
    bars: list[Effect] = field(default_factory=list)
    spread: list[Effect] = field(default_factory=list)
    choices: list[Effect] = field(default_factory=list)
    turns: list[Effect] = field(default_factory=list)
    frontier: tuple[FrontierPoint, ...] = ()


def ask(
    case: Case,
    question: Question,
    *,
    workers: Workers = ALONE,
    kept: Path | None = None,
    parts: Path | None = None,
    tell: Tell = lambda done, of: None,
) -> Answer:
    """Run the design and read the answer off its runs.

    Args:
        kept: file of JSON lines to read finished runs from and to add new ones to.
        parts: folder for the runs in Parquet, as they come.
        tell: hears how many of how many are done (0 where it is not known).

    Raises:
        UsageError: `parts` of a design without runs of its own, or without PyArrow.
    """
    points = question.points()
    if parts is not None and not points:
        raise UsageError(f"--parquet takes the runs of a design as they come; {question.design} is no list of runs.")
    if question.design == "frontier":
        front = []
        for point in frontier(case, question.samples, workers=workers):
            front.append(point)
            tell(len(front), 0)
        return Answer(question, frontier=tuple(front))
    if question.design == "switching":
        return Answer(question, turns=_turns(case, question, workers, kept, tell))
    stream = Parts(parts, question.parameters, points) if parts is not None else None
    runs: dict[int, Run] = {}
    tell(0, len(points))
    for place, run in sweep(case, points, workers=workers, kept=kept):
        runs[place] = run
        if stream is not None:
            stream.add(place, run)
        tell(len(runs), len(points))
    return read(question, [runs[place] for place in range(len(points))])


def read(question: Question, runs: Sequence[Run]) -> Answer:
    """The answer of runs in the design's order."""
    return Answer(
        question,
        tuple(runs),
        effects=morris_effects(question.parameters, runs) if question.design == "morris" else [],
        bars=tornado_bars(question.parameters, runs) if question.design == "tornado" else [],
        spread=spread(runs),
        choices=choices(runs),
    )


def cache_file(case: Case) -> Path:
    """Where runs of this very case are kept when no folder is given."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return root / "planner" / "sweeps" / f"{fingerprint(case)[:16]}.jsonl"


def _turns(case: Case, question: Question, workers: Workers, kept: Path | None, tell: Tell) -> list[Effect]:
    """All searches go on together, each by one run at a time."""
    searches = [turning_point(parameter) for parameter in question.parameters]
    asked = {place: next(search) for place, search in enumerate(searches)}
    turns: dict[int, Effect] = {}
    while asked:
        places, points, asked = list(asked), list(asked.values()), {}
        for unit, run in sweep(case, points, workers=workers, kept=kept):
            try:
                asked[places[unit]] = searches[places[unit]].send(run)
            except StopIteration as end:
                turns[places[unit]] = end.value
                tell(len(turns), len(searches))
    return [turns[place] for place in range(len(searches))]
