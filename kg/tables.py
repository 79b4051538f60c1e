"""`Graph`: the graph as named Arrow tables, and their form on disk.

The tables are the truth; every store is rebuilt from them. Each node table has one row a node,
sorted by ``id``; each relation table the columns ``type``, ``from``, ``to`` and then the properties
that `kg.schema` declares, one row a relation, sorted by those three. ``merges`` holds every merge of
papers and of names, ``comparisons`` the pairs of names that were near enough to be weighed. Strings
compare by code point.
"""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from kg import schema
from kg.errors import StoreError, UsageError, shown
from kg.text import digest

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import pyarrow as pa

    from kg.viewing.notebook import ShownPaper, View

#: One value a column, in the order of `columns`.
Row: TypeAlias = Sequence[Any]

#: The columns that name a relation: its type and the ids of its two ends.
RELATION_KEY = ("type", "from", "to")
MERGES = "merges"
COMPARISONS = "comparisons"

_MERGE_COLUMNS = (
    schema.Property("what", "string", "paper or name"),
    schema.Property("merged", "string", "what went into the other"),
    schema.Property("into", "string", "what it went into"),
    schema.Property("reason", "string", "why they are one"),
    schema.Property("score", "float", "0 to 1; 1 where a rule or a person decided"),
)
_COMPARISON_COLUMNS = (
    schema.Property("name", "string", "one of the two names"),
    schema.Property("other", "string", "the other"),
    schema.Property("name_id", "string", "the concept that the one leads to; empty where it was dropped"),
    schema.Property("other_id", "string", "the concept that the other leads to: joined where the same"),
    schema.Property("reason", "string", "why they are one, or not"),
    schema.Property("score", "float", "how sure it is that they are one, 0 to 1; 1 where a person decided"),
    schema.Property("features", "strings", "what was weighed: its name, value, and share in the log odds"),
)
_FURTHER = {MERGES: _MERGE_COLUMNS, COMPARISONS: _COMPARISON_COLUMNS}
_FURTHER_KEYS = {
    MERGES: ("what", "merged", "into", "reason"),
    COMPARISONS: ("name", "other", "name_id", "other_id", "reason"),
}


def table_names() -> tuple[str, ...]:
    """Return the names of all tables: nodes, relations, merges, comparisons."""
    return (*(kind.table for kind in schema.NODES), *schema.relation_tables(), *_FURTHER)


def columns(table: str) -> tuple[schema.Property, ...]:
    """Return the columns of ``table`` in order; KeyError where there is no such table."""
    if table in _FURTHER:
        return _FURTHER[table]
    for node in schema.NODES:
        if node.table == table:
            typed = (schema.Property("type", "string", "the type that decides its further label"),)
            return (node.properties[0], *(typed if node.type_labels else ()), *node.properties[1:])
    kinds = schema.relation_tables()[table]
    ends = (
        schema.Property("type", "string", "the relation's type"),
        schema.Property("from", "string", "id of the node it starts at"),
        schema.Property("to", "string", "id of the node it ends at"),
    )
    properties: dict[str, schema.Property] = {}
    for p in (p for kind in kinds for p in kind.properties):
        # Required in the table only where every relation that it holds has it.
        required = all(any(p.name == q.name and q.required for q in kind.properties) for kind in kinds)
        properties.setdefault(p.name, schema.Property(p.name, p.type, p.meaning, required))
    return (*ends, *properties.values())


def key_columns(table: str) -> tuple[str, ...]:
    """Return the columns by which ``table`` is sorted, and which no two of its rows share."""
    if table in _FURTHER_KEYS:
        return _FURTHER_KEYS[table]
    return RELATION_KEY if table in schema.relation_tables() else ("id",)


def arrow_schema(table: str) -> pa.Schema:
    """Return the Arrow schema of ``table``."""
    import pyarrow as pa

    types: dict[schema.PropertyType, pa.DataType] = {
        "string": pa.string(),
        "integer": pa.int64(),
        "float": pa.float64(),
        "strings": pa.list_(pa.string()),
        "integers": pa.list_(pa.int64()),
    }
    return pa.schema([pa.field(c.name, types[c.type], nullable=not c.required) for c in columns(table)])


def make_table(table: str, rows: Iterable[Row]) -> pa.Table:
    """Return ``rows`` (values in the order of `columns`) as the Arrow table ``table``, sorted by its key."""
    import pyarrow as pa

    form = arrow_schema(table)
    positions = [form.get_field_index(name) for name in key_columns(table)]
    ordered = sorted(rows, key=itemgetter(*positions))
    arrays = [pa.array([row[i] for row in ordered], type=f.type) for i, f in enumerate(form)]
    return pa.Table.from_arrays(arrays, schema=form)


def relation_id(type_: str, from_: str, to: str) -> str:
    """Return the id of the relation of ``type_`` between the nodes with these ids."""
    return digest(type_, from_, to)


def parquet_bytes(table: pa.Table) -> bytes:
    """Return ``table`` as a Parquet file: the same bytes for the same rows, however they were chunked."""
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    # Whatever shapes the bytes is fixed here, so that no default of a later version moves them.
    pq.write_table(
        table.combine_chunks(),
        sink,
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=3,
        use_dictionary=True,
        write_statistics=True,
        row_group_size=1 << 16,
        data_page_size=1 << 20,
        store_schema=True,
    )
    return sink.getvalue()


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph of papers: its tables by name, what it was made from, and what was read and dropped.

    ``path`` is the folder that it was loaded from or saved to, None while it is only in memory.
    """

    tables: Mapping[str, pa.Table]
    manifest: Mapping[str, Any] = field(default_factory=dict)
    report: Mapping[str, Any] = field(default_factory=dict)
    path: Path | None = None

    @classmethod
    def from_rows(
        cls,
        rows: Mapping[str, Iterable[Row]],
        *,
        manifest: Mapping[str, Any] | None = None,
        report: Mapping[str, Any] | None = None,
    ) -> Graph:
        """Return the graph of these ``rows`` by table, in any order; tables not given are empty."""
        if unknown := sorted(set(rows) - set(table_names())):
            raise UsageError(f"no table is called {shown(unknown[0])}; there are {', '.join(table_names())}")
        tables = {name: make_table(name, rows.get(name, ())) for name in table_names()}
        return cls(MappingProxyType(tables), manifest or {}, report or {})

    @classmethod
    def load(cls, directory: str | Path) -> Graph:
        """Read the graph folder ``directory``, after finishing or undoing a swap that was cut off.

        UsageError where it is no graph folder or a newer version's; StoreError where it is damaged.
        """
        from kg import folder

        path = folder.settle(directory)
        while True:
            manifest = folder.read_manifest(path)
            try:
                tables = {name: _read_table(path, name, manifest) for name in table_names()}
                report = folder.read_json(path / folder.REPORT)
            except (StoreError, FileNotFoundError) as error:
                # A build that finished meanwhile swapped the folder under the reader: read the new one.
                if folder.read_manifest(folder.settle(directory)) != manifest:
                    continue
                missing = isinstance(error, FileNotFoundError) and Path(str(error.filename)).name
                reason = f"{path} lacks {missing}" if missing else error
                raise StoreError(f"{reason}; build the graph again") from error
            return cls(MappingProxyType(tables), manifest, report, path)

    def save(self, directory: str | Path) -> Graph:
        """Write the graph to the folder ``directory``, in place of the graph there if there is one.

        UsageError where the folder holds something else or is being built; DiskError on a full disk.
        """
        from kg import folder

        with folder.replacing(directory) as place:
            saved = self.write(place.new)
        return Graph(saved.tables, saved.manifest, saved.report, place.path)

    def write(self, directory: Path) -> Graph:
        """Write all files of the graph into the empty folder ``directory``, the manifest last."""
        from kg import folder
        from kg.stores import kglite

        described: dict[str, Any] = {}
        for name in table_names():
            data = parquet_bytes(self.tables[name])
            described[name] = {"rows": self.tables[name].num_rows, "sha256": hashlib.sha256(data).hexdigest()}
            folder.write_bytes(directory / f"{name}.parquet", data)
        manifest = {**self.manifest, **folder.MARK, "tables": described}
        folder.write_json(directory / folder.REPORT, self.report)
        graph = Graph(self.tables, manifest, self.report, directory)
        kglite.write(graph, directory / folder.CYPHER_STORE)
        folder.write_json(directory / folder.MANIFEST, manifest)
        return graph

    def check(self) -> None:
        """Raise StoreError, naming the first violations, unless the tables keep every rule of the graph."""
        from kg.checking import violations

        found = violations(self.tables)
        first = list(islice(found, 3))
        if first:
            more = sum(1 for _ in found)
            raise StoreError("; ".join(first) + (f"; and {more} more" if more else ""))

    def cypher(self, text: str, /, **parameters: Any) -> list[dict[str, Any]]:
        """Return the rows that the Cypher query ``text`` answers, read only.

        UsageError where the graph is in memory only, or the query is wrong or would write.
        """
        from kg import stores

        if self.path is None:
            raise UsageError("this graph is in memory only: save it first, then ask it in Cypher")
        with stores.open(self.path) as store:
            answer = store.cypher(text, parameters)
        return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]

    def to_networkx(self) -> nx.MultiDiGraph:
        """Return the graph as a NetworkX ``MultiDiGraph``: nodes by ``LABEL:ID``, edges by their id.

        Labels, the relation's name and the properties that are not null are attributes
        (`kg.stores.networkx`).
        """
        from kg.stores import networkx

        return networkx.to_networkx(self)

    def to_pandas(self) -> dict[str, pd.DataFrame]:
        """Return each table by name as a pandas ``DataFrame`` of Arrow types: nulls stay nulls."""
        import pandas as pd

        return {name: table.to_pandas(types_mapper=pd.ArrowDtype) for name, table in self.tables.items()}

    def to_polars(self) -> dict[str, Any]:
        """Return each table by its name as a polars ``DataFrame``; UsageError where polars is missing."""
        try:
            import polars as pl
        except ModuleNotFoundError as error:
            raise UsageError("polars is not installed: pip install polars, or take to_pandas()") from error
        return {name: pl.from_arrow(table) for name, table in self.tables.items()}

    def view(
        self,
        *,
        title: str | None = None,
        focus: str | None = None,
        hops: int = 1,
        max_nodes: int | None = None,
    ) -> View:
        """Return the page of the graph, which shows itself in a notebook; see `kg.viewing.page`."""
        from kg.viewing import notebook

        return notebook.view(self, title=title, focus=focus, hops=hops, max_nodes=max_nodes)

    def paper(self, name: str) -> ShownPaper:
        """Return the paper of this id, title, DOI or arXiv identifier; ``show()`` marks its concepts."""
        from kg.viewing import notebook

        return notebook.paper(self, name)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return the rows of ``table`` as plain dictionaries; UsageError where there is no such table."""
        if table not in self.tables:
            raise UsageError(f"no table is called {shown(table)}; there are {', '.join(self.tables)}")
        return self.tables[table].to_pylist()

    def counts(self) -> dict[str, int]:
        """Return how many nodes each label and how many relations each type has, in declared order."""
        counts: dict[str, int] = {}
        for node in schema.NODES:
            counts[node.label] = self.tables[node.table].num_rows
            if node.type_labels:
                types = _tally(self.tables[node.table])
                counts.update((label, types[type_]) for type_, label in node.type_labels)
        for table, kinds in schema.relation_tables().items():
            types = _tally(self.tables[table])
            counts.update((kind.name, types[kind.name]) for kind in kinds)
        return counts


def _tally(table: pa.Table) -> Counter[str]:
    types: list[Any] = table["type"].to_pylist()
    return Counter(types)


def _read_table(path: Path, name: str, manifest: Mapping[str, Any]) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = path / f"{name}.parquet"
    data = file.read_bytes()
    described = manifest.get("tables")
    entry = described.get(name) if isinstance(described, dict) else None
    if not isinstance(entry, dict) or hashlib.sha256(data).hexdigest() != entry.get("sha256"):
        raise StoreError(f"{file} is not as it was written")
    try:
        # The cast drops what the file format adds to the schema, and finds a table of another form.
        return pq.read_table(pa.BufferReader(data)).cast(arrow_schema(name))
    except (pa.ArrowException, ValueError) as error:
        raise StoreError(f"{file} cannot be read: {error}") from error
