"""From the places that a paper marks to its concepts: mentions that mean one thing become one.

Two mentions are one concept where they are written alike but for case, hyphens and plural; where
the text itself defines one as the abbreviation of the other, or one is made of the other's
initials; and where one is the other with a general word behind it ("MCL framework", "MCL").
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.extraction.abbreviations import Definition
from kg.extraction.occurrences import places
from kg.extraction.options import Options
from kg.extraction.surfaces import initials, is_acronym, singular_name, surface_key
from kg.model import CONCEPT_TYPES, FIELDS, ConceptType, Field
from kg.text import SIGNS

#: Words that add nothing to a name before them. A "network" or a "loss" may well be another thing.
_GENERAL = frozenset(
    "algorithm approach architecture benchmark corpus dataset framework layer measure mechanism method "
    "metric model module problem score setting system task technique".split()
)


@dataclass(frozen=True, slots=True)
class Place:
    """A marked place: offsets in ``field``, and the probability that bounds and type are right."""

    field: Field
    start: int
    end: int
    type: ConceptType
    confidence: float


@dataclass(frozen=True, slots=True)
class Group:
    """One concept of a paper: places in text order that do not overlap, at least one."""

    type: ConceptType
    name: str
    places: tuple[Place, ...]


def merge(
    texts: Mapping[Field, str],
    marked: Iterable[Place],
    definitions: Mapping[Field, Sequence[Definition]],
    options: Options,
) -> list[Group]:
    """Return the concepts of one paper, in the order of their first mention.

    ``marked`` places do not overlap. The result does not depend on their order.
    """
    names = _Names(texts, marked, one_type=options.one_type)
    for field in FIELDS:
        for definition in definitions.get(field, ()):
            names.define(field, definition)
    names.join_initials()
    names.join_general()
    groups = names.groups()
    return _everywhere(texts, groups) if options.everywhere else groups


_Node = tuple[str, str]  # a surface key, and a type where types keep names apart, else ""


class _Names:
    """The names of one paper, and which of them are one: a union-find over surface keys."""

    def __init__(self, texts: Mapping[Field, str], marked: Iterable[Place], *, one_type: bool) -> None:
        self._texts = texts
        self._one_type = one_type
        self._places: dict[Field, list[Place]] = {field: [] for field in FIELDS}  # in text order
        self._parent: dict[_Node, _Node] = {}
        self._long: set[str] = set()  # keys of long forms that the text defines
        for place in sorted(marked, key=_position):
            self._add(place)

    def define(self, field: Field, definition: Definition) -> None:
        """Join short and long form where one of them is marked, and mark the other."""
        short = self._at(field, definition.short_start, definition.short_end)
        long = self._at(field, definition.long_start, definition.long_end)
        if any(place in long for place in short):
            return  # one mention holds both: "Graph Neural Network (GNN) training"
        bounds = definition.short_start, definition.short_end
        short_place = next((p for p in short if (p.start, p.end) == bounds), None)
        long_place = next((p for p in long if p.end == definition.long_end), None)
        exact = long_place is not None and long_place.start == definition.long_start
        if long_place is not None and not short and exact:
            short_place = self._add(replace(long_place, start=bounds[0], end=bounds[1]))
        elif short_place is not None and not long:
            long_place = self._add(replace(short_place, start=definition.long_start, end=definition.long_end))
        if short_place is None or long_place is None:
            return
        # Where the tagger sees a longer or shorter name, the types have to confirm that it is the same.
        if exact or not long or short_place.type == long_place.type:
            self._long.add(self._key(long_place))
            self._join(self._node(short_place), self._node(long_place))

    def join_initials(self) -> None:
        """Join an acronym with the one name of its type that has exactly its letters as initials.

        RSCP+ is another thing than what RSCP stands for, and is left by itself.
        """
        by_initials: dict[tuple[str, ConceptType], list[Place]] = defaultdict(list)
        for place in self._all():
            text = self._text(place)
            if not is_acronym(text):
                by_initials[initials(text), place.type].append(place)
        for place in self._all():
            text = self._text(place)
            if is_acronym(text) and not set(text) & set(SIGNS):
                letters = "".join(c for c in text.removesuffix("s") if c.isalnum()).casefold()
                long = by_initials.get((letters, place.type), [])
                if long and len({self._find(self._node(p)) for p in long}) == 1:
                    self._long.update(self._key(p) for p in long)
                    self._join(self._node(place), self._node(long[0]))

    def join_general(self) -> None:
        """Join a name that ends in a general word with the name without it, of the same type."""
        known: dict[tuple[str, ConceptType], Place] = {}
        for place in self._all():
            known.setdefault((self._key(place), place.type), place)
        for place in self._all():
            head, _, last = self._text(place).rpartition(" ")
            if head and surface_key(last) in _GENERAL:
                other = known.get((surface_key(head), place.type))
                if other is not None:
                    self._join(self._node(place), self._node(other))

    def groups(self) -> list[Group]:
        """Return the concepts, in the order of their first place."""
        members: dict[_Node, list[Place]] = {}
        for place in self._all():
            members.setdefault(self._find(self._node(place)), []).append(place)
        return [self._group(group) for group in members.values()]

    def _group(self, members: list[Place]) -> Group:
        weight: Counter[ConceptType] = Counter()
        for place in members:
            weight[place.type] += place.confidence  # type: ignore[assignment]  # sums of floats are fine
        type_ = max(CONCEPT_TYPES, key=lambda t: (weight[t], -CONCEPT_TYPES.index(t)))
        name = singular_name(" ".join(self._name(members).split()), type_)
        return Group(type_, name, tuple(replace(place, type=type_) for place in members))

    def _name(self, members: list[Place]) -> str:
        """Return the surface that names the concept: a long form, the most frequent, the plainest."""
        keys = Counter(self._key(place) for place in members)
        written = Counter(self._text(place) for place in members)

        def rank(place: Place) -> tuple[bool, bool, int, int, int]:
            text, key = self._text(place), self._key(place)
            capitals = sum(c.isupper() for c in text)
            return (key not in self._long, is_acronym(text), -keys[key], -written[text], capitals)

        return self._text(min(members, key=rank))  # of equals the first in the text

    def _node(self, place: Place) -> _Node:
        return self._key(place), "" if self._one_type else place.type

    def _key(self, place: Place) -> str:
        return surface_key(self._text(place))

    def _text(self, place: Place) -> str:
        return self._texts[place.field][place.start : place.end]

    def _all(self) -> list[Place]:
        return [place for field in FIELDS for place in self._places[field]]

    def _at(self, field: Field, start: int, end: int) -> list[Place]:
        """Return the places that share a code point with ``start`` to ``end``."""
        marked = self._places[field]
        first = bisect_right(marked, start, key=lambda place: place.end)
        last = bisect_left(marked, end, key=lambda place: place.start)
        return marked[first:last]

    def _add(self, place: Place) -> Place:
        insort(self._places[place.field], place, key=lambda other: other.start)
        self._parent.setdefault(self._node(place), self._node(place))
        return place

    def _find(self, node: _Node) -> _Node:
        while self._parent[node] != node:
            self._parent[node] = self._parent[self._parent[node]]
            node = self._parent[node]
        return node

    def _join(self, one: _Node, other: _Node) -> None:
        first, second = sorted((self._find(one), self._find(other)))
        self._parent[second] = first


def _everywhere(texts: Mapping[Field, str], groups: list[Group]) -> list[Group]:
    """Return ``groups`` with all places of their surfaces, the longest first, and no others."""
    owner: dict[str, int] = {}
    best: dict[str, float] = {}
    for index, group in enumerate(groups):
        for place in group.places:
            text = texts[place.field][place.start : place.end]
            owner.setdefault(text, index)
            best[text] = max(best.get(text, 0.0), place.confidence)
    found: dict[int, list[Place]] = defaultdict(list)
    for field in FIELDS:
        for start, end, text in places(texts[field], owner):
            index = owner[text]
            found[index].append(Place(field, start, end, groups[index].type, best[text]))
    kept = [replace(group, places=tuple(found[i])) for i, group in enumerate(groups) if found[i]]
    return sorted(kept, key=lambda group: _position(group.places[0]))


def _position(place: Place) -> tuple[int, int, int]:
    return FIELDS.index(place.field), place.start, place.end
