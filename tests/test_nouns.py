"""Variables are nouns of the field: what holds rows is called rows, not what was found."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

import pytest
from source import FILES, PACKAGE, name_of, nodes

PARTICIPLES = {"found", "told"}
ROOMS = sorted({path.parent.relative_to(PACKAGE).as_posix() for path in FILES})


def names(nodes: Sequence[ast.AST]) -> Iterator[tuple[int, str]]:
    """Line and name of every parameter and of every variable and attribute where it is set.

    Fields of classes are left out: they name keys of JSON.
    """
    fields = {
        id(line.target)
        for node in nodes
        if isinstance(node, ast.ClassDef)
        for line in node.body
        if isinstance(line, ast.AnnAssign)
    }
    for node in nodes:
        if isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in fields:
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr


@pytest.mark.parametrize("room", ROOMS)
def test_no_variable_is_a_participle(room: str) -> None:
    assert [
        f"{name_of(path)}:{line}: {name}"
        for path in FILES
        if path.parent == PACKAGE / room
        for line, name in names(nodes(path))
        if name.strip("_") in PARTICIPLES
    ] == [], "call it what it holds"


def test_parameters_variables_and_attributes_are_names_and_fields_of_classes_are_not() -> None:
    text = "class A:\n    found: str\n    def f(self, told):\n        self.found = [found for found in told]\n"
    assert sorted(names(list(ast.walk(ast.parse(text))))) == [(3, "self"), (3, "told"), (4, "found"), (4, "found")]
