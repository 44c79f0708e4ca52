"""What `planner train-time` and `planner serve` answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.app.numbers import day, number, number_or_none
from planner.app.process import Teller
from planner.app.work.fields import SERVE, TRAIN, for_fields
from planner.app.work.told import Told
from planner.figures.options import serve_figures, train_figures
from planner.report.language import Language, language
from planner.report.serve import serve_screen
from planner.report.train_families import families_screen
from planner.report.train_time import train_screen
from planner.serving.choice import serve_options
from planner.serving.question import question as serve_question
from planner.training.families import families, largest_of_each, obstacles
from planner.training.train_time import ANY_B, question, records_of

Fields = Mapping[str, str]
YES = "yes"


def trained(tell: Teller, fields: Fields, lang: str) -> Told:
    """Time, cost and choice of a training run; without tokens, what a budget trains of each family.

    Raises InvalidInput and UsageError, as the command line does, with the names of fields in place of options.
    """
    say = language(lang)
    return for_fields(lambda: _trained(fields, say), TRAIN, say)


def _trained(fields: Fields, say: Language) -> Told:
    tokens_b, budget = number_or_none(fields, "tokens_b"), number_or_none(fields, "spend_hkd")
    ids, count = _devices(fields), number_or_none(fields, "devices")
    open_tokens = tokens_b is None and budget is not None
    posed = question(
        tokens_b=number(fields, "tokens_b", 1.0 if open_tokens else 0.0),
        model=fields.get("model") or None,
        params_b=number_or_none(fields, "params_b") or (ANY_B if open_tokens else None),
        count=None if count is None else round(count),
        precision=fields.get("precision", "bf16"),
        method=fields.get("method", "pretrain"),  # type: ignore[arg-type]
        by=day(fields, "by"),
        budget_hkd=budget,
        **_common(fields),
    )
    if not open_tokens:
        records = records_of(posed, ids)
        screen = train_screen(records, posed, ids, everything=bool(ids), say=say, typed=False)
        return Told.of(screen, train_figures(records, say))
    named = bool(fields.get("model") or number_or_none(fields, "params_b"))
    models = largest_of_each(
        posed, ids, families(posed.shape if named else None, None), posed.devices if count else None
    )
    against = {} if models else obstacles(posed, ids)
    return Told.of(families_screen(models, posed, against, named=named, everything=True, say=say))


def served(tell: Teller, fields: Fields, lang: str) -> Told:
    """Devices, cost and choice of a service; without a load the largest that a budget serves. Raises InvalidInput and UsageError."""
    say = language(lang)
    return for_fields(lambda: _served(fields, say), SERVE, say)


def _served(fields: Fields, say: Language) -> Told:
    posed = serve_question(
        tokens_in=number(fields, "tokens_in", 0.0),
        tokens_out=number(fields, "tokens_out", 0.0),
        model=fields.get("model") or None,
        params_b=number_or_none(fields, "params_b"),
        output_tokens_per_s=number_or_none(fields, "tokens_per_s"),
        cached_share=number(fields, "cached_share", 0.0),
        tpot_ms=number_or_none(fields, "tpot_ms"),
        ttft_s=number_or_none(fields, "ttft_s"),
        peak_over_mean=number(fields, "peak_over_mean", 1.0),
        precision=fields.get("precision", "bf16"),
        on=day(fields, "on"),
        budget_hkd=number_or_none(fields, "spend_hkd"),
        **_common(fields),
    )
    ids = _devices(fields)
    records = serve_options(posed, ids)
    screen = serve_screen(records, posed, ids, everything=bool(ids), say=say, typed=False)
    return Told.of(screen, serve_figures(records, posed, say))


def _common(fields: Fields) -> dict[str, Any]:
    return {
        "to": fields.get("to", "HK"),
        "us_exposed": fields.get("us_exposure") == YES,
        "site": fields.get("site") or None,
    }


def _devices(fields: Fields) -> list[str]:
    return [id for id in fields.get("accelerators", "").split(",") if id]
