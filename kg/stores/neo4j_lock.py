"""One load at a time into a namespace, without anything that a killed load could leave behind."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Self

from kg.errors import StoreError
from kg.stores.neo4j import Connection, out_of_time
from kg.stores.neo4j_schema import prefix
from kg.stores.neo4j_statements import LOCK

if TYPE_CHECKING:
    import neo4j

#: Seconds that a load waits for another one before it says so; the server looks every two seconds.
_PATIENCE = 3.0
_TRIES = 3


class Lock:
    """Holds a namespace for the time of a context.

    The lock is that of an open transaction on a node that is never committed: when the load, or the
    server, ends in whatever way, the transaction is undone and the lock is free.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._space = prefix(connection.target.namespace)
        self._session: neo4j.Session | None = None
        self._transaction: neo4j.Transaction | None = None

    def __enter__(self) -> Self:
        with self._connection.talking():
            self._session = self._connection.session(write=True)
            try:
                self._try()
                # Without a limit of time. Whoever was faster in between is waited for, and all is well.
                self._take(0)
            except BaseException:
                self._session.close()
                raise
        return self

    def _try(self) -> None:
        """See that the lock can be had; StoreError where another load has it."""
        from neo4j.exceptions import Neo4jError

        target = self._connection.target
        for _ in range(_TRIES):
            try:
                self._take(_PATIENCE)
                self._release()
            except Neo4jError as error:
                if not out_of_time(error):
                    raise
                # A server that has much to do runs out of time without any lock: only this one is sure.
                if str(error.code).endswith("LockClientStopped"):
                    raise StoreError(
                        f"another load into namespace {target.namespace} at {target} is running: wait for it "
                        "to end, then load again"
                    ) from error
            else:
                return
        raise StoreError(
            f"{target} did not answer within {_PATIENCE:g} seconds, {_TRIES} times: another load "
            f"into namespace {target.namespace} is running, or the server has much to do; load again later"
        )

    def _take(self, timeout: float) -> None:
        assert self._session is not None  # noqa: S101 - set by __enter__
        self._transaction = self._session.begin_transaction(metadata={"kg": "load"}, timeout=timeout)
        self._transaction.run(LOCK, space=self._space).consume()

    def _release(self) -> None:
        if self._transaction is not None:
            self._transaction.rollback()

    def held(self) -> bool:
        """Say whether the lock was held without a break until now."""
        from neo4j.exceptions import DriverError, Neo4jError

        assert self._transaction is not None  # noqa: S101 - set by __enter__
        try:
            self._transaction.run("RETURN 1").consume()
        except (DriverError, Neo4jError, OSError):
            return False
        return True

    def __exit__(self, *reason: object) -> None:
        from neo4j.exceptions import DriverError, Neo4jError

        assert self._session is not None  # noqa: S101 - set by __enter__
        # Where the connection is gone, the server has undone the transaction already.
        with suppress(DriverError, Neo4jError, OSError):
            self._release()
        with suppress(DriverError, Neo4jError, OSError):
            self._session.close()
