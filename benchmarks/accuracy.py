"""How well time-to-train predicts what it has not seen: python -m benchmarks.accuracy

Prints the validation table and writes docs/train_time_accuracy.md. Errors are |predicted / measured − 1|; every figure of
the model is by fits that had not seen the source of the row. Takes about half a minute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.accuracy_page import PEERS, page
from benchmarks.adapters import adapter_measurements, as_tuned, held_out_adapters, log_errors, newer_rows
from benchmarks.fit import EXACT, Table, predicted, prior_parameters, table
from benchmarks.hold_out import HeldOut, coverage, leave_source_out, source_weights, split_halves, weighted_quantile
from benchmarks.published import Measured, measurements, training_runs
from benchmarks.runs import NAIVE_MFU, leave_owner_out, leave_run_out, log_ratios, naive_hours, on_cuda
from planner.domain.speed_parameters import SpeedParameters
from planner.intake.catalogue import accelerators, performance_parameters

PAGE = Path(__file__).resolve().parent.parent / "docs" / "train_time_accuracy.md"
FEW = 5
MEGATRON_DEVICES = ("nvidia_a100_80gb_sxm", "nvidia_a100_40gb_sxm", "nvidia_h100_sxm")

Score = tuple[str, str, int, float, float, float, float | None]
"""(estimator, subset, rows, median error, 90th percentile, bias, coverage of the band)"""


def subsets(t: Table, rows: list[Measured]) -> dict[str, np.ndarray]:
    """Named masks of the rows, as the goals name them."""
    dense_pinned = np.array([row.question.pins.tp is not None and row.question.pins.shard != 3 for row in rows])
    classic = np.array([row.question.accelerator in MEGATRON_DEVICES for row in rows])
    return {
        "CUDA": t.cuda,
        "not CUDA": ~t.cuda,
        "Ascend": t.stack == "cann",
        "TPU": t.stack == "xla",
        "mixture of experts": t.moe,
        "dense, Megatron layouts, A100 and H100": dense_pinned & classic & ~t.moe,
    }


def score(name: str, subset: str, errors: np.ndarray, covered: np.ndarray | None = None) -> Score:
    """Figures of log errors."""
    off = np.exp(errors) - 1
    inside = None if covered is None else float(covered.mean())
    return (
        name,
        subset,
        len(off),
        float(np.median(abs(off))),
        float(np.quantile(abs(off), 0.9)),
        float(np.median(off)),
        inside,
    )


def naive_throughput(rows: list[Measured]) -> np.ndarray:
    """log of (0.40 peak / 6 N) over measured."""
    found = []
    for row in rows:
        device, q = accelerators()[row.question.accelerator], row.question
        low = {
            "fp8": device.fp8_tflops,
            "mxfp8": device.fp8_tflops,
            "int8": device.int8_tops,
            "nvfp4": device.fp4_tflops,
        }
        peak = low.get(q.precision) or device.bf16_tflops or device.fp16_tflops or 0.0
        found.append(NAIVE_MFU * peak * 1e12 / (6 * q.shape.active_matrix_parameters) / row.tokens_per_s)
    return np.log(np.array(found))


def with_habit(t: Table, errors: HeldOut) -> HeldOut:
    """Hidden layouts slowed by what people lose against the best layout, taken from the other sources."""
    left = errors.hidden.copy()
    for source in set(t.source):
        out = t.source == source
        weights = source_weights(t.source[~out])
        gap = weighted_quantile(errors.hidden[~out], weights, 0.5) - weighted_quantile(errors.known[~out], weights, 0.5)
        left[out] = errors.hidden[out] - gap
    return errors._replace(hidden=left)


def held_out_errors(known: Table, hidden: Table, tolerance: float = EXACT) -> HeldOut:
    """Log errors of every row by fits, and by a habit factor, that had not seen its source."""
    return with_habit(known, leave_source_out(known, hidden, tolerance))


def time_scores(rows: list[Measured], known: Table, errors: HeldOut) -> Iterator[Score]:
    """The same errors as those of step time, the measure in which the peers were compared."""
    for name, error in (("this model, layout known", errors.known), ("this model, layout hidden", errors.hidden)):
        for subset, mask in subsets(known, rows).items():
            yield score(name, subset, -error[mask])


def throughput_scores(rows: list[Measured], known: Table, errors: HeldOut) -> Iterator[Score]:
    """Steady-state throughput, whole sources held out one by one."""
    for name, error in (("this model, layout known", errors.known), ("this model, layout hidden", errors.hidden)):
        covered = coverage(known, error)
        for subset, mask in subsets(known, rows).items():
            yield score(name, subset, error[mask], covered[mask])
    naive = naive_throughput(rows)
    for subset, mask in subsets(known, rows).items():
        yield score("naive 6ND / (40 % of peak)", subset, naive[mask])


def halves_scores(known: Table, hidden: Table) -> Iterator[Score]:
    """Fit on a random half of the sources, errors on the other half; means of 20 splits."""
    splits = split_halves(known, hidden)
    picks: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "CUDA": lambda out: known.cuda[out], "not CUDA": lambda out: ~known.cuda[out], "mixture of experts": lambda out: known.moe[out],
    }  # fmt: skip
    for place, name in enumerate(("this model, layout known", "this model, layout hidden")):
        for subset, pick in picks.items():
            each = [score(name, subset, errors[place][pick(out)]) for out, errors in splits if pick(out).sum() > FEW]
            means = [float(np.mean([row[column] for row in each])) for column in (3, 4, 5)]  # type: ignore[misc]
            yield name, subset, round(float(np.mean([row[2] for row in each]))), means[0], means[1], means[2], None


def run_scores(parameters: SpeedParameters) -> Iterator[Score]:
    """Accelerator-hours of published runs; the practice factor is that of the other organisations."""
    runs = training_runs()
    ratios, owners = log_ratios(runs, parameters), np.array([run.source for run in runs])
    said = ~np.isnan(ratios)
    cuda = on_cuda(runs)[said]
    verified, metered = (np.array(marks)[said] for marks in zip(*((r.verified, r.metered) for r in runs), strict=True))
    held_out, owners = leave_owner_out(ratios[said], owners[said], cuda), owners[said]
    naive = np.log(np.array([naive_hours(run) / run.hours for run in runs]))[said]
    band = parameters.run_band
    inside = (-held_out >= np.log(band.p10)) & (-held_out <= np.log(band.p90))
    subsets = {
        "CUDA runs": cuda,
        "CUDA runs, hours published": cuda & metered,
        "CUDA runs, hours from days or rates": cuda & ~metered,
        "CUDA runs, verified source": cuda & verified,
        "other runs": ~cuda,
    }
    for subset, mask in subsets.items():
        yield score("this model, layout hidden", subset, held_out[mask], inside[mask])
        yield score("naive 6ND / (40 % of peak)", subset, naive[mask])
    habits = leave_run_out(ratios[said][cuda], owners[cuda])
    yield score("this model, the owner's other runs known", "CUDA runs", habits[~np.isnan(habits)])


def adapter_scores(parameters: SpeedParameters) -> Iterator[Score]:
    """LoRA and QLoRA on ordinary stacks, whole sources held out; and LoRA as if every stack were tuned."""
    rows = adapter_measurements()
    errors, seen = held_out_adapters(rows, parameters), log_errors(rows, parameters)
    before = log_errors(as_tuned(rows), parameters)
    methods, sources = (np.array(each) for each in zip(*((r.question.method, r.source) for r in rows), strict=True))
    band = parameters.adapters.band
    inside = (errors >= -np.log(band.p90)) & (errors <= -np.log(band.p10))
    subsets = {"LoRA": methods == "lora", "QLoRA": methods == "qlora"} | {s: sources == s for s in sorted(set(sources))}
    for subset, mask in subsets.items():
        yield score("this model, source held out", subset, errors[mask], inside[mask])
        yield score("this model, all sources seen", subset, seen[mask])
    fits = methods == "lora"
    yield score("as if every stack were tuned (before)", "LoRA", before[fits & np.isfinite(before)])


def seen_scores(rows: list[Measured], known: Table, parameters: SpeedParameters) -> Iterator[Score]:
    """The shipped parameters on the rows they were fitted to: what a held-out figure must not be mistaken for."""
    stacks = {name: ceiling.model_dump() for name, ceiling in parameters.stacks.items()}
    errors = np.log(predicted(known, parameters.shared.model_dump(), stacks, parameters.chips) / known.measured)
    for subset, mask in subsets(known, rows).items():
        yield score("this model, all sources seen", subset, errors[mask])


def main() -> None:
    parameters, rows = performance_parameters(), measurements()
    start = prior_parameters(parameters)
    known, hidden = table(rows, start), table(rows, start, hidden=True)
    errors = held_out_errors(known, hidden)
    text = page(
        held_out=list(throughput_scores(rows, known, errors)),
        step_time=list(time_scores(rows, known, errors)),
        halves=list(halves_scores(known, hidden)),
        runs=list(run_scores(parameters)),
        seen=list(seen_scores(rows, known, parameters)),
        adapters=list(adapter_scores(parameters)),
        newer=newer_rows(),
        peers=PEERS,
        sources=len(set(known.source)),
    )
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
