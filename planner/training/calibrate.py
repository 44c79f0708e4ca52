"""Fits a stack's efficiency to the user's own measurements.

    factor(stack) = median over its rows of measured / modelled tokens per second and device

The file has the columns of the published cases, with `tokens_per_s_per_device` measured in steady state. Published pairs
say that one measured node brings the error of a prediction from 12 to 16 % down to 5 to 9 %.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from statistics import median

from planner.errors import InvalidInput, Problem
from planner.intake.catalogue import accelerators
from planner.performance.cases import number
from planner.training.cases import answer_cases
from planner.training.rows import read_cases

PLAUSIBLE = (0.1, 3.0)


def stack_factors(path: Path) -> dict[str, float]:
    """Ratio of measured to modelled throughput by software stack.

    InvalidInput when no row can be compared, or when a ratio lies outside 0.1 to 3: then units or device are wrong.
    """
    ratios: dict[str, list[float]] = defaultdict(list)
    problems = []
    for line, (row, record) in enumerate(zip(read_cases(path), answer_cases(path), strict=True), start=2):
        measured, modelled = number(row, "tokens_per_s_per_device"), record.tokens_per_s_per_device
        if not measured or not modelled:
            continue
        ratio = measured / modelled.p50
        if not PLAUSIBLE[0] <= ratio <= PLAUSIBLE[1]:
            what = f"{measured:g} tokens/s per device is {ratio:.2f} times the modelled speed"
            problems.append(Problem(what, "Check unit (per device), accelerator and model.", str(path), line))
        ratios[accelerators()[record.accelerator or ""].software_stack].append(ratio)
    if not ratios:
        fix = "Give accelerator_id, count, params_b and tokens_per_s_per_device."
        problems.append(Problem("no row has a measured and a modelled throughput", fix, str(path)))
    if problems:
        raise InvalidInput(*problems)
    return {stack: median(values) for stack, values in ratios.items()}
