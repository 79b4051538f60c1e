"""A tally of what a run read, dropped and made: nothing is lost silently."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.errors import shown

#: How many places are named for each reason; all are counted.
NAMED = 20


@dataclass(slots=True)
class Report:
    """Counts by dotted name, and drops by stage and reason with the first places.

    A report that is written to disk must not depend on the order of the input: places are kept
    sorted, the smallest `NAMED` of each reason.
    """

    counts: Counter[str] = field(default_factory=Counter)
    drops: Counter[tuple[str, str]] = field(default_factory=Counter)
    places: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def count(self, name: str, by: int = 1) -> None:
        """Add ``by`` to the count called ``name``."""
        self.counts[name] += by

    def drop(self, stage: str, reason: str, where: str = "") -> None:
        """Count one thing dropped in ``stage`` for ``reason``, and remember ``where``."""
        self.drops[stage, reason] += 1
        if where:
            named = self.places.setdefault((stage, reason), [])
            named.append(where)
            named.sort()
            del named[NAMED:]

    def reasons(self) -> str:
        """Return the drops as the end of a message, each with its first place; empty where there are none."""
        told = []
        for (stage, reason), count in sorted(self.drops.items()):
            first = next(iter(self.places.get((stage, reason), ())), "")
            at = f" at {shown(first)}" if first else ""
            told.append(f"{reason}{at}" + (f" and {count - 1:,} more" if count > 1 else ""))
        return f": {'; '.join(told)}" if told else ""

    def to_json(self) -> Mapping[str, Any]:
        """Return plain data for ``report.json``, in sorted order."""
        return {
            "counts": dict(sorted(self.counts.items())),
            "dropped": [
                {"stage": stage, "reason": reason, "count": n, "where": self.places.get((stage, reason), [])}
                for (stage, reason), n in sorted(self.drops.items())
            ],
        }
