"""The worked notebook runs from top to bottom and gives what is kept in it.

python tests/examples/test_worked_notebook.py     runs it and keeps what it gives
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "examples" / "notebook.ipynb"


def run() -> list[list[dict[str, Any]]]:
    """What each cell of code gives, as text, and as HTML where a notebook would show that."""
    known: dict[str, Any] = {}
    outputs = []
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            outputs.append(_run("".join(cell["source"]), known))
    return outputs


def _run(code: str, known: dict[str, Any]) -> list[dict[str, Any]]:
    *statements, last = ast.parse(code).body
    exec(compile(ast.Module(statements, []), "cell", "exec"), known)
    if not isinstance(last, ast.Expr):
        exec(compile(ast.Module([last], []), "cell", "exec"), known)
        return []
    value = eval(compile(ast.Expression(last.value), "cell", "eval"), known)
    if hasattr(value, "to_plotly_json"):
        # A figure is a page of its own; that it is drawn is enough.
        return [_shown({"text/plain": [f"A figure of {len(value.data)} traces: {value.layout.title.text}"]})]
    html = getattr(value, "_repr_html_", None)
    return [_shown({"text/html" if html else "text/plain": (html() if html else repr(value)).splitlines(True)})]


def _shown(data: dict[str, Any]) -> dict[str, Any]:
    return {"data": data, "execution_count": None, "metadata": {}, "output_type": "execute_result"}


@pytest.mark.slow
def test_it_gives_what_is_kept_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    cells = [c for c in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
    assert [cell["outputs"] for cell in cells] == run()


if __name__ == "__main__":
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for each, outputs in zip(code, run(), strict=True):
        each["outputs"] = outputs
    NOTEBOOK.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
