"""YAML of planner's own: the values that the strict reader sees, in half its time, since nothing is doubted and no place is kept.

Our files hold no anchors, merges, tags or keys given twice; a test reads them with the strict reader and compares.
"""

from __future__ import annotations

from typing import Any

import yaml

from planner.intake.strict_yaml import scalar


class _Plain(yaml.resolver.BaseResolver):
    """Tells plain scalars from quoted ones, and no more."""

    def resolve(self, kind: type[yaml.Node], value: str | None, implicit: Any) -> str:
        return "plain" if kind is yaml.ScalarNode and implicit[0] else ""

    def descend_resolver(self, parent: yaml.Node | None, index: object) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


class _Loader(_Plain, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """libyaml's parser where it is there."""


def plain(text: str) -> Any:
    """The data of a text of our own."""
    return _value(yaml.compose(text, Loader=_Loader))


def _value(node: yaml.Node | None) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return scalar(node.value) if node.tag else node.value
    if isinstance(node, yaml.MappingNode):
        return {key.value: _value(value) for key, value in node.value}
    return [_value(item) for item in node.value] if node else None
