"""Units by the end of a name, and what to write instead of '9,500', '120 million' or '10 MW'."""

from __future__ import annotations

import re
from collections.abc import Mapping

UNITS: Mapping[str, str] = {
    "hkd": "HKD",
    "usd": "USD",
    "mw": "MW",
    "kw": "kW",
    "w": "W",
    "kwh": "kWh",
    "mwh": "MWh",
    "gwh": "GWh",
    "kg": "kg",
    "t": "t",
    "tonnes": "t",
    "tonne": "t",
    "gb": "GB",
    "tb": "TB",
    "gbs": "GB/s",
    "tbs": "TB/s",
    "gbps": "GB/s",
    "tflops": "TFLOP/s",
    "pflops": "PFLOP/s",
    "flop": "FLOP",
    "pct": "%",
    "years": "years",
    "months": "months",
    "weeks": "weeks",
    "days": "days",
    "hours": "hours",
    "seconds": "s",
    "s": "s",
    "ms": "ms",
    "us": "µs",
    "devices": "devices",
    "racks": "racks",
    "mm2": "mm²",
    "nm": "nm",
    "km": "km",
    "deg": "°",
    "b": "billion",
}
_POWERS = {
    "k": 3,
    "thousand": 3,
    "m": 6,
    "mn": 6,
    "mio": 6,
    "million": 6,
    "bn": 9,
    "b": 9,
    "billion": 9,
    "tn": 12,
    "trillion": 12,
}
_CURRENCY = re.compile(r"^(?:HK\$|US\$|HKD|USD|CNY|RMB|[$¥€£])\s*|\s*(?:HKD|USD|CNY|RMB)$", re.IGNORECASE)
_SEPARATORS = re.compile(r"[,_' \u00a0\u202f]")
_DECIMAL_COMMA = re.compile(r"[-+]?[0-9]+,([0-9]{1,2}|[0-9]{4,})")
_AMOUNT = re.compile(r"([-+]?[0-9][0-9,_' \u00a0\u202f]*(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)\s*(.*)")


def unit_of(name: str) -> str:
    """The unit that ends a name: `rent_usd_per_device_hour` is USD/device·hour; empty when it ends in none."""
    front, *rest = name.split("_per_")
    upper = _trailing_units(front)
    if not rest:
        return upper
    lower = "·".join(UNITS.get(token, token) for part in rest for token in part.split("_"))
    return f"{upper or '1'}/({lower})" if "/" in lower else f"{upper or '1'}/{lower}"


def heading(name: str) -> str:
    """A name as the head of a column: `price_usd_per_device` is price (USD/device)."""
    unit = unit_of(name)
    front = name.split("_per_")[0].split("_")
    while len(front) > 1 and front[-1] in UNITS:
        front.pop()
    words = " ".join(front)
    if not unit or words in UNITS:
        return unit or words
    return f"{words} ({unit})"


def rewrite(text: str, name: str) -> str:
    """What to do about a text that stands where the field `name` wants a number."""
    money = bool(_CURRENCY.search(text.strip()))
    amount = _AMOUNT.fullmatch(_CURRENCY.sub("", text.strip()))
    if not amount:
        return "Write the number only."
    written, tail, unit = amount[1].strip(), amount[2].strip(), unit_of(name)
    digits = written.replace(",", ".") if _DECIMAL_COMMA.fullmatch(written) else _SEPARATORS.sub("", written)
    if not tail:
        return f"Write {digits}{_why(written, digits, money)}."
    if tail == "%":
        return f"Write {digits if unit == '%' else _plain(float(digits) / 100)}, no percent sign."
    if tail.lower() == unit.lower():
        return f"Write {digits}; the unit is in the name."
    power = _POWERS.get(tail.lower().split(" ")[0])
    if power and (tail.lower() != "m" or "HKD" in unit or "USD" in unit):
        own = 9 if unit == UNITS["b"] else 0
        return f"Write {_plain(float(digits) * 10.0 ** (power - own))}, no words and no separators."
    return f"Write the number in {unit}, without its unit." if unit else "Write the number only."


def _why(written: str, digits: str, money: bool) -> str:
    if "," in written and "." in digits and "." not in written:
        return ", with a decimal point"
    if digits != written:
        return ", no separators"
    return "; the currency is in the name" if money else ", without quotes"


def _trailing_units(front: str) -> str:
    tokens: list[str] = []
    for token in reversed(front.split("_")[1:] if "_" in front else [front]):
        if token not in UNITS:
            break
        tokens.insert(0, UNITS[token])
    return "·".join(tokens)


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else repr(round(number, 12))
