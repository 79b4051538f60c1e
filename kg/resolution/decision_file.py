"""The YAML file that decisions live in: read without surprises, rewritten without losing a comment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from kg.errors import DiskError, InputError, UsageError, shown
from kg.files import replacing
from kg.model import CONCEPT_TYPES, ROLES
from kg.resolution.decisions import VERBS, Decision, Verb
from kg.resolution.normal import squeeze

_MOST_BYTES = 16 * 1024 * 1024


def rewrite(path: Path, entries: Sequence[Decision]) -> None:
    """See `Decisions.dump`."""
    wanted = {entry.identity for entry in entries}
    document, present = parse(path) if path.exists() else (None, [])
    kept = [n for n, entry in enumerate(present) if entry.identity in wanted]
    known = {present[n].identity for n in kept}
    added = [entry for entry in entries if entry.identity not in known]
    if document is not None and kept:
        for n in sorted(set(range(len(present))) - set(kept), reverse=True):
            del document[n]
        document.extend(_plain(added))
        text = _dumped(document)
    else:
        # Nothing to keep but comments, which a document without entries cannot carry.
        before = path.read_text(encoding="utf-8-sig") if path.exists() else ""
        comments = [line for line in before.splitlines() if line.lstrip().startswith("#")]
        text = "".join(f"{line}\n" for line in comments) + (_dumped(_plain(added)) if added else "[]\n")
    with replacing(path) as file:
        file.write(text)


def _yaml() -> YAML:

    class Plain(VersionedResolver):
        """Every scalar is text: a dataset may be called `no`, `1e3` or `2024-01-01`."""

        def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
            if kind is ScalarNode and implicit[0]:
                return self.DEFAULT_SCALAR_TAG
            return super().resolve(kind, value, implicit)

    yaml = YAML(typ="rt")
    yaml.Resolver = Plain
    yaml.preserve_quotes = True
    yaml.width = 1_000_000  # one decision, one line
    yaml.allow_unicode = True
    return yaml


def _plain(entries: Iterable[Decision]) -> Any:

    def text(value: str) -> str:
        simple = (
            value.replace(" ", "").replace("-", "").isalnum()
            and value[0].isalpha()
            and value == squeeze(value)
        )
        words_of_yaml = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
        return value if simple and value.casefold() not in words_of_yaml else DoubleQuotedScalarString(value)

    def flow(pairs: Iterable[tuple[str, Any]]) -> Any:
        made = CommentedMap(pairs)
        made.fa.set_flow_style()
        return made

    listed = CommentedSeq()
    for entry in entries:
        pairs: list[tuple[str, Any]] = []
        if entry.verb in {"same", "different"}:
            names = CommentedSeq(text(name) for name in entry.names)
            names.fa.set_flow_style()
            pairs.append((entry.verb, names))
        elif entry.verb == "edge":
            at = [("paper", text(entry.paper_id)), ("concept", text(entry.names[0]))]
            if entry.quote:
                at.append(("quote", DoubleQuotedScalarString(entry.quote)))
            pairs += [("edge", flow(at)), ("role", entry.to) if entry.to else ("drop", "true")]
        else:
            pairs.append((entry.verb, text(entry.names[0])))
            if entry.to:
                pairs.append(("to", text(entry.to)))
        if entry.reason:
            pairs.append(("reason", text(entry.reason)))
        listed.append(flow(pairs))
    return listed


def _dumped(document: Any) -> str:

    out = StringIO()
    _yaml().dump(document, out)
    return out.getvalue()


def parse(path: Path) -> tuple[CommentedSeq | None, list[Decision]]:
    """Return the file as it is written, for `rewrite`, and its entries; errors as `Decisions.load`."""
    try:
        data = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise InputError(f"Decisions {shown(str(path))} are no file; name a file of decisions.") from error
    except OSError as error:
        raise DiskError(f"Decisions {shown(str(path))} cannot be read: {error.strerror or error}.") from error
    if len(data) > _MOST_BYTES:
        raise InputError(
            f"Decisions {shown(str(path))} have {len(data)} bytes; at most {_MOST_BYTES} are read."
        )
    try:
        document = _yaml().load(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(
            f"Decisions {shown(str(path))} are not UTF-8 (byte {error.start}); save them as UTF-8."
        ) from error
    except (YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark is not None else ""
        problem = getattr(error, "problem", None) or type(error).__name__
        raise InputError(f"Decisions {shown(str(path))}{line}: not YAML ({problem}).") from error
    if document is None:
        return None, []
    if not isinstance(document, CommentedSeq):
        raise UsageError(f"Decisions {shown(str(path))} must be a list: lines as “- {{same: [a, b]}}”.")
    return document, [_entry(item, document.lc.item(n)[0] + 1, path) for n, item in enumerate(document)]


_KEYS: dict[Verb, frozenset[str]] = {
    "same": frozenset({"same", "reason"}),
    "different": frozenset({"different", "reason"}),
    "rename": frozenset({"rename", "to", "reason"}),
    "type": frozenset({"type", "to", "reason"}),
    "drop": frozenset({"drop", "reason"}),
    "edge": frozenset({"edge", "role", "drop", "reason"}),
}


def _entry(item: Any, line: int, path: Path) -> Decision:
    def wrong(what: str) -> UsageError:
        return UsageError(f"Decisions {shown(str(path))}, line {line}: {what}.")

    if not isinstance(item, dict):
        raise wrong("an entry must be a mapping, as “{same: [a, b]}”")
    verbs: list[Verb] = ["edge"] if "edge" in item else [verb for verb in VERBS if verb in item]
    if len(verbs) != 1:
        raise wrong(f"an entry has exactly one of {', '.join(VERBS)}")
    verb = verbs[0]
    strange = sorted(str(k) for k in item if k not in _KEYS[verb])
    if strange:
        raise wrong(
            f"{shown(strange[0])} means nothing beside {verb}; it takes {', '.join(sorted(_KEYS[verb]))}"
        )

    def text(value: Any, what: str) -> str:
        if not isinstance(value, str) or not value.strip():
            raise wrong(f"{what} must be text")
        if any(0xD800 <= ord(c) <= 0xDFFF for c in value):
            raise wrong(f"{what} holds a lone surrogate")
        return squeeze(str(value))

    reason = text(item["reason"], "reason") if item.get("reason") is not None else ""
    if verb in {"same", "different"}:
        names = item[verb]
        if not isinstance(names, list) or len(names) < 2:
            raise wrong(f"{verb} takes a list of two or more names")
        return Decision(verb=verb, names=tuple(text(n, "a name") for n in names), reason=reason, line=line)
    if verb == "edge":
        return _edge(item, reason, line, text, wrong)
    to = ""
    if verb != "drop":
        to = text(item.get("to"), "to")
        if verb == "type":
            to = to.upper()
            if to not in CONCEPT_TYPES:
                raise wrong(f"no type {shown(to)}; types are {', '.join(CONCEPT_TYPES)}")
    return Decision(verb=verb, names=(text(item[verb], "a name"),), to=to, reason=reason, line=line)


def _edge(
    item: Any, reason: str, line: int, text: Callable[[Any, str], str], wrong: Callable[[str], UsageError]
) -> Decision:
    at = item["edge"]
    if not isinstance(at, dict) or not {"paper", "concept"} <= set(at) <= {"paper", "concept", "quote"}:
        raise wrong("edge takes paper, concept and quote (its digest, may be left out)")
    if ("role" in item) == ("drop" in item):
        raise wrong("an edge takes either a role or “drop: true”")
    to = text(item["role"], "role").upper() if "role" in item else ""
    if to and to not in ROLES:
        raise wrong(f"no role {shown(to)}; roles are {', '.join(ROLES)}")
    if "drop" in item and text(item["drop"], "drop").casefold() not in {"true", "yes"}:
        raise wrong("drop must be true")
    quote = text(at["quote"], "quote") if at.get("quote") is not None else ""
    return Decision(
        verb="edge",
        names=(text(at["concept"], "concept"),),
        paper_id=text(at["paper"], "paper"),
        quote=quote,
        to=to,
        reason=reason,
        line=line,
    )
