"""The language of a report: standard sentences, headings and labels, written in English and looked up in a catalogue.

    say = language("zh-Hant-HK")
    say("The plan costs {cost} in present value.", cost=say.money(1.2e9))

What the catalogue lacks stays English; names, rules and citations of a case are never translated.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from planner.cells import number
from planner.errors import UsageError, meant_any
from planner.intake.quantity import heading
from planner.report.words import count, listed, money, short
from planner.units import HKD_PER_MILLION

ENGLISH = "en"
LANGUAGES = (ENGLISH, "zh-Hant-HK")
_STEPS = ((1e12, "萬億"), (1e8, "億"), (1e4, "萬"))


@dataclass(frozen=True)
class Language:
    """Says sentences of the catalogue with their values filled in."""

    tag: str = ENGLISH
    words: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __call__(self, text: str, /, **values: object) -> str:
        """The sentence in this language; `values` fill its places in braces."""
        words = self.words.get(text, text)
        return words.format(**values) if values else words

    def money(self, hkd: float) -> str:
        """HKD 1.23 bn; 12.3 億港元."""
        if self.tag == ENGLISH:
            return money(hkd)
        return f"{'-' if round(hkd, 2) < 0 else ''}{self.short(abs(hkd))}港元"

    def short_money(self, hkd: float) -> str:
        """The same without the currency, for axes and columns headed by it."""
        return f"{'-' if round(hkd, 2) < 0 else ''}{self.short(abs(hkd))}"

    def millions(self, hkd: float) -> str:
        """HKD 1,230 M, however large; 12.3 億港元."""
        return f"HKD {hkd / HKD_PER_MILLION:,.0f} M" if self.tag == ENGLISH else self.money(hkd)

    def billions(self, amount_b: float) -> str:
        """1,000 B of what is counted in billions; 1 萬億."""
        return f"{number(amount_b)} B" if self.tag == ENGLISH else self.short(amount_b * 1e9)

    def name(self, code: str) -> str:
        """A name of the model's own: `fit_out` as it stands in English, else by its words; one that the catalogue lacks is a user's."""
        return code if self.tag == ENGLISH else self.words.get(code.replace("_", " "), code)

    def short(self, amount: float) -> str:
        """A size in three figures."""
        if self.tag == ENGLISH:
            return short(amount)
        return next(
            (f"{number(amount / size)} {name}" for size, name in _STEPS if amount >= size * 0.9995), number(amount)
        )

    def listed(self, names: list[str], most: int = 4) -> str:
        """`a, b and c`; beyond `most` names the rest is counted."""
        if self.tag == ENGLISH:
            return listed(names, most)
        return "、".join(names[:most]) + (f"等 {len(names)} 項" if len(names) > most else "")

    def count(self, amount: float, noun: str) -> str:
        """1 device, 2,400 devices; 2,400 部設備."""
        return count(amount, noun) if self.tag == ENGLISH else self(f"{{count}} {noun}s", count=number(amount))

    def again(self, text: str, patterns: Iterable[str]) -> str:
        """What came worded in English, by the first of the sentences in `patterns` that it fills; else as it came."""
        if self.tag == ENGLISH:
            return text
        for pattern in patterns:
            if match := _filled(pattern).fullmatch(text):
                return self(pattern, **{place: self.name(value) for place, value in match.groupdict().items()})
        return text

    def heading(self, name: str) -> str:
        """The head of a column: `power_mw` is power (MW)."""
        words, bracket, unit = heading(name).partition(" (")
        return f"{self(words)} ({self(unit[:-1])})" if bracket else self(words)


@cache
def _filled(pattern: str) -> re.Pattern[str]:
    """What matches the sentence with its places filled in."""
    parts = string.Formatter().parse(pattern)
    return re.compile("".join(re.escape(words) + (f"(?P<{name}>.+?)" if name else "") for words, name, _, _ in parts))


IN_ENGLISH = Language()


@cache
def language(tag: str = ENGLISH) -> Language:
    """The language of that tag of BCP 47. Raises UsageError for one that is not there."""
    if tag not in LANGUAGES:
        there = f"There are {', '.join(LANGUAGES)}."
        raise UsageError(f"there is no language '{tag}'. {meant_any(tag, LANGUAGES, there)}")
    if tag == ENGLISH:
        return IN_ENGLISH
    text = (files("planner.report") / "languages" / f"{tag}.json").read_text(encoding="utf-8")
    return Language(tag, json.loads(text))
