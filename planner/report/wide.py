"""Text whose characters take two columns of a terminal each, as Chinese ones do: how wide it is, and where its lines break."""

from __future__ import annotations

import re
from unicodedata import east_asian_width

_CLOSING, _OPENING = "，。；：、！？」』）》", "「『（《"
# A wide character with the marks that may not begin a line after it, or end one before it; a word; a space.
_PIECE = re.compile(
    rf"[{_OPENING}]*(?:[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^ \u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+)[{_CLOSING}]*|[{_CLOSING}]+| +"
)


def columns(text: str) -> int:
    """Columns of a terminal that the text takes."""
    return len(text) if text.isascii() else sum(1 + (east_asian_width(sign) in "WF") for sign in text)


def filled(paragraph: str, width: int, hang: str) -> str:
    """The paragraph in lines of `width` columns, those after the first set in by `hang`; lines break at spaces and between wide
    characters.
    """
    lines, line = [], ""
    for piece in _PIECE.findall(paragraph):
        if columns(line + piece.rstrip(" ")) > width and line.strip():
            lines.append(line.rstrip(" "))
            line = hang + piece.lstrip(" ")
        else:
            line += piece
    return "\n".join([*lines, line.rstrip(" ")])
