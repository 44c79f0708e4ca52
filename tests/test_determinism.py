"""Same input, same bytes: whatever the seed of hashes, the locale, the time zone, and the number of workers.

The time that something took is no result: it is taken out before bytes are compared.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
LOCALES = ("de_DE.UTF-8", "zh_HK.UTF-8", "zh_HK.BIG5-HKSCS")
TIME_TAKEN = re.compile(rb'("(?:\w+_)?seconds":) [\d.e+-]+')


class Setting(NamedTuple):
    """What the answer must not hang on. 14 h before and 9.5 h behind UTC, no two settings have the same day."""

    hash_seed: str
    locale: str
    time_zone: str
    workers: int


SETTINGS = (
    Setting("0", "C.UTF-8", "UTC", 1),
    Setting("1", "C", "Pacific/Marquesas", 2),
    Setting("2", "de_DE.UTF-8", "Europe/Berlin", 3),
    Setting("3", "zh_HK.UTF-8", "Asia/Hong_Kong", 1),
    Setting("4", "zh_HK.BIG5-HKSCS", "Pacific/Kiritimati", 2),
)
TREE, RENT, SMALL = (str(EXAMPLES / name / "case.yaml") for name in ("15_hedge", "7_buy_or_rent", "1_power_limit"))
LLAMA = ("--model", "llama-2-7b", "--tokens-b", "100", "--start", "2027-01-05")
SERVED = (
    "serve",
    "--model",
    "Llama-3.1-70B",
    "--output-tokens-per-s",
    "20000",
    "--tokens-in",
    "2000",
    "--tokens-out",
    "500",
)
CALLS = {
    "plan": ("plan", TREE, "--json"),
    "plan, as a page": ("plan", TREE),
    "plan, as tables": ("plan", TREE, "--table", "orders", "--table", "spend", "--table", "shadow_prices", "-f", "csv"),
    "explain": ("explain", TREE, "limits"),
    "whatif": ("whatif", SMALL, "--set", "sites.*.power_mw=0.01", "--json"),
    "sweep": ("sweep", RENT, "--ranges", "*", "--design", "lhs", "--samples", "6", "--workers", "{workers}", "--json"),
    "sweep, as a table": ("sweep", RENT, "--design", "frontier", "--workers", "{workers}", "-f", "csv"),
    "stress": ("stress", TREE, "--workers", "{workers}", "--json"),
    "stress, as a page": ("stress", TREE),
    "alternatives": ("alternatives", RENT, "--workers", "{workers}", "--json"),
    "train-time": ("train-time", *LLAMA, "--accelerator", "huawei_ascend_910b2", "--count", "256", "--json"),
    "train-time, as a page": ("train-time", *LLAMA, "--budget-hkd", "20000000"),
    "serve": (*SERVED, "--on", "2026-11-20", "--json"),
    "serve, as a page": (*SERVED, "--on", "2026-11-20"),
    "controls": ("controls", "nvidia_h20_96gb", "--on", "2026-11-20", "--to", "HK", "--json"),
    "controls, as a table": ("controls", "nvidia_h20_96gb", "--on", "2026-11-20", "--to", "HK"),
}  # fmt: skip


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the locales, made here, since few machines have them all."""
    if shutil.which("localedef") is None:
        pytest.skip("localedef makes the locales")
    folder = tmp_path_factory.mktemp("locales")
    for name in LOCALES:
        language, letters = name.split(".")
        subprocess.run(["localedef", "-i", language, "-f", letters, folder / name], capture_output=True, check=False)
        if not (folder / name).exists():
            pytest.skip(f"this machine has no source of {name}")
    return folder


def answer(call: tuple[str, ...], setting: Setting, locales: Path, cache: Path) -> bytes:
    words = [word.format(workers=setting.workers) for word in call]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHONIO"))},
        "LOCPATH": str(locales), "LC_ALL": setting.locale, "TZ": setting.time_zone,
        "PYTHONHASHSEED": setting.hash_seed, "XDG_CACHE_HOME": str(cache),
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-m", "planner", *words], capture_output=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return TIME_TAKEN.sub(rb"\1 0", done.stdout)


@pytest.mark.long
@pytest.mark.parametrize("name", CALLS)
def test_same_input_same_bytes(name: str, locales: Path, tmp_path: Path) -> None:
    first, *others = (answer(CALLS[name], one, locales, tmp_path / one.hash_seed) for one in SETTINGS)
    assert len(first) > 100
    assert [setting for setting, other in zip(SETTINGS[1:], others, strict=True) if other != first] == []


@pytest.mark.long
def test_the_locales_do_something(locales: Path) -> None:
    """Else the test above would compare a setting with itself."""
    code = "import locale, time; locale.setlocale(locale.LC_ALL, ''); print(locale.str(1.5), time.strftime('%A'))"
    words = {
        name: subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            env={**os.environ, "LOCPATH": str(locales), "LC_ALL": name},
            check=True,
        ).stdout
        for name in ("C", *LOCALES)
    }
    assert b"1,5" in words["de_DE.UTF-8"]
    assert len(set(words.values())) == len(words)
