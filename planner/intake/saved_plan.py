"""Reads the orders of a saved plan, and how its case says that they are supplied, without its program: for who compares it with bids."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from planner.domain.base import first_fault
from planner.domain.offer import Offer
from planner.domain.plan_files import CASE, PLAN_SCHEMA, RESULTS
from planner.domain.policy import Licence
from planner.errors import InvalidInput, Problem
from planner.intake.source import read_source, stay

SAVE = "Save one with `planner plan CASE -o FOLDER`."
TEXTS = ("offer", "accelerator", "site", "node", "period", "order_date", "stands_on")


@dataclass(frozen=True)
class SavedPlan:
    """Orders of a plan as they were saved, each once for each branch; its offers and licences where its case lies beside it.

    `hashes`: SHA-256 of the files that were read, a line each.
    """

    orders: list[Mapping[str, Any]]
    hashes: str
    offers: Mapping[str, Offer] | None = None
    licences: Mapping[str, Licence] | None = None


def read_saved(folder: Path, named: str) -> SavedPlan:
    """The plan in a folder, or in a file of JSON, beside the file of options. Raises InvalidInput where it is none."""
    path = folder / named
    stay(path, folder)
    inside = path.is_dir()
    if inside and not (path / RESULTS).is_file():
        raise InvalidInput(Problem("this folder holds no saved plan", SAVE, str(path)))
    file = path / RESULTS if inside else path
    stay(file, folder)
    content, sha256 = _json(file)
    orders = _orders_in(content, file)
    if not inside:
        return SavedPlan(orders, sha256)
    stay(path / CASE, folder)
    whole, of_case = _json(path / CASE)
    try:
        offers = TypeAdapter(dict[str, Offer]).validate_python(whole["offers"])
        licences = TypeAdapter(dict[str, Licence]).validate_python(whole["licences"])
    except ValidationError as error:
        what = first_fault(error)
    except (KeyError, TypeError) as error:
        what = f"it has no {error}"
    else:
        return SavedPlan(orders, f"{sha256}\n{of_case}", offers, licences)
    raise InvalidInput(Problem(f"the case of this plan cannot be read: {what}", "Plan it again.", str(path / CASE)))


def _json(path: Path) -> tuple[Any, str]:
    source = read_source(path)
    try:
        return json.loads(source.text), source.sha256
    except (json.JSONDecodeError, RecursionError) as error:
        line, column = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (1, 1)
        raise InvalidInput(Problem("this is not JSON", SAVE, source.name, line, column)) from None


def _orders_in(content: Any, file: Path) -> list[Mapping[str, Any]]:
    schema = content.get("schema") if isinstance(content, dict) else None
    if schema != PLAN_SCHEMA:
        what = f"this holds {schema}, no plan" if isinstance(schema, str) else "this holds no plan"
        raise InvalidInput(Problem(f"{what}; a plan says schema {PLAN_SCHEMA}", SAVE, str(file)))
    try:
        orders: list[Mapping[str, Any]] = [dict(row) for row in content["results"]["tables"]["orders"]]
        for row in orders:
            _ = float(row["devices"]), float(row["hkd"])
            if odd := [name for name in TEXTS if not isinstance(row[name], str)]:
                raise ValueError(f"{odd[0]} is no text")
            _ = date.fromisoformat(row["order_date"]), date.fromisoformat(row["stands_on"])
    except (KeyError, TypeError, ValueError) as error:
        what = f"the orders of this plan cannot be read: {error}"
        raise InvalidInput(Problem(what, "Plan again.", str(file))) from None
    return orders
