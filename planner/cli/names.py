"""Names that were almost right."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

SHOWN = 3


def did_you_mean(name: str, known: Collection[str], *, listing: str = "") -> str:
    """`Did you mean x, y or z?`, or where to look: the command `listing`, else the known names themselves."""
    within = [other for other in known if name.lower() and name.lower() in other]
    # `nvidia_h20` is a variant of H20 before it is the beginning of H200.
    within.sort(key=lambda other: not f"_{other}_".startswith(f"_{name.lower()}_"))
    near = list(dict.fromkeys([*within, *get_close_matches(name.lower(), known, n=SHOWN, cutoff=0.5)]))[:SHOWN]
    if near:
        return f"Did you mean {' or '.join(part for part in (', '.join(near[:-1]), near[-1]) if part)}?"
    return f"`{listing}` lists them." if listing else f"There are {', '.join(known)}."
