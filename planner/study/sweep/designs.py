"""Where a sweep looks: designs of samples over parameters of a case.

grid             every combination of the values
latin_hypercube  n samples; each parameter takes one value out of each of n slices of equal probability (McKay, Beckman, Conover 1979)
monte_carlo      n independent samples
morris           r trajectories of one step per parameter over four levels (Morris 1991); costs r · (k + 1) runs for k parameters
tornado          each parameter at its low and at its high, all others as the case has them

All but the grid and the tornado draw from a seed; the same seed gives the same samples on every machine.
"""

from __future__ import annotations

import fnmatch
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from planner.domain.base import Noun, Range
from planner.domain.case import Case
from planner.errors import InvalidInput, Problem, UsageError, did_you_mean
from planner.intake.overrides.override import override, plain
from planner.intake.overrides.path import held, places, vocabulary
from planner.model.options import find_options

Point = dict[str, Any]
Design = Literal["grid", "lhs", "monte_carlo", "morris", "tornado", "switching", "frontier"]
MORRIS_LEVELS = 4
MOST_GRID_POINTS = 100_000
MOST = 1e30
WALKED = ("sites", "offers", "workloads", "licences", "vendor_supply", "economics", "stacks", "governance")


@dataclass(frozen=True)
class Parameter:
    """What varies: a path, and its span. `mid` makes the distribution triangular, else it is uniform; `values` are a
    list of choices.

    `sign` stands before each value, so that `*` makes it a factor on what the case has.
    """

    path: str
    low: float = 0.0
    high: float = 1.0
    mid: float | None = None
    steps: int = 5
    values: tuple[Any, ...] = ()
    sign: str = ""

    def grid(self) -> tuple[Any, ...]:
        """The values of a grid, ends included."""
        return self.values or tuple(
            self.value(self.low + (self.high - self.low) * i / max(1, self.steps - 1)) for i in range(self.steps)
        )

    def at(self, share: float) -> Any:
        """The value below which this share of the probability lies."""
        if self.values:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        span = self.high - self.low
        if self.mid is None or not span:
            return self.value(self.low + share * span)
        split = (self.mid - self.low) / span
        if share < split:
            return self.value(self.low + math.sqrt(share * span * (self.mid - self.low)))
        return self.value(self.high - math.sqrt((1 - share) * span * (self.high - self.mid)))

    def between(self, share: float) -> Any:
        """The value this share of the way from low to high."""
        return self.at(share) if self.values else self.value(self.low + share * (self.high - self.low))

    def value(self, number: float) -> Any:
        """The number as an override takes it; whole where it is."""
        tidy = float(f"{number:.12g}")
        plain_number: Any = int(tidy) if tidy == int(tidy) and abs(tidy) < 1e15 else tidy
        return f"{self.sign}{plain_number}" if self.sign else plain_number


def read_parameter(case: Case, text: str) -> Parameter:
    """`PATH=A:B:N`, `PATH=A:B`, `PATH=a,b,c`, `PATH=*0.8:*1.2:5`, or `PATH` alone for an estimate's own low to high.

    Raises UsageError for what cannot be read, InvalidInput for a path that leads nowhere or a value that does not fit.
    """
    path, equals, span = (part.strip() for part in text.partition("="))
    if not equals:
        parameter = _estimate(case, path)
    elif ":" in span:
        parameter = _span(path, span, text)
    else:
        values = tuple(_number(value) for value in span.split(","))
        parameter = Parameter(path, values=values, steps=len(values))
    for value in {str(end): end for end in (parameter.grid()[0], parameter.grid()[-1])}.values():
        override(case, {path: value})
    return parameter


def estimates(case: Case, pattern: str = "*") -> tuple[Parameter, ...]:
    """Every estimate of the case with low below high whose path fits the pattern, as triangular parameters.

    Stacks and mechanisms count only where a device or a workload of the case can need them.
    """
    stacks = {case.accelerators[offer.accelerator].software_stack for offer in case.offers.values()}
    classes = {workload.workload_class for workload in case.workloads.values()}
    mechanisms = {name for placement in find_options(case).placements for name in placement.mechanisms}
    needed = {
        "stacks": lambda path: path[1] in stacks and path[3] in classes,
        "governance": lambda path: path[2] in mechanisms,
    }
    named = (
        (path, spread)
        for section in WALKED
        for path, spread in _ranges(getattr(case, section), section)
        if section not in needed or needed[section](path.split("."))
    )
    return tuple(
        Parameter(path, spread.low, spread.high, spread.mid)
        for path, spread in named
        if spread.low < spread.high and fnmatch.fnmatchcase(path, pattern)
    )


def fitting(case: Case, pattern: str) -> tuple[Parameter, ...]:
    """The same, where a pattern that fits none raises a UsageError that names a path close to it."""
    if parameters := estimates(case, pattern):
        return parameters
    known = tuple(dict.fromkeys(p.path for p in estimates(case)))
    sections = ", ".join(dict.fromkeys(path.split(".")[0] for path in known)) or "no part of the case"
    spelt = (*known, *(f"{path.split('.')[0]}.*" for path in known))
    hint = did_you_mean(pattern, spelt, f"Estimates with low below high lie in {sections}.")
    raise UsageError(f"no estimate of the case fits '{pattern}'. {hint}")


def grid(parameters: Sequence[Parameter]) -> list[Point]:
    """Every combination, the last parameter varying fastest."""
    size = math.prod(len(p.grid()) for p in parameters)
    if size > MOST_GRID_POINTS:
        raise UsageError(f"a grid of {size:,} points is too large; give fewer values, or take --design lhs.")
    names = [p.path for p in parameters]
    return [dict(zip(names, values, strict=True)) for values in itertools.product(*(p.grid() for p in parameters))]


def latin_hypercube(parameters: Sequence[Parameter], samples: int, seed: int) -> list[Point]:
    """One sample in each of `samples` slices of every parameter."""
    random = np.random.default_rng(seed)
    slices = np.array([random.permutation(samples) for _ in parameters]).T
    shares = (slices + random.random(slices.shape)) / samples
    return [_point(parameters, row) for row in shares]


def monte_carlo(parameters: Sequence[Parameter], samples: int, seed: int) -> list[Point]:
    """Independent samples."""
    return [_point(parameters, row) for row in np.random.default_rng(seed).random((samples, len(parameters)))]


def morris(parameters: Sequence[Parameter], trajectories: int, seed: int) -> list[Point]:
    """Trajectories one after the other, each of k + 1 points, of which neighbours differ in one parameter."""
    random = np.random.default_rng(seed)
    return [point for _ in range(trajectories) for point in _trajectory(parameters, random)]


def tornado(parameters: Sequence[Parameter]) -> list[Point]:
    """The case itself, then each parameter's low and high."""
    return [{}, *({p.path: p.between(end)} for p in parameters for end in (0.0, 1.0))]


def step_size() -> float:
    """The step of a Morris trajectory, as a share of a parameter's span: p / (2 (p - 1)) for p levels."""
    return MORRIS_LEVELS / (2 * (MORRIS_LEVELS - 1))


def _trajectory(parameters: Sequence[Parameter], random: np.random.Generator) -> Iterator[Point]:
    step = step_size()
    levels = np.arange(MORRIS_LEVELS) / (MORRIS_LEVELS - 1)
    share = random.choice(levels[levels <= 1 - step + 1e-9], size=len(parameters))
    up = random.random(len(parameters)) < 0.5
    share = np.where(up, share, share + step)
    yield _level(parameters, share)
    for place in random.permutation(len(parameters)):
        share[place] += step if up[place] else -step
        yield _level(parameters, share)


def _level(parameters: Sequence[Parameter], shares: Any) -> Point:
    return {p.path: p.between(float(share)) for p, share in zip(parameters, shares, strict=True)}


def _point(parameters: Sequence[Parameter], shares: Any) -> Point:
    return {p.path: p.at(float(share)) for p, share in zip(parameters, shares, strict=True)}


def _ranges(thing: Any, path: str) -> Iterator[tuple[str, Range]]:
    if isinstance(thing, Range):
        yield path, thing
    elif isinstance(thing, Noun):
        for name in type(thing).model_fields:
            yield from _ranges(getattr(thing, name), f"{path}.{name}")
    elif isinstance(thing, dict | tuple):
        entries = thing.items() if isinstance(thing, dict) else enumerate(thing)
        for key, value in entries:
            yield from _ranges(value, f"{path}.{key}")


def _estimate(case: Case, path: str) -> Parameter:
    data = plain(case, {path: None})
    values = [held(data, place) for place in places(data, path, vocabulary(case))]
    spread = values[0] if len(values) == 1 else None
    if not isinstance(spread, dict) or set(spread) != {"low", "mid", "high"} or not spread["low"] < spread["high"]:
        raise InvalidInput(Problem(f"{path} is no single estimate with low below high", f"Give its span: {path}=A:B."))
    return Parameter(path, spread["low"], spread["high"], spread["mid"])


def _span(path: str, span: str, text: str) -> Parameter:
    parts = [part.strip() for part in span.split(":")]
    sign = parts[0][0] if parts[0][:1] in ("*", "x", "+") else ""
    try:
        low, high = (float(part.removeprefix(sign)) for part in parts[:2])
        steps = int(parts[2]) if len(parts) == 3 else 5
    except ValueError:
        low, high, steps = 0.0, 0.0, 0
    if steps > MOST_GRID_POINTS:
        raise UsageError(f"--vary {text} asks for {steps:,} values; give at most {MOST_GRID_POINTS:,}.")
    if steps < 1 or len(parts) > 3 or not abs(low) + abs(high) < MOST:
        raise UsageError(f"--vary {text} cannot be read; write PATH=A:B:N, such as budget_hkd=1e9:5e9:9.")
    return Parameter(path, low, high, steps=steps, sign=sign)


def _number(text: str) -> Any:
    try:
        number = float(text)
    except ValueError:
        return text.strip()
    if not abs(number) < MOST:
        raise UsageError(f"{text.strip()} is no value that a parameter could take; give a number.")
    return int(number) if number == int(number) and abs(number) < 1e15 else number
