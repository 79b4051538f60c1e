"""Which forms the decisions of people join and part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from kg.report import Report
from kg.resolution.abbreviations import expands
from kg.resolution.clustering import Pair, ordered
from kg.resolution.consistency import is_id
from kg.resolution.decisions import Decision, Decisions
from kg.resolution.normal import key
from kg.resolution.preparing import Prepared


def decided(
    prepared: Prepared, decisions: Decisions, tally: Report
) -> tuple[dict[Pair, Decision], dict[Pair, Decision]]:
    """Return the pairs of forms that are the same, and those that are different, each with its decision.

    A name or an id that means nothing here is counted, whatever the decision: the papers it was decided
    for may come back. No two forms that are different are the same through others.
    """
    for entry in decisions.entries:
        if entry.verb in {"rename", "type", "drop"}:
            _forms(prepared, entry, entry.names[0], tally)
    different: dict[Pair, Decision] = {}
    for entry in decisions.of_verb("different"):
        forms = [found[0] for name in entry.names if (found := _forms(prepared, entry, name, tally))]
        for a, b in combinations(forms, 2):
            if a != b:
                different.setdefault(ordered(a, b), entry)
    joining = _Joining(different)
    for entry in decisions.of_verb("same"):
        named = {name: _forms(prepared, entry, name, tally) for name in entry.names}
        own = [forms[0] for forms in named.values() if forms]
        if own:
            joining.join(own, entry, tally)
        for name, forms in named.items():
            if forms:
                meant = _spelt_out(prepared, name, [other for other in entry.names if other != name])
                joining.join([forms[0], *meant], entry, tally)
    return joining.same, different


def _forms(prepared: Prepared, entry: Decision, name: str, tally: Report) -> list[str]:
    found = prepared.forms_of(name)
    if not found:
        tally.drop("decisions", "names nothing here", f"{entry.verb} {name}")
    return found


def _spelt_out(prepared: Prepared, name: str, others: Iterable[str]) -> Iterator[str]:
    """Yield the form that papers mostly mean where they spell ``name`` out, so that it is decided as well.

    Not where one of the ``others`` that the decision names spells it out: that one alone is meant; nor
    where ``name`` is an id.
    """
    called = [
        prepared.forms[prepared.ids[other]].name if other in prepared.ids else other for other in others
    ]
    if is_id(name) or any(expands(other, name) for other in called):
        return
    alias = key(name)
    counts = {
        form_id: form.aliases[alias] for form_id, form in prepared.forms.items() if alias in form.aliases
    }
    if counts:
        best = min(counts, key=lambda form_id: (-counts[form_id], form_id))
        if 2 * counts[best] > sum(counts.values()):
            yield best


class _Joining:
    """Pairs that are the same, as long as no two of one group are ``different``."""

    def __init__(self, different: Mapping[Pair, Decision]) -> None:
        self.same: dict[Pair, Decision] = {}
        self._different = different
        self._group: dict[str, frozenset[str]] = {}

    def join(self, forms: Iterable[str], entry: Decision, tally: Report) -> None:
        """Join each of ``forms`` with the first, unless another decision keeps them apart."""
        first, *others = forms
        for form in others:
            a = self._group.get(first, frozenset({first}))
            b = self._group.get(form, frozenset({form}))
            if first == form:
                continue
            if any(ordered(x, y) in self._different for x in a for y in b):
                tally.drop("decisions", "kept apart by another decision", f"{entry.verb} {entry.names[0]}")
                continue
            self.same.setdefault(ordered(first, form), entry)
            self._group.update(dict.fromkeys(a | b, a | b))
