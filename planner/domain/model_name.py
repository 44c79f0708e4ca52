"""Models of the catalogue by name, however spelt."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from functools import lru_cache

from planner.domain.model_shape import ModelShape
from planner.errors import InvalidInput, Problem

SHOWN = 3


@lru_cache(maxsize=4_096)
def model_key(name: str) -> str:
    """A name as the catalogue compares it: lower case, letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def named(name: str, models: Mapping[str, ModelShape]) -> ModelShape:
    """The model; InvalidInput names the nearest when there is none."""
    shape = models.get(name) or by_key(models).get(model_key(name))
    if shape is None:
        raise InvalidInput(Problem(f"the catalogue has no model '{name}'", near_models(name, models)))
    return shape


def by_key(models: Mapping[str, ModelShape]) -> dict[str, ModelShape]:
    """Models by their names as these are compared."""
    return {model_key(name): shape for name, shape in models.items()}


def near_models(name: str, models: Mapping[str, ModelShape]) -> str:
    """What to do about a name that is none: the nearest, or else parameters."""
    known = {model_key(listed): listed for listed in models}
    near = [known[key] for key in difflib.get_close_matches(model_key(name), known, n=SHOWN, cutoff=0.5)]
    otherwise = "`planner catalog models` lists them; give params_b for a model that it lacks."
    return f"Did you mean {' or '.join(near)}?" if near else otherwise
