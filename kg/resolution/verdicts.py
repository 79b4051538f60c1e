"""Why pairs of forms were joined, or kept apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from kg.resolution.clustering import Pair, ordered
from kg.resolution.decisions import Decision
from kg.resolution.scoring import Scorer

_REASONS = 3


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What is known of the pairs: scores of those ``near``, what a gate forbids, what people decided."""

    #: Pairs that score less are not spoken of.
    SPOKEN_OF: ClassVar[float] = 0.05

    near: Mapping[Pair, float]
    gated: Mapping[Pair, str]
    same: Mapping[Pair, Decision]
    different: Mapping[Pair, Decision]
    scorer: Scorer

    def score(self, a: str, b: str) -> float:
        """Return the score of a pair; 1.0 where a person decided."""
        pair = ordered(a, b)
        return 1.0 if pair in self.same or pair in self.different else self.scorer.score(*pair)

    def why_joined(self, a: str, b: str) -> str:
        """Return in words what speaks for a pair the most."""
        pair = ordered(a, b)
        if pair in self.same:
            entry = self.same[pair]
            return "decided: same" + (f" ({entry.reason})" if entry.reason else "")
        return self._strongest(pair, above=True) or "alike in all"

    def why_apart(self, a: str, b: str, threshold: float) -> str:
        """Return in words what keeps a pair apart."""
        pair = ordered(a, b)
        if pair in self.different:
            entry = self.different[pair]
            return "decided: different" + (f" ({entry.reason})" if entry.reason else "")
        if pair in self.gated:
            return f"forbidden: {self.gated[pair]}"
        if self.scorer.score(*pair) >= threshold:
            return "near each other, but not the groups they are in"
        against = self._strongest(pair, above=False)
        return "not sure enough" + (f": {against}" if against else "")

    def partner(self, form: str, group: Sequence[str]) -> str:
        """Return the member of ``group`` that ``form`` is nearest to; decided pairs first."""
        others = [other for other in group if other != form]
        return min(others, key=lambda o: (ordered(form, o) not in self.same, -self.scorer.score(form, o), o))

    def _strongest(self, pair: Pair, *, above: bool) -> str:
        parts = [(add, name) for name, _, add in self.scorer.explain(*pair) if (add > 0) == above and add]
        parts.sort(key=lambda part: (-abs(part[0]), part[1]))
        return ", ".join(f"{name} ({add:+.1f})" for add, name in parts[:_REASONS])
