"""Thousands of broken inputs, from one seed: each is understood or refused in words; none may stumble.

    python -m tests.fuzz --mutations 10000 --seed 1

Prints what stumbled, with the seed of each, and how long it took; exits with 1 when anything did.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date
from functools import cache
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import yaml

from planner.audit import AuditFailed
from planner.domain.case import Case
from planner.errors import InvalidInput, PlannerError, SolverFailed
from planner.intake import read_case
from planner.intake.imports.read import Said, read_import
from planner.intake.options_file import read_options
from planner.intake.overrides.override import override
from planner.plan.plan import make_plan
from planner.study.compare.compare import compare
from planner.study.sweep.designs import read_parameter
from planner.training.cases import answer_cases
from planner.training.train_time import train_time

ROOT = Path(__file__).parents[1]
BASES = ("1_power_limit", "3_licence_quota", "6_fund_with_strings", "12_silos", "15_hedge")
NASTY: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 0.5, 50, -0.0, 1e-300, 1e308, -1e308, 10**30, "nan", ".inf", "9" * 400, "", " ", "x",
    "*", "[/b]", "[bold]", "\x1b[31mred", "=1+1", "1,024", "50 %", "1e400", "2027q5", "2027q1", "2027", "9999q4", "2027m13",
    "2027-02-30", "9999-12-31", "0001-01-01", "hk_aisc", "HKG", "é中文", "a" * 2000, [], {}, [1], ["x"], [[]], {"a": 1},
    {"low": 2, "mid": 1, "high": 0}, {"low": None}, {"x": {"y": {"z": []}}},
)  # fmt: skip
ONE_PLAN_IN = 100


@cache
def text_of(name: str) -> str:
    return (ROOT / "examples" / name / "case.yaml").read_text(encoding="utf-8")


@cache
def data_of(name: str) -> Any:
    """What the file states; to be copied before it is changed."""
    return yaml.safe_load(text_of(name))


@cache
def case_of(name: str) -> Case:
    return read_case(ROOT / "examples" / name / "case.yaml")


@cache
def paths_of(name: str) -> list[tuple[Any, ...]]:
    """Every place in the case as --set names them, less the catalogues."""
    catalogues = {"accelerators", "governance", "rulebook", "performance", "models"}
    return list(places(json.loads(case_of(name).model_dump_json(exclude=catalogues))))


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in nested data, from the top down."""
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in entries:
        yield (*path, key)
        yield from places(value, (*path, key))


def twisted(data: Any, rng: random.Random) -> Any:
    """The data with one to three values replaced, keys renamed, removed or moved."""
    for _ in range(rng.randint(1, 3)):
        path = rng.choice(list(places(data)) or [()])
        holder = data
        for part in path[:-1]:
            holder = holder[part]
        if not path:
            return deepcopy(rng.choice(NASTY))
        way = rng.random()
        if way < 0.7:
            holder[path[-1]] = deepcopy(rng.choice(NASTY))
        elif way < 0.8 and isinstance(holder, dict):
            holder[rng.choice(["x", path[-1] + "s" if isinstance(path[-1], str) else "k", "é"])] = holder.pop(path[-1])
        elif way < 0.9:
            del holder[path[-1]]
        else:
            held = holder[path[-1]]
            holder[path[-1]] = deepcopy(rng.choice([holder, [held], {"a": held}]))
    return data


def scrambled(text: str, rng: random.Random) -> str:
    """The text with some characters or lines taken out, doubled or put in."""
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(text) + 1)
        junk = rng.choice(
            ["\t", ":", "- ", "[", "}", "&a ", "*a", "#", "'", '"', "\n", "\x00", "\x1b[2J", "é", "---\n", "%", "!!x "]
        )
        text = rng.choice(
            [
                text[:at] + text[at + rng.randint(1, 9) :],
                text[:at] + junk + text[at:],
                text[:at] + text[max(0, at - 20) :],
            ]
        )
    return text


def read(text: str, rng: random.Random, folder: Path) -> None:
    path = folder / "case.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    case = read_case(path)
    if rng.random() < 1 / ONE_PLAN_IN:
        make_plan(case)


def fuzz_structure(rng: random.Random, folder: Path) -> None:
    data = twisted(deepcopy(data_of(rng.choice(BASES))), rng)
    read(json.dumps(data, default=str, ensure_ascii=rng.random() < 0.5), rng, folder)


def fuzz_text(rng: random.Random, folder: Path) -> None:
    read(scrambled(text_of(rng.choice(BASES)), rng), rng, folder)


def fuzz_set(rng: random.Random, folder: Path) -> None:
    name = rng.choice(BASES)
    parts = [str(part) for part in rng.choice(paths_of(name))]
    if rng.random() < 0.4:
        parts[rng.randrange(len(parts))] = rng.choice(
            ["*", "**", "", "x", "-1", "999", "hk_*", "accelerators", "governance", "delay_months", "["]
        )
    value = rng.choice(NASTY)
    override(
        case_of(name),
        {
            ".".join(parts[: rng.randint(1, len(parts))]): rng.choice(
                [value, f"*{value}", f"+{value}", f"-{value}%", str(value)]
            )
        },
    )


def fuzz_vary(rng: random.Random, folder: Path) -> None:
    span = ":".join(str(rng.choice(NASTY)) for _ in range(rng.randint(1, 4)))
    path = rng.choice(["budget_hkd", "sites.hk_hsitp_loop.power_mw", "offers.*.price_usd_per_device", "x", "*", ""])
    read_parameter(case_of(BASES[0]), f"{path}={rng.choice(['', '*', '+'])}{span}")


def fuzz_table(rng: random.Random, folder: Path) -> None:
    rows = ["model,params_b,accelerator_id,count,tokens_b,precision", "seven,7,nvidia_h100_sxm,64,1000,bf16"]
    path = folder / "cases.csv"
    path.write_bytes(scrambled("\n".join(rows), rng).encode("utf-8", "surrogatepass"))
    answer_cases(path)


def fuzz_train(rng: random.Random, folder: Path) -> None:
    asked: dict[str, Any] = {"params_b": 7.0, "tokens_b": 10.0, "count": 64}
    numbers = [float("nan"), float("inf"), -1, 0, 1e-300, 1e300, 3, 7.5, 1e6]
    for name in rng.sample(["params_b", "active_params_b", "tokens_b", "count", "seq_len", "tp", "pp", "ep", "micro_batch", "batch_tokens", "budget_hkd", "licence_wait_months"], 2):  # fmt: skip
        number = rng.choice(numbers)
        whole = name in ("count", "seq_len", "tp", "pp", "ep", "micro_batch")
        asked[name] = int(number) if whole and abs(number) < 1e9 else 5 if whole else number
    train_time("huawei_ascend_910b2", **asked)


def fuzz_options(rng: random.Random, folder: Path) -> None:
    """A file of options beside its case."""
    example = ROOT / "examples" / "midscale_grant"
    (folder / "need.yaml").write_bytes((example / "need.yaml").read_bytes())
    text = (example / "options.yaml").read_text(encoding="utf-8")
    if rng.random() < 0.6:
        text = json.dumps(twisted(yaml.safe_load(text), rng), default=str)
    else:
        text = scrambled(text, rng)
    path = folder / "options.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    inputs = read_options(path)
    if rng.random() < 1 / ONE_PLAN_IN:
        compare(inputs)


IMPORTED = (
    "AcceleratorName,AcceleratorCount,Price,Region\nH200,8,40,us-east-1\nL4,1,0.8,us-east-1\n",
    "gpu,count,installed,site\nL20,8,2025-01-31,hk_aisc\n",
    "GPU 0: NVIDIA L20 (UUID: 1)\nGPU 1: Tesla T4 (UUID: 2)\n",
    "id,name,kind,workload_class,tenant,data_class,start,end,demand_pflops,params_b,unserved_hkd_per_pflops_day\na,A,service,inference_llm,t,public,2027q1,2027q4,1,7,9\n",
)


def fuzz_import(rng: random.Random, folder: Path) -> None:
    path = folder / rng.choice(["file.csv", "file.xlsx", "file.txt"])
    path.write_bytes(scrambled(rng.choice(IMPORTED), rng).encode("utf-8", "surrogatepass"))
    kind = rng.choice([None, None, "prices", "inventory", "workloads"])
    said = Said(date(2026, 11, 20), kind=kind, site=rng.choice([None, "sg", "x"]), installed=date(2025, 1, 1))
    imported, origin = read_import(path, said)
    imported.as_yaml(origin)


WAYS: tuple[Callable[[random.Random, Path], None], ...] = (
    fuzz_structure, fuzz_structure, fuzz_structure, fuzz_text, fuzz_text, fuzz_set, fuzz_set, fuzz_vary, fuzz_table, fuzz_train, fuzz_options, fuzz_import,
)  # fmt: skip


def one(seed: int) -> str | None:
    """What stumbled under this seed, with where; None when the input was understood or refused in words."""
    rng = random.Random(seed)
    way = rng.choice(WAYS)
    with tempfile.TemporaryDirectory() as folder:
        try:
            way(rng, Path(folder))
        except (AuditFailed, SolverFailed) as error:
            return f"seed {seed}, {way.__name__}: {error}"
        except InvalidInput as error:
            if not all(problem.what for problem in error.problems):
                return f"seed {seed}, {way.__name__}: a refusal without words"
        except PlannerError:
            pass
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            return f"seed {seed}, {way.__name__}: {type(error).__name__}: {str(error)[:120]} at {Path(frame.filename).name}:{frame.lineno}"
    return None


def fuzz(mutations: int, seed: int, processes: int = 1) -> list[str]:
    """What stumbled of so many mutations."""
    seeds = range(seed * 1_000_000, seed * 1_000_000 + mutations)
    if processes == 1:
        return [said for said in map(one, seeds) if said]
    with Pool(processes) as pool:
        return [said for said in pool.imap_unordered(one, seeds, chunksize=50) if said]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    began = time.perf_counter()
    stumbled = fuzz(asked.mutations, asked.seed, asked.processes)
    for said in stumbled[:50]:
        print(said)
    kinds = Counter(said.rpartition(" at ")[2] for said in stumbled)
    print(
        f"{asked.mutations:,} mutations, {len(stumbled)} stumbled ({dict(kinds)}), {time.perf_counter() - began:.0f} s"
    )
    return 1 if stumbled else 0


if __name__ == "__main__":
    sys.exit(main())
