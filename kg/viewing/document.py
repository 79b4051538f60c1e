"""The page: one HTML document that holds its data, its styles and its scripts, and asks for nothing else."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Mapping
from importlib.resources import files

from kg.viewing.network import vis_network

_ASSETS = files("kg.viewing") / "assets"
_HOLE = re.compile(r"\{\{(\w+)\}\}")


def document(title: str, data: str) -> str:
    """Return the page called ``title`` with ``data``, which is JSON without markup."""
    vis, script, style = _lines(vis_network()), _script(), _lines(_read("page.css"))
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {_digest(vis)} {_digest(script)}",
            f"style-src {_digest(style)}",
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    parts = {
        "title": html.escape(title),
        "policy": policy,
        "style": style,
        "data": data,
        "vis": vis,
        "script": script,
    }
    return _fill(_lines(_read("page.html")), parts)


def _fill(template: str, parts: Mapping[str, str]) -> str:
    """Return ``template`` with its holes filled, in one go: what fills a hole is not looked at again."""
    return _HOLE.sub(lambda hole: parts[hole[1]], template)


def _script() -> str:
    folder = _ASSETS / "script"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".js"))
    body = "\n".join(_lines((folder / name).read_text("utf-8")) for name in names)
    return f'"use strict";\n(() => {{\n{body}}})();\n'


def _read(name: str) -> str:
    return (_ASSETS / name).read_text("utf-8")


def _lines(text: str) -> str:
    """Return ``text`` with the line ends that a browser makes of it, before it takes the digest."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
