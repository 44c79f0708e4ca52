"""Refits the part `serving` of data/performance.yaml: python -m benchmarks.refit_serving

Parameters come from all rows of benchmarks/data/serving_cases.csv, bands from the errors on sources that a fit had not seen.
Takes about a minute.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import yaml

from benchmarks.hold_out import band_of
from benchmarks.refit_performance import HEADER, rounded
from benchmarks.serving_cases import ServingCase
from benchmarks.serving_fit import cases, fit, log_errors
from planner.domain.serving_parameters import ServingBand
from planner.intake.catalogue import accelerators, performance_parameters
from planner.intake.source import data_path
from planner.performance.serving import band_name


def held_out(rows: Sequence[ServingCase]) -> np.ndarray:
    """log(predicted / measured) of every row by a fit that had not seen its source."""
    errors, source = np.zeros(len(rows)), np.array([row.source for row in rows])
    for name in sorted(set(source)):
        fitted = fit([row for row in rows if row.source != name])
        errors[source == name] = log_errors([row for row in rows if row.source == name], fitted)
    return errors


def class_of(row: ServingCase) -> str:
    """The class of a row that has a band of its own. Without a batch stated the load is high."""
    stack = accelerators()[row.accelerator].software_stack
    return band_name(stack, row.wish.batch or np.inf, row.wish.tpot_ms)


def bands(rows: Sequence[ServingCase], errors: np.ndarray) -> dict[str, ServingBand]:
    """Factors by class, from held-out errors."""
    classes, source = np.array([class_of(row) for row in rows]), np.array([row.source for row in rows])
    found = {}
    for name in sorted(set(map(str, classes))):
        mask = classes == name
        band = band_of(errors[mask], source[mask])
        found[name] = ServingBand(p10=band.p10, p90=band.p90)
    return found


def main() -> None:
    rows = cases()
    serving = fit(rows).serving
    assert serving is not None
    serving = serving.model_copy(update={"bands": bands(rows, held_out(rows))})
    parameters = performance_parameters().model_copy(update={"serving": serving})
    content = {"schema_version": 1, **rounded(parameters.model_dump())}
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=150)
    data_path("performance.yaml").write_text(HEADER + "\n" + text, encoding="utf-8")


if __name__ == "__main__":
    main()
