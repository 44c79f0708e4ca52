"""Which device of the catalogue a name means: as price lists, inventories and drivers write it.

    id                the catalogue's own
    words             every word of the name is one of the device's: of its id, name, memory (`80gb`, `hbm3`), form (`sxm`); one device fits
    plainest          of several that fit, the one that has all its words in the name
    given             else the user says it; nothing is chosen in silence

Words of sellers and drivers that tell devices apart nowhere (NVIDIA, Tesla, GeForce, GPU) are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from planner.domain.accelerator import Accelerator
from planner.errors import did_you_mean, meant_any
from planner.intake.catalogue import accelerators

SHOWN = 4
NOISE = frozenset(
    ("nvidia", "tesla", "geforce", "gpu", "gpus", "accelerator", "graphics", "card", "huawei", "amd", "instinct", "intel", "generation")
)  # fmt: skip
_WORD = re.compile(r"[a-z]+\d+[a-z0-9]*|\d+[a-z]+[a-z0-9]*|[a-z]+|\d+")
_FORM = re.compile(r"(sxm|oam|pcie|nvl)\d*")


def words_of(name: str) -> frozenset[str]:
    """The words of a name that tell devices apart, lower case; `SXM4` is `sxm`, `80 GB` is `80gb`."""
    joined = re.sub(r"(\d)\s*(gi?b)\b", r"\1gb", name.lower())
    words = set()
    for word in _WORD.findall(joined.replace("_", " ").replace("-", " ")):
        form = _FORM.fullmatch(word)
        words.add(form[1] if form else word)
    return frozenset(words - NOISE)


@cache
def _words_of_devices() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """By id: the words that name a device, and those with what it is beside."""
    return {key: _of_device(device) for key, device in accelerators().items()}


def _of_device(device: Accelerator) -> tuple[frozenset[str], frozenset[str]]:
    own = words_of(device.id)
    beside = set(words_of(f"{device.name} {device.form_factor} {device.memory_type or ''}"))
    if device.memory_gb is not None:
        beside.add(f"{device.memory_gb:g}gb")
    return own, own | beside


@dataclass
class DeviceNames:
    """Finds devices by name, as the user has given them or as the catalogue lets them be known, and keeps what was taken.

    `taken`: by name, the device; `problems`: by name, what is wrong and what to do.
    """

    given: Mapping[str, str]
    taken: dict[str, str] = field(default_factory=dict)
    problems: dict[str, tuple[str, str]] = field(default_factory=dict)

    def of(self, name: str) -> str | None:
        """The id of the device; None where there is none or several, which `problems` then tells."""
        if name in self.taken:
            return self.taken[name]
        device, what, fix = self._look(name)
        if device is None:
            self.problems.setdefault(name, (what, fix))
        else:
            self.taken[name] = device
        return device

    def _look(self, name: str) -> tuple[str | None, str, str]:
        known = accelerators()
        wanted = self.given.get(name, name)
        if wanted in known:
            return wanted, "", ""
        if name in self.given:
            return (
                None,
                f"the catalogue has no device '{wanted}'",
                meant_any(wanted, known, "See `planner catalog accelerators`."),
            )
        asked, own = words_of(name), _words_of_devices()
        fits = [key for key, (_, words) in own.items() if asked and asked <= words]
        plain = [key for key in fits if own[key][0] <= asked] if len(fits) > 1 else fits
        if len(plain) == 1:
            return plain[0], "", ""
        if fits:
            shown = ", ".join(fits[:SHOWN]) + (f" and {len(fits) - SHOWN} more" if len(fits) > SHOWN else "")
            return None, f"'{name}' may be {shown}", f"Say which: --device '{name}={fits[0]}'."
        near = did_you_mean("_".join(sorted(asked)), known, "") or meant_any(name.lower().replace(" ", "_"), known, "")
        return None, f"the catalogue has no device '{name}'", f"{near} Say which: --device '{name}=ID'.".strip()
