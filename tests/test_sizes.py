"""Files and functions stay small enough to be read at a sitting."""

from __future__ import annotations

import ast

from source import FILES, name_of, nodes

LINES_OF_A_FILE, LINES_OF_A_FUNCTION = 400, 60


def test_files_are_short() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert {name: lines for name, lines in lengths.items() if lines > LINES_OF_A_FILE} == {}


def test_functions_are_short() -> None:
    long = {}
    for path in FILES:
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                # The options of a command are declarations; what counts is what is done with them.
                lines = (node.end_lineno or node.lineno) - node.body[0].lineno + 1
                if lines > LINES_OF_A_FUNCTION:
                    long[f"{name_of(path)}:{node.lineno} {node.name}"] = lines
    assert long == {}


def test_there_is_no_drawer_of_odds_and_ends() -> None:
    assert not [path.name for path in FILES if path.stem in ("utils", "helpers", "misc", "common")]


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name_of(path)
        for path in FILES
        if isinstance(module := nodes(path)[0], ast.Module) and path.stat().st_size and not ast.get_docstring(module)
    ]
    assert silent == []
