"""Refits data/performance.yaml: python -m benchmarks.refit_performance

Facts in the file (network, best matrix products, failures) stay; shared parameters, stack ceilings, chips, bands and the
practice factor are fitted to benchmarks/data. Takes about half a minute.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import yaml

from benchmarks.adapters import fitted_adapters
from benchmarks.fit import Table, fitted_parameters, prior_parameters, table
from benchmarks.hold_out import band_of, classes, leave_source_out, source_weights, weighted_quantile
from benchmarks.published import measurements, training_runs
from benchmarks.runs import centre, leave_owner_out, log_ratios, on_cuda
from planner.domain.speed_parameters import Band, SpeedParameters
from planner.intake.catalogue import performance_parameters
from planner.intake.source import data_path

HEADER = """\
# What the performance model (planner/performance) is fitted to; meaning of every field: planner/domain/speed_parameters.py
#
# Source      benchmarks/data/throughput_cases.csv, training_runs.csv, adapter_cases.csv: published measurements, each with its source.
#             achievable: stas00/ml-engineering, table of maximum achievable matmul FLOPS (BF16), read 2026-11-21.
#             fabric, reliability: as said under `source`.
#             serving: benchmarks/data/serving_cases.csv, by the command named in that part.
# Confidence  shared, stacks with `source: fitted`, chips, bands, practice: derived by the refit; stacks marked estimate: ratios
#             from few measurements or from none.
# Refresh     when measurements are added: the command under `refit` writes this file; docs/train_time_accuracy.md says how well
#             it does on sources that it has not seen.
"""
DIGITS = 4


def fitted(base: SpeedParameters) -> tuple[SpeedParameters, Table]:
    """`base` with everything that is fitted, and the table it was fitted to."""
    start = prior_parameters(base)
    rows = measurements()
    known, hidden = table(rows, start), table(rows, start, hidden=True)
    parameters = fitted_parameters(known, base)
    errors = leave_source_out(known, hidden)
    weights = source_weights(known.source)
    habit = weighted_quantile(errors.hidden, weights, 0.5) - weighted_quantile(errors.known, weights, 0.5)
    bands: dict[str, Band] = {}
    for name, error in (("known", errors.known), ("hidden", errors.hidden - habit)):
        bands |= {f"{name}_{kind}": band_of(error[mask], known.source[mask]) for kind, mask in classes(known).items()}
    parameters = parameters.model_copy(update={"bands": bands, "free_layout": float(np.exp(-habit)), "practice": 1.0})
    return fitted_adapters(with_runs(parameters)), known


def with_runs(parameters: SpeedParameters) -> SpeedParameters:
    """Practice factor and band of whole runs."""
    runs = training_runs()
    ratios, owners = log_ratios(runs, parameters), np.array([run.source for run in runs])
    said = ~np.isnan(ratios) & on_cuda(runs)
    ratios, owners = ratios[said], owners[said]
    band = band_of(leave_owner_out(ratios, owners, np.ones(len(ratios), bool)), owners)
    practice = float(np.exp(centre(ratios, owners)))
    return parameters.model_copy(update={"practice": practice, "run_band": band})


def rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list | tuple) else value


def main() -> None:
    parameters, _ = fitted(performance_parameters())
    content = {"schema_version": 1, **rounded(parameters.model_dump())}
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=150)
    data_path("performance.yaml").write_text(HEADER + "\n" + text, encoding="utf-8")


if __name__ == "__main__":
    main()
