"""What an address says, so that a link shows the same again: `/plan?power=1.2&scenario=tightening&lang=zh-Hant-HK`.

case        hash of a case that a user has brought; none: the one served
lang theme  of the whole page
pin         the fields of the plan that others are compared with, as a query of its own
the rest    fields of the page; what is not named has its default
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from planner.report.language import ENGLISH, LANGUAGES

PAGES: Mapping[str, str] = {
    "plan": "Plan",
    "law": "Law",
    "train": "Train",
    "serve": "Serve",
    "compare": "Compare",
    "stress": "Stress",
    "catalogue": "Catalogue",
    "case": "Case",
}
"""By the name in the address, which is that of its module too: what a page is called."""
LIGHT, DARK = "light", "dark"
FRAME = ("case", "lang", "theme", "pin")
LONGEST = 8_000


@dataclass(frozen=True)
class State:
    """The parts of an address; whatever is wrong in it counts as not said."""

    page: str = ""
    case: str = ""
    lang: str = ENGLISH
    theme: str = LIGHT
    pin: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def frame(self) -> dict[str, Any]:
        """What pages hand to their callbacks; `fields` of other pages too, such as the sliders of the plan."""
        frame = {"page": self.page, "case": self.case, "lang": self.lang, "theme": self.theme}
        return {**frame, "fields": dict(self.fields)}


def read(path: str | None, search: str | None) -> State:
    """The state that an address stands for."""
    said = query(search)
    lang = said.get("lang", ENGLISH)
    return State(
        (path or "/").strip("/"),
        said.get("case", ""),
        lang if lang in LANGUAGES else ENGLISH,
        DARK if said.get("theme") == DARK else LIGHT,
        said.get("pin"),
        {name: value for name, value in said.items() if name not in FRAME},
    )


def query(search: str | None) -> dict[str, str]:
    """The fields of a query, the last of each name."""
    return dict(parse_qsl((search or "").lstrip("?")[:LONGEST], keep_blank_values=True))


def written(fields: Mapping[str, object]) -> str:
    """Fields as a query."""
    return urlencode({name: str(value) for name, value in fields.items()})
