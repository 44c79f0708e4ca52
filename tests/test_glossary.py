"""One word for one thing: what users read takes the glossary's words, and none that stand for the same."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from source import FILES, nodes

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
INSTEAD_OF = {
    "target": r"\bpromis",
    "unserved work": r"lost compute|left undone",
    "residual value": r"salvage|scrap value|value left",
    "device": r"\bchips?\b",
    "shadow price": r"\bdual value|marginal price",
    "silo": r"walled garden",
}


@cache
def texts(path: Path) -> list[tuple[int, str]]:
    """Line and text of every string of a file that is no docstring."""
    alone = {
        id(line.value)
        for node in nodes(path)
        for line in (getattr(node, "body", ()) if isinstance(getattr(node, "body", ()), list) else ())
        if isinstance(line, ast.Expr)
    }
    return [
        (node.lineno, node.value)
        for node in nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone
    ]


@pytest.mark.parametrize("word", INSTEAD_OF)
def test_the_glossary_tells_it(word: str) -> None:
    assert re.search(rf"^\| [^|]*{word}[^|]* \|", README, re.MULTILINE)


@pytest.mark.slow
@pytest.mark.parametrize(("word", "others"), INSTEAD_OF.items(), ids=list(INSTEAD_OF))
def test_no_other_word_stands_for_it(word: str, others: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text[:80]!r}"
        for path in FILES
        for line, text in texts(path)
        if re.search(others, text, re.IGNORECASE)
    ]
    assert found == [], f"say '{word}'"
