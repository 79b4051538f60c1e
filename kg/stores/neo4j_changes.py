"""What a load did, in numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg import schema


@dataclass(slots=True)
class Change:
    """What a load did to the nodes of a label or the relations of a type."""

    added: int = 0
    updated: int = 0
    removed: int = 0
    unchanged: int = 0

    def tally(self, *, rows: int, new: int, changed: int) -> None:
        """Count a batch of ``rows``, of which some were ``new`` and some ``changed``."""
        self.added += new
        self.updated += changed
        self.unchanged += rows - new - changed


@dataclass(slots=True)
class Loaded:
    """What a load did, or would do: a change for each label and relation type, in the schema's order.

    ``given_up`` counts nodes that foreign relations keep in the database, no longer as ours; ``notes``
    are indexes that the server could not make.
    """

    namespace: str
    dry_run: bool
    nodes: dict[str, Change] = field(default_factory=lambda: {kind.label: Change() for kind in schema.NODES})
    relations: dict[str, Change] = field(
        default_factory=lambda: {kind.name: Change() for kind in schema.RELATIONS}
    )
    given_up: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def total(self) -> Change:
        """All changes in one."""
        changes = [*self.nodes.values(), *self.relations.values()]
        return Change(
            sum(c.added for c in changes),
            sum(c.updated for c in changes),
            sum(c.removed for c in changes),
            sum(c.unchanged for c in changes),
        )

    @property
    def changed(self) -> bool:
        """Whether anything in the database is, or would be, another."""
        total = self.total
        return bool(total.added or total.updated or total.removed)
