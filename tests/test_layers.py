"""Imports point one way, heavy packages stay where they belong, and nothing heavy is loaded before it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from source import FILES, PACKAGE, nodes

BASE = {"errors", "units", "cells", "collector", "whole_file"}
RULES = {"law", "performance", "domain", *BASE}
PLANS = {"plan", "solve", "model", *RULES}
JOBS = {"training", "intake", *RULES}
SHOWN = {"study", "serving", *PLANS, *JOBS}
MAY_IMPORT = {
    **{name: set() for name in BASE},
    "domain": BASE,
    "intake": {"domain", *BASE},
    "law": {"domain", *BASE},
    "performance": {"domain", *BASE},
    "model": RULES,
    "solve": {"model", *RULES},
    "audit": RULES,
    "plan": {"solve", "audit", "model", *RULES},
    "study": {*PLANS, "intake"},
    "training": {"intake", *RULES},
    "serving": JOBS,
    "report": SHOWN,
    "figures": {"report", *SHOWN},
    "papers": {"figures", "report", *SHOWN},
    "app": {"papers", "figures", "report", *SHOWN},
    "cli": {"app", "papers", "figures", "report", *SHOWN},
    # The public surface and the way to run it.
    "__init__": {"report", "study", "serving", "training", "intake", *PLANS},
    "__main__": {"cli"},
}
ONLY_UNDER = {
    "csv": {"cells"},
    "pandas": {"plan", "audit"},
    "pulp": {"model", "solve", "plan"},
    "highspy": {"solve"},
    "joblib": {"study"},
    "distributed": {"study"},
    "pyarrow": {"study"},
    "plotly": {"plan", "figures", "papers", "app"},
    "jinja2": {"papers"},
    "xlsxwriter": {"papers"},
    "dash": {"app"},
    "flask": {"app"},
    "waitress": {"app"},
    "yaml": {"intake"},
    "typer": {"cli"},
    "click": {"cli"},
    "rich": {"cli", "report"},
}


def layer_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def imports(path: Path) -> tuple[tuple[str, int], ...]:
    """Modules that a file imports anywhere, for types alone too, with their lines."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno
            if node.module == "planner":
                yield from ((f"planner.{name.name}", node.lineno) for name in node.names)


def test_imports_point_one_way() -> None:
    wrong = []
    for path in FILES:
        layer = layer_of(path)
        for module, line in imports(path):
            parts = module.split(".")
            target = parts[1] if parts[0] == "planner" and len(parts) > 1 else None
            if target in MAY_IMPORT and target != layer and target not in MAY_IMPORT[layer]:
                wrong.append(f"{path.relative_to(PACKAGE.parent)}:{line} imports {module}")
    assert wrong == []


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


def test_files_import_in_no_circle() -> None:
    """For types alone neither: what two files need of one another belongs into a third."""
    modules = {module_of(path) for path in FILES}
    asks: dict[str, set[str]] = {}
    for path in FILES:
        named = [
            (node.module, name.name)
            for node in nodes(path)
            if isinstance(node, ast.ImportFrom) and node.module in modules
            for name in node.names
        ]
        asks[module_of(path)] = {f"{of}.{name}" if f"{of}.{name}" in modules else of for of, name in named}
    try:
        TopologicalSorter(asks).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_relative_imports_are_not_used() -> None:
    relative = [path.name for path in FILES for node in nodes(path) if isinstance(node, ast.ImportFrom) and node.level]
    assert relative == []


@pytest.mark.parametrize("package", ONLY_UNDER)
def test_heavy_packages_stay_where_they_belong(package: str) -> None:
    wrong = [
        f"{path.relative_to(PACKAGE.parent)}:{line}"
        for path in FILES
        for module, line in imports(path)
        if module.split(".")[0] == package and layer_of(path) not in ONLY_UNDER[package]
    ]
    assert wrong == []


MARK = "--- loaded: "
RUN = "from planner.cli import main\nsys.argv[1:] = {}\ntry:\n    main()\nexcept SystemExit:\n    pass"


@cache
def loaded_after(*statements: str) -> tuple[set[str], ...]:
    """Top-level packages that one fresh interpreter has loaded after each of its statements."""
    said = f"print(\"\\n{MARK}\" + ' '.join({{name.split('.')[0] for name in sys.modules}}))"
    code = "\n".join(["import sys", *(line for statement in statements for line in (statement, said))])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return tuple(set(line[len(MARK) :].split()) for line in done.stdout.splitlines() if line.startswith(MARK))


HEAVY = {"pandas", "plotly", "pulp", "highspy", "numpy", "jinja2", "xlsxwriter", "dash"}
LIGHT = {
    "import planner": "import planner",
    "import planner.cli": "import planner.cli",
    "planner --help": RUN.format(["--help"]),
    "planner controls": RUN.format(["controls", "nvidia_h20_96gb", "--on", "2026-11-20", "--to", "HK"]),
    "planner controls, every device": RUN.format(["controls", "--json"]),
    "options of every verb": "from planner.cli.verbs import VERBS, load\nfor verb in VERBS:\n    load(verb)",
}
"""What loads nothing heavy, in the order in which one interpreter does it all."""


@pytest.mark.slow
@pytest.mark.parametrize("name", LIGHT)
def test_nothing_heavy_is_loaded_before_it_is_needed(name: str) -> None:
    loaded = dict(zip(LIGHT, loaded_after(*LIGHT.values()), strict=True))
    assert "planner" in loaded[name]
    assert loaded[name] & HEAVY == set()


PROGRAM = "import planner.model.build", RUN.format(["plan", "examples/1_power_limit/case.yaml"])


@pytest.mark.slow
def test_a_plan_is_made_and_shown_without_pandas() -> None:
    loaded = loaded_after(*PROGRAM)[1]
    assert "highspy" in loaded
    assert "pandas" not in loaded


@pytest.mark.slow
def test_the_program_loads_no_tables_and_no_command_line() -> None:
    assert loaded_after(*PROGRAM)[0] & {"pandas", "plotly", "typer", "yaml"} == set()
