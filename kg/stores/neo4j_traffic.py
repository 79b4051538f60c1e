"""The transactions of a load: managed, tried again after a fault that passes, of a bounded size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from kg.errors import StoreError
from kg.stores import NodeRecord, RelationRecord

if TYPE_CHECKING:
    import neo4j

#: A batch ends after this many rows, or characters of text in them: one transaction's worth of memory.
ROWS = 5_000
CHARACTERS = 4_000_000
#: Deleting takes a server more memory a row than writing: all of a node's text goes at once.
DELETIONS = 1_000
_T = TypeVar("_T", NodeRecord, RelationRecord)


class Traffic:
    """Reads and writes of one load in one session, so that what is read follows what was written.

    Every query gets ``space``, the start of the namespace's keys, as a parameter. In a dry run nothing
    is written.
    """

    def __init__(self, session: neo4j.Session, space: str, *, dry_run: bool) -> None:
        self._session = session
        self.space = space
        self.dry_run = dry_run

    def read(self, query: str, /, **parameters: Any) -> list[list[Any]]:
        """Return the rows that ``query`` answers."""
        values = {"space": self.space, **parameters}

        def work(transaction: neo4j.ManagedTransaction) -> list[list[Any]]:
            return [record.values() for record in transaction.run(query, values)]

        return self._session.execute_read(work)

    def stream(self, query: str, /) -> Iterator[list[Any]]:
        """Yield the rows that ``query`` answers, few of them held at a time."""
        for record in self._session.run(query, space=self.space):
            yield record.values()

    def number(self, query: str, /, **parameters: Any) -> int:
        """Return the one number that ``query`` answers."""
        return int(self.read(query, **parameters)[0][0])

    def found(self, query: str, keys: list[str]) -> dict[str, list[Any]]:
        """Return the rows of ``query`` without their first column, by it."""
        return {row[0]: row[1:] for row in self.read(query, keys=keys)}

    def write(self, statement: str, /, **parameters: Any) -> int:
        """Run ``statement`` in a transaction of its own and return the one number that it answers."""
        values = {"space": self.space, **parameters}

        def work(transaction: neo4j.ManagedTransaction) -> int:
            return int(transaction.run(statement, values).single(strict=True)[0])

        return self._session.execute_write(work)

    def put(self, statement: str, rows: list[dict[str, Any]]) -> None:
        """Write ``rows``; StoreError where the server did not find a place for each."""
        if self.dry_run or not rows:
            return
        made = self.write(statement, rows=rows)
        if made != len(rows):
            raise StoreError(
                f"{len(rows) - made:,} of {len(rows):,} rows found no place in the database: something else "
                "deletes from it, or the tables are not whole; load again"
            )

    def delete(self, statements: Sequence[str], keys: Sequence[str]) -> int:
        """Run ``statements`` on the things with these ``keys``, as one transaction a batch.

        Returns the sum of the numbers that the last one answers, 0 where it answers none.
        """

        def work(transaction: neo4j.ManagedTransaction, part: Sequence[str]) -> int:
            number = 0
            for statement in statements:
                record = transaction.run(statement, keys=part).single()
                number = int(record[0]) if record else 0
            return number

        if self.dry_run:
            return 0
        return sum(
            self._session.execute_write(work, keys[start : start + DELETIONS])
            for start in range(0, len(keys), DELETIONS)
        )


def batches(records: Iterator[_T]) -> Iterator[list[_T]]:
    """Yield ``records`` in lists of at most `ROWS` rows and about `CHARACTERS` characters."""
    batch: list[_T] = []
    weight = 0
    for record in records:
        batch.append(record)
        weight += _characters(record.properties)
        if len(batch) >= ROWS or weight >= CHARACTERS:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def _characters(properties: Mapping[str, Any]) -> int:
    total = 0
    for value in properties.values():
        if isinstance(value, str):
            total += len(value)
        elif isinstance(value, list):
            total += sum(len(item) if isinstance(item, str) else 1 for item in value)
    return total
