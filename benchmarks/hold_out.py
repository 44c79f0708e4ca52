"""Errors on sources that the fit has not seen: each source in turn is left out, and predicted by a fit on all others."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from benchmarks.fit import EXACT, Table, fit, part, predicted
from planner.domain.speed_parameters import Band

BAND_QUANTILES = (0.08, 0.92)
"""Wider than p10 to p90 of the errors: the next source differs more from these than they do from one another."""


class HeldOut(NamedTuple):
    """log(predicted / measured) of every row, layout known and hidden, by fits that had not seen its source."""

    known: np.ndarray
    hidden: np.ndarray


def leave_source_out(known: Table, hidden: Table, tolerance: float = EXACT) -> HeldOut:
    """Every row predicted by a fit on the other sources."""
    errors = HeldOut(np.zeros(len(known.measured)), np.zeros(len(known.measured)))
    for source in sorted(set(known.source)):
        out = known.source == source
        found = fit(part(known, ~out), tolerance)
        for error, t in zip(errors, (known, hidden), strict=True):
            error[out] = np.log(predicted(part(t, out), *found) / t.measured[out])
    return errors


def split_halves(known: Table, hidden: Table, repeats: int = 20, seed: int = 1) -> list[tuple[np.ndarray, HeldOut]]:
    """Fits on a random half of the sources: (mask of the rows of the other half, their errors), per repeat."""
    order, sources, found = np.random.default_rng(seed), sorted(set(known.source)), []
    for _ in range(repeats):
        seen = set(order.permutation(sources)[: len(sources) // 2])
        out = np.array([s not in seen for s in known.source])
        parameters = fit(part(known, ~out))
        errors = [np.log(predicted(part(t, out), *parameters) / t.measured[out]) for t in (known, hidden)]
        found.append((out, HeldOut(*errors)))
    return found


def source_weights(sources: np.ndarray) -> np.ndarray:
    """1/√n of each row's source."""
    _, index, size = np.unique(sources, return_inverse=True, return_counts=True)
    weight: np.ndarray = size[index] ** -0.5
    return weight


def weighted_quantile(values: np.ndarray, weights: np.ndarray, share: float) -> float:
    """Value below which `share` of the weight lies."""
    order = np.argsort(values)
    reached = (np.cumsum(weights[order]) - 0.5 * weights[order]) / weights.sum()
    return float(np.interp(share, reached, values[order]))


def band_of(errors: np.ndarray, sources: np.ndarray) -> Band:
    """Factors on a prediction between which the measured value lies, from log(predicted / measured)."""
    weights = source_weights(sources)
    low, high = (weighted_quantile(-errors, weights, share) for share in BAND_QUANTILES)
    return Band(p10=min(1.0, float(np.exp(low))), p90=max(1.0, float(np.exp(high))))


def classes(t: Table) -> dict[str, np.ndarray]:
    """Masks of the classes that have a band of their own: cuda or other, dense or mixture of experts."""
    return {
        f"{'cuda' if cuda else 'other'}_{'moe' if moe else 'dense'}": (t.cuda == cuda) & (t.moe == moe)
        for cuda in (True, False)
        for moe in (False, True)
    }


def coverage(t: Table, errors: np.ndarray) -> np.ndarray:
    """Whether each row lies in the band made from the held-out errors of the other sources of its class."""
    inside = np.zeros(len(errors), bool)
    for mask in classes(t).values():
        for source in set(t.source[mask]):
            out, rest = mask & (t.source == source), mask & (t.source != source)
            band = band_of(errors[rest], t.source[rest])
            inside[out] = (errors[out] >= -np.log(band.p90)) & (errors[out] <= -np.log(band.p10))
    return inside
