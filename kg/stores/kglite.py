"""The embedded Cypher store: one file, ``graph.kgl``, written from the tables and read by many.

Each node gets its most telling label first (``Method`` before ``Concept``): kglite finds a node by
``id`` at once under the first label and by a scan under the second. Where kglite's Cypher differs from
Neo4j's is told in ``docs/cypher.md``.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterator, Mapping
from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

from kg import schema
from kg.errors import DiskError, KgError, StoreError, UsageError, shown
from kg.stores import Answer, NodeRecord, Options, RelationRecord, kglite_text
from kg.stores.parameters import checked
from kg.stores.records import by_type, ends, home, of_type

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from kg.tables import Graph

_READ_ONLY = (
    "a graph folder is for reading only, and this query would change it: change the decisions or the "
    "input and run `kg build` again, or load the graph into Neo4j with `kg load` and write there"
)
_PREFIX = re.compile(r"Cypher (?:syntax|execution) error(?: at line \d+, col \d+)?: ")
_LABELS = frozenset(
    label for kind in schema.NODES for label in (kind.label, *dict(kind.type_labels).values())
)
#: How deep an answer may be nested: deeper than parameters and brackets go, less than Python follows.
_DEEPEST = 128


def write(graph: Graph, path: str | Path) -> None:
    """Write ``graph`` to the file ``path``, whole or not at all.

    KgError where a relation leads to a node that is in no table, DiskError where the disk refuses.
    """
    import kglite

    store = kglite.KnowledgeGraph()
    labels: dict[str, dict[str, str]] = {}
    for kind in schema.NODES:
        labels[kind.label] = _add_nodes(store, graph.tables[kind.table], kind)
    for table, kinds in schema.relation_tables().items():
        for relation in kinds:
            _add_relations(store, graph.tables[table], relation, labels)
    try:
        with warnings.catch_warnings():
            # It tells that a big store's lists stay in memory when the file is mapped, which it never is.
            warnings.simplefilter("ignore", kglite.MappedFallbackWarning)
            store.save(str(path))
    except (OSError, kglite.FileIoError) as error:
        raise DiskError(f"{path} cannot be written: {_told(error)}") from error


def _add_nodes(store: Any, table: pa.Table, kind: schema.NodeKind) -> dict[str, str]:
    """Add the rows of ``table``; return the first label of each node by its id."""
    # kglite answers `n.title` with this column, whatever the label.
    names = {p.name for p in kind.properties}
    title = next((name for name in ("title", "name") if name in names), "id")
    first: dict[str, str] = {}
    for label, rows in by_type(table, kind):
        if not rows.num_rows:
            continue
        more = [kind.label] if label != kind.label else None
        store.add_nodes(_frame(rows, kind.properties), label, "id", title, labels=more)
        first.update(dict.fromkeys(_ids(rows, "id"), label))
    return first


def _add_relations(
    store: Any, table: pa.Table, kind: schema.RelationKind, labels: Mapping[str, Mapping[str, str]]
) -> None:
    import pandas as pd

    rows = of_type(table, kind)
    if not rows.num_rows:
        return
    frame = _frame(rows, kind.properties)
    first: list[str] = []
    for side, end in zip(("from", "to"), ends(kind), strict=True):
        ids = _ids(rows, side)
        known = labels[end.label]
        if lost := next((id_ for id_ in ids if id_ not in known), None):
            raise KgError(f"{kind.name} leads to {shown(lost)}, but no {end.label} has that id")
        # Declared properties may be called `from`; the columns of the ends must not clash with them.
        frame[f"\x00{side}"] = pd.Series(ids, dtype=object)
        first.append(f"\x01{side}")
        frame[first[-1]] = [known[id_] for id_ in ids]
    for (source, target), part in frame.groupby(first, sort=True):
        store.add_relationships(
            part.drop(columns=first).reset_index(drop=True), kind.name, source, "\x00from", target, "\x00to"
        )


def _ids(rows: pa.Table, column: str) -> list[str]:
    return cast("list[str]", rows[column].to_pylist())  # keys are never null


def _frame(rows: pa.Table, properties: tuple[schema.Property, ...]) -> pd.DataFrame:
    """Return ``rows`` in the column types that kglite keeps exactly: null stays apart from 0 and ""."""
    import pandas as pd

    frame = pd.DataFrame(index=range(rows.num_rows))
    types = {"integer": "Int64", "float": "float64"}
    for p in properties:
        frame[p.name] = pd.Series(rows[p.name].to_pylist(), dtype=types.get(p.type, "object"))
    return frame


def connect(place: str, options: Options) -> KgliteStore:
    """Open the graph folder ``place`` for reading; nothing is written beside it.

    UsageError where it is no graph folder, StoreError where its store is missing or damaged, DiskError
    where it may not be read.
    """
    import kglite

    from kg import folder

    del options  # a folder needs none
    path = folder.settle(place)
    while True:
        manifest = folder.read_manifest(path)
        file = path / folder.CYPHER_STORE
        try:
            # The process-wide default prints each remark on a query; ours go out in `Answer.notes`.
            kglite.set_query_warning_policy("silent")
            return KgliteStore(kglite.open_session(str(file)))
        except (kglite.FileError, kglite.FileFormatError, kglite.FileIoError, OSError) as error:
            # A build that finished meanwhile swapped the folder under us: read the new one.
            path = folder.settle(place)
            if folder.read_manifest(path) != manifest:
                continue
            if isinstance(error, kglite.FileIoError):
                raise DiskError(
                    f"{file} cannot be read: {_told(error)}; see that you may read it, or name another graph"
                ) from error
            lost = isinstance(error, kglite.FileError)
            raise StoreError(
                f"{file} {'is missing' if lost else 'is damaged'}: run `kg build` again with --out {path}, "
                "which makes it anew from the same input"
            ) from error


class KgliteStore:
    """A graph folder's Cypher store, opened for reading; threads may share it."""

    name = "kglite"
    speaks_cypher = True

    def __init__(self, session: Any) -> None:
        self._session = session

    def cypher(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        timeout: float | None = None,
        limit: int | None = None,
    ) -> Answer:
        """See `kg.stores.Store.cypher`; a query that writes is refused even with ``write``."""
        import kglite

        del write
        values = checked(text, parameters)
        spoken, put_in = kglite_text.spoken(text)
        milliseconds = 0 if timeout is None else max(1, round(timeout * 1000))  # 0: no limit
        if limit is not None and limit > sys.maxsize:
            limit = None  # more than any store holds
        try:
            view = self._session.cypher(
                spoken,
                params=values,
                timeout_ms=milliseconds,
                row_limit=limit,
            )
            if isinstance(view, str):
                raise UsageError("FORMAT in the query is not supported: ask `kg query` for --format csv")
            columns = tuple(view.columns)
            rows = [tuple(_plain(row[column]) for column in columns) for row in view]
        except kglite.ReadOnlyError as error:
            raise UsageError(_READ_ONLY) from error
        except kglite.CypherTimeoutError as error:
            raise StoreError(
                f"the query took longer than {timeout} s and was stopped: allow it more, or narrow it down"
            ) from error
        except kglite.CypherSyntaxError as error:
            where = kglite_text.place(spoken, put_in, error.line, error.col or 1) if error.line else None
            place = f" in line {where[0]}, column {where[1]}" if where else ""
            raise UsageError(f"Cypher syntax{place}: {_told(error)}") from error
        except (kglite.KgError, ValueError, TypeError, OverflowError) as error:
            raise UsageError(f"the query cannot be answered: {_told(error)}") from error
        # The engine tells of the limit by the name of its own option.
        warnings_ = tuple(told.replace("row_limit", "the limit") for told in view.warnings)
        return Answer(columns, rows, warnings_)

    def nodes(self) -> Iterator[NodeRecord]:
        """Read every node back."""
        for (node,) in self._rows("MATCH (n) RETURN n"):
            label = next(kind.label for kind in schema.NODES if kind.label in node["labels"])
            yield NodeRecord(label, tuple(node["labels"]), node["properties"])

    def relations(self) -> Iterator[RelationRecord]:
        """Read every relation back."""
        for source, from_, relation, target, to in self._rows(
            "MATCH (a)-[r]->(b) RETURN labels(a), a.id, r, labels(b), b.id"
        ):
            yield RelationRecord(
                relation["type"],
                (home(source[0]).label, from_),
                (home(target[0]).label, to),
                relation["properties"],
            )

    def _rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        view = self._session.cypher(query, timeout_ms=0)
        columns = view.columns
        for row in view:
            yield tuple(_plain(row[column]) for column in columns)

    def close(self) -> None:
        """Let go of the file."""
        self._session = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()


def _plain(value: Any, room: int = _DEEPEST) -> Any:
    """Return ``value`` in the form that `kg.stores.Answer` promises.

    UsageError where it is nested deeper than ``room``.
    """
    if room < 0:
        raise UsageError(f"the answer is nested too deeply, in more than {_DEEPEST} lists and maps")
    if isinstance(value, dict):
        if _is_node(value):
            return _node(value)
        if _is_relation(value):
            return {"type": value["type"], "properties": _map(value["properties"])}
        if _is_path(value):
            return _path(value)
        return _map(value, room)
    if isinstance(value, list):
        return [_plain(item, room - 1) for item in value]
    if isinstance(value, (date, time)):  # a datetime is a date
        return value.isoformat()
    return value


# kglite hands nodes, relations and paths over as maps, told from other maps by their form alone.


def _is_node(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"id", "labels", "properties"}
        and isinstance(value["labels"], list)
        and bool(value["labels"])
        and all(label in _LABELS for label in value["labels"])
        and isinstance(value["properties"], dict)
    )


def _is_relation(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"id", "start", "end", "type", "properties"}
        and isinstance(value["properties"], dict)
    )


def _is_path(value: dict[str, Any]) -> bool:
    return (
        value.keys() == {"nodes", "relationships"}
        and all(isinstance(part, list) for part in value.values())
        and all(map(_is_node, value["nodes"]))
        and all(map(_is_relation, value["relationships"]))
        and len(value["nodes"]) == len(value["relationships"]) + 1
    )


def _node(value: Mapping[str, Any]) -> dict[str, Any]:
    # kglite adds `type` and `title` of its own to the properties of every node.
    names = {p.name for p in home(value["labels"][0]).properties}
    properties = {k: _plain(v) for k, v in value["properties"].items() if k in names}
    return {"labels": sorted(value["labels"]), "properties": properties}


def _path(value: Mapping[str, Any]) -> dict[str, Any]:
    starts = [node["id"] for node in value["nodes"][:-1]]
    steps = value["relationships"]
    return {
        "nodes": [_node(node) for node in value["nodes"]],
        "relations": [_plain(step) for step in steps],
        "forward": [step["start"] == start for step, start in zip(steps, starts, strict=True)],
    }


def _map(value: Mapping[str, Any], room: int = _DEEPEST) -> dict[str, Any]:
    return {key: _plain(item, room - 1) for key, item in value.items()}


def _told(error: BaseException) -> str:
    """Return the first line of what a driver says, without its preamble, fit for a terminal."""
    first = next(iter(str(error).splitlines()), type(error).__name__)
    return shown(_PREFIX.sub("", first), 300)[1:-1]
