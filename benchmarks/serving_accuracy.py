"""How well the serving model predicts what it has not seen: python -m benchmarks.serving_accuracy

Writes docs/serving_accuracy.md. Every figure of the model is by a fit that had not seen the source of the row. Takes about a minute.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.hold_out import band_of
from benchmarks.previous_serving import previous_output_tokens
from benchmarks.refit_serving import class_of, held_out
from benchmarks.serving_cases import ServingCase
from benchmarks.serving_fit import cases, log_errors
from planner.intake.catalogue import accelerators, performance_parameters
from planner.performance.serving import runs_in, server_of
from planner.performance.serving_step import ServingRates, decode_step, prompt_seconds

PAGE = Path(__file__).resolve().parent.parent / "docs" / "serving_accuracy.md"
PERFECT = ServingRates(1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0)
PLAIN_SHARE = 0.5
PLAIN_BATCH = 256.0


def plain_roofline(row: ServingCase) -> float:
    """Tokens of the answer at half of data-sheet peak and bandwidth: the larger of both for each step."""
    p, device = performance_parameters(), accelerators()[row.accelerator]
    server = server_of(device, runs_in(device, row.wish.precision), row.wish, row.shape, p)
    devices, batch, load = row.wish.devices or 8, row.wish.batch or PLAIN_BATCH, row.wish.load
    step = decode_step(row.shape, server, devices, batch, load, PERFECT)
    answer = load.tokens_out * max(step.weights + step.cache, step.compute)
    busy = answer + batch * prompt_seconds(row.shape, server, devices, load, PERFECT)
    return PLAIN_SHARE * batch * load.tokens_out / busy / devices


def subsets(rows: Sequence[ServingCase]) -> dict[str, np.ndarray]:
    """Named masks of the rows."""
    tight = np.array([class_of(row).startswith("latency") for row in rows])
    cuda = np.array([class_of(row).endswith("cuda") for row in rows])
    moe = np.array([row.shape.experts > 0 for row in rows])
    return {
        "high load": ~tight, "high load, CUDA": ~tight & cuda, "high load, the rest": ~tight & ~cuda,
        "high load, dense": ~tight & ~moe, "high load, mixtures": ~tight & moe,
        "latency binds": tight, "latency binds, CUDA": tight & cuda, "latency binds, the rest": tight & ~cuda,
    }  # fmt: skip


def covered(rows: Sequence[ServingCase], errors: np.ndarray) -> np.ndarray:
    """Whether each row lies in the band that the other sources of its class give; without others, of all classes."""
    classes, source = np.array([class_of(row) for row in rows]), np.array([row.source for row in rows])
    inside = np.zeros(len(rows), bool)
    for place, (kind, name) in enumerate(zip(classes, source, strict=True)):
        others = (classes == kind) & (source != name)
        others = others if others.any() else source != name
        band = band_of(errors[others], source[others])
        inside[place] = -np.log(band.p90) <= errors[place] <= -np.log(band.p10)
    return inside


def spaced(text: str) -> str:
    """Percent signs set off by a space, as in prose."""
    return re.sub(r"(\d)%", r"\1 %", text)


def _line(name: str, subset: str, errors: np.ndarray, inside: np.ndarray | None) -> str:
    off = np.abs(np.exp(errors) - 1)
    band = "–" if inside is None else f"{inside.mean():.0%}"
    median, tail, bias = np.median(off), np.quantile(off, 0.9), np.exp(np.median(errors)) - 1
    return spaced(f"| {name} | {subset} | {len(off)} | {median:.1%} | {tail:.0%} | {bias:+.1%} | {band} |")


def page() -> str:
    """The whole page."""
    rows = cases()
    measured = np.array([row.measured for row in rows])
    errors = held_out(rows)
    inside = covered(rows, errors)
    seen = log_errors(rows, performance_parameters())
    before = np.log(np.array([previous_output_tokens(row) for row in rows]) / measured)
    plain = np.log(np.array([plain_roofline(row) for row in rows]) / measured)
    masks = subsets(rows)
    lines = [_line("this model, source held out", name, errors[mask], inside[mask]) for name, mask in masks.items()]
    for title, found in (
        ("the model before, as a plan asked it", before), ("plain roofline, half of peak and bandwidth", plain),
        ("this model, all sources seen", seen),
    ):  # fmt: skip
        lines += [_line(title, name, found[mask], None) for name, mask in masks.items()]
    lines.append(_line("this model, source held out", "all", errors, inside))
    sources = sorted({row.source for row in rows})
    return TEXT.format(rows=len(rows), sources=len(sources), goals=_goals(rows, errors, inside), table="\n".join(lines),
                       by_source="\n".join(_source_line(rows, errors, name) for name in sources))  # fmt: skip


def _source_line(rows: Sequence[ServingCase], errors: np.ndarray, name: str) -> str:
    mask = np.array([row.source == name for row in rows])
    off = np.abs(np.exp(errors[mask]) - 1)
    return spaced(f"| {name} | {mask.sum()} | {np.median(off):.1%} | {np.exp(np.median(errors[mask])) - 1:+.1%} |")


def _goals(rows: Sequence[ServingCase], errors: np.ndarray, inside: np.ndarray) -> str:
    masks = subsets(rows)
    off = np.abs(np.exp(errors) - 1)
    high, tight = masks["high load"], masks["latency binds"]
    bias = {
        f"bias{load}, {stack}": float(np.exp(np.median(errors[chosen])) - 1)
        for stack in ("CUDA", "the rest")
        for load, chosen in (
            (" at high load", masks[f"high load, {stack}"]),
            (" over all loads", masks[f"high load, {stack}"] | masks[f"latency binds, {stack}"]),
        )
    }
    middle, tail, late = np.median(off[high]), np.quantile(off[high], 0.9), np.median(off[tight])
    share = inside.mean()
    goals = [
        ("high load", "median ≤ 25 %, p90 ≤ 90 %", f"{middle:.1%}, p90 {tail:.0%}", middle <= 0.25 and tail <= 0.9),
        ("latency binds", "median ≤ 40 %", f"{late:.1%}", late <= 0.4),
        *((name, "within 15 %", f"{value:+.1%}", abs(value) <= 0.15) for name, value in bias.items()),
        ("measured inside p10 to p90", "75 to 90 %", f"{share:.0%}", 0.75 <= share <= 0.9),
    ]
    return "\n".join(f"| {a} | {b} | {spaced(c)} | {'met' if met else 'not met'} |" for a, b, c, met in goals)


TEXT = """\
# How far to trust the speed of serving

Made by `python -m benchmarks.serving_accuracy` from `benchmarks/data/serving_cases.csv` ({rows} published throughputs, each with its
source); do not edit by hand. Errors are |predicted / measured − 1| of tokens per second and device. *Held out*: no row of the source was
seen by the fit; the {sources} sources are publishers' documents, all runs of a suite being one.

| goal, sources held out | asked | reached | |
|---|---|---|---|
{goals}

## By load, stack and kind of model

Latency binds where at most 32 answers share a copy, or a token may take 60 ms at most. The model before guesses shapes as plans guess them
now, which is nearer for mixtures than when it was in use.

| estimator | rows | n | median | p90 | bias | in band |
|---|---|--:|--:|--:|--:|--:|
{table}

## By source, when it is held out

| source | rows | median | bias |
|---|--:|--:|--:|
{by_source}

## What to know before trusting it

- Form and priors of the model were settled while looking at these rows, held out or not; a fresh source will do somewhat worse.
- Four fifths of the rows come from two suites. Small batches rest on one of them (held out, the rest are engines of one laboratory), so the
  error where latency binds is largely that of one engine told from another.
- Devices without a published row, and stacks without one (`other`), take common values less a fifth: an estimate.
- Speculative decoding, pipelines over domains and decode groups over the network rest on a dozen rows together.
- Lengths are means. Long tails of prompts, bursts and adapters are not modelled; measure, and give the file to `--calibrate`.
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
