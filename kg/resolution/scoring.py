"""How sure it is that two forms are one concept: named features, weighed by a logistic regression.

The weights come from pairs that people judged, see ``kg.training.resolution``. Each feature is a plain
number with a name, so that a score explains itself.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from kg.model import CONCEPT_TYPES, ConceptType
from kg.resolution import knowledge
from kg.resolution.clustering import ordered
from kg.resolution.edits import Edits, edits, same_verb, tokens
from kg.resolution.evidence import Evidence
from kg.resolution.gates import gate
from kg.resolution.likeness import kind_of, meaning_kept
from kg.resolution.names import Form
from kg.resolution.normal import words
from kg.resolution.synonyms import reworded
from kg.resolution.wording import MAKERS, alikeness, left_out, left_out_last

_NONE: Counter[str] = Counter()
#: This many papers that have both as two concepts, and fewer that have them as one, keep names apart.
APART = 3


def _shares(types: Mapping[ConceptType, int]) -> tuple[float, ...]:
    total = sum(types.values())
    return tuple(types.get(kind, 0) / total for kind in CONCEPT_TYPES)


def chance(log_odds: float) -> float:
    """Return the probability (0-1) that log odds stand for; beyond 30 they say no more."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, log_odds))))


class Scorer:
    """Scores pairs of ``forms``. Its answers depend on the forms and the evidence alone."""

    def __init__(
        self,
        forms: Mapping[str, Form],
        evidence: Evidence,
        spelt: Mapping[str, tuple[tuple[str, float], ...]],
        defined: Mapping[tuple[str, str], float],
    ) -> None:
        self._forms = forms
        self._evidence = evidence
        self._spelt = spelt
        self._defined = defined
        self._partners = evidence.partners()
        self._names = {form_id: reworded(form.name) for form_id, form in forms.items()}
        self._tokens = {form_id: tokens(name) for form_id, name in self._names.items()}
        self._shares = {form_id: _shares(form.types) for form_id, form in forms.items()}
        # Papers by the last words of a name, and by a name less one word: what a short name may stand for.
        self._tails: Counter[tuple[str, ...]] = Counter()
        self._less: Counter[tuple[str, ...]] = Counter()
        for form_id, form in forms.items():
            name, count = self._tokens[form_id], len(form.papers)
            for n in range(1, len(name)):
                self._tails[name[n:]] += count
            for n in range(len(name)):
                self._less[name[:n] + name[n + 1 :]] += count
        stored = knowledge.weights()
        self._weights: dict[str, float] = stored["weights"]
        self._intercept: float = stored["intercept"]
        self.threshold: float = stored["threshold"]
        self._scores: dict[tuple[str, str], float] = {}

    def gate(self, a: str, b: str) -> str:
        """Return why forms ``a`` and ``b`` must not be one concept; empty where nothing forbids it."""
        a, b = ordered(a, b)
        if a.partition("\0")[0] == b.partition("\0")[0]:
            return "written alike, but not the same"
        if self._listed(a, b):
            return ""
        if self._several_meanings(a, b):
            return "the short form mostly stands for something else"
        reason = gate(self._names[a], self._names[b])
        if not reason:
            apart = self._apart(a, b)
            if apart >= APART and apart > self._evidence.united[ordered(a, b)]:
                reason = f"{apart} papers have both as two concepts"
        return reason

    def _apart(self, a: str, b: str) -> int:
        """Return how many papers have both as two concepts.

        A paper that has a compound verb beside its gerund does not tell them apart: its reader did.
        """
        apart = self._evidence.apart(a, b)
        if not apart:
            return 0
        one, other = tokens(self._forms[a].name), tokens(self._forms[b].name)
        differ = [pair for pair in zip(one, other, strict=False) if pair[0] != pair[1]]
        if len(one) == len(other) and differ and all(same_verb(*pair) for pair in differ):
            return 0
        return apart

    def _several_meanings(self, a: str, b: str) -> bool:
        defined = max(self._defined.get((a, b), 0.0), self._defined.get((b, a), 0.0))
        return 0.0 < defined < 0.5

    def score(self, a: str, b: str) -> float:
        """Return how likely forms ``a`` and ``b`` are one concept, 0 to 1; symmetric."""
        pair = ordered(a, b)
        if pair not in self._scores:
            total = self._intercept + sum(add for _, _, add in self.explain(*pair))
            self._scores[pair] = round(chance(total), 6)
        return self._scores[pair]

    def explain(self, a: str, b: str) -> tuple[tuple[str, float, float], ...]:
        """Return the features of a pair: name, value, and what it adds to the log odds."""
        found = self.features(a, b)
        return tuple(
            (name, value, value * self._weights.get(name, 0.0)) for name, value in sorted(found.items())
        )

    def features(self, a: str, b: str, *, without: bool = False) -> dict[str, float]:
        """Return the features of a pair by name; those that are 0 are left out.

        With ``without`` the pair's own share in the counts of edits is taken out, for training.
        """
        a, b = ordered(a, b)
        evidence = self._evidence
        united = evidence.united.get((a, b), 0)
        apart = self._apart(a, b)
        fewer = max(1, min(evidence.count[a], evidence.count[b]))
        partners_a, partners_b = self._partners.get(a, _NONE), self._partners.get(b, _NONE)
        if len(partners_b) < len(partners_a):
            partners_a, partners_b = partners_b, partners_a
        shared = sum(min(count, partners_b[k]) for k, count in partners_a.items() if k in partners_b)
        made = {
            "types agree": self._type_agreement(a, b),
            "papers unite them": math.log1p(united),
            "a paper unites them": float(united > 0),
            "share of papers that unite them": united / fewer,
            "papers set them apart": math.log1p(apart),
            "share of papers that set them apart": apart / (apart + united + 1),
            "shared other names": math.log1p(shared),
            "listed as one": float(self._listed(a, b)),
            "said in other words": float(self._reworded(a, b)),
        }
        found = edits(self._names[a], self._names[b])
        spelt = self._spelt_alike(a, b)
        if spelt:
            made["same once spelt out"] = spelt
        elif found is None:
            made["no word shared"] = 1.0
            defined = max(self._defined.get((a, b), 0.0), self._defined.get((b, a), 0.0))
            if united and defined:
                made["share of definitions"] = defined
        else:
            made |= self._of_wording(a, b, found, united, without)
        return {name: round(value, 6) for name, value in made.items() if value}

    def _type_agreement(self, a: str, b: str) -> float:
        return sum(map(min, self._shares[a], self._shares[b]))

    def _listed(self, a: str, b: str) -> bool:
        return ordered(a, b) in knowledge.listed()

    def _reworded(self, a: str, b: str) -> bool:
        """Tell whether both have the same words only since one is said in other words."""
        return self._tokens[a] == self._tokens[b] and tokens(self._forms[a].name) != tokens(
            self._forms[b].name
        )

    def _spelt_alike(self, a: str, b: str) -> float:
        """Return the share of papers that spell out the short forms in one name as the other has it."""
        best = 0.0
        for form, other in ((a, b), (b, a)):
            for spelt, share in self._spelt.get(self._forms[form].name, ()):
                found = edits(reworded(spelt), self._names[other])
                if found is not None and all(edit == "small" for edit in found):
                    best = max(best, share)
        return best

    def _of_wording(self, a: str, b: str, found: Edits, united: int, without: bool) -> dict[str, float]:
        main = [edit for edit in found if edit != "small"]
        kinds = [kind_of(edit) for edit in main]
        own = without and len(main) == 1
        made: dict[str, float] = {"same words": float(not main), "edits": float(len(main))}
        loose = strict = 0.0
        tokens_a, tokens_b = self._tokens[a], self._tokens[b]
        verbs = any(same_verb(x, y) for x in tokens_a for y in tokens_b if x != y and x[0] == y[0])
        short, long = sorted((a, b), key=lambda form: (len(self._tokens[form]), form))
        proper = _is_proper(self._forms[short].name)
        # Of one edit alone, what this pair itself gave to the counts is known.
        less = (int(united > 0), int(united > 0), int(united == 0)) if own else (0, 0, 0)
        for edit, kind in zip(main, kinds, strict=True):
            verb = verbs and edit.partition(":")[2].partition(":")[0] in {"/ing", "e/ing"}
            of_surfaces, of_names = meaning_kept(edit, verb=verb, proper=proper, less=less)
            loose += of_surfaces
            strict += of_names
            made[kind] = made.get(kind, 0.0) + 1.0
        made["edits keep the meaning"] = loose
        made["edits keep the meaning of names"] = strict
        swaps = [edit.split(":")[1] for edit in main if edit.startswith("swap:")]
        if swaps:
            similar = knowledge.similarity()
            made["words in like company"] = min(similar(*swap.split("/")) for swap in swaps)
            made["words mean much the same"] = sum(map(alikeness, swaps)) / len(swaps)
        made["share of words alike"] = len(set(tokens_a) & set(tokens_b)) / max(
            1, len(set(tokens_a) | set(tokens_b))
        )
        made["one word shared"] = float(bool(main) and len(set(tokens_a) & set(tokens_b)) <= 1)
        if kinds and set(kinds) <= {"drop:mod", "drop:head"}:
            made |= self._of_dropping(short, long, list(zip(main, kinds, strict=True)), united)
        return made

    def _of_dropping(
        self, short: str, long: str, main: Sequence[tuple[str, str]], united: int
    ) -> dict[str, float]:
        forms = self._forms
        fewer, more = self._tokens[short], self._tokens[long]
        kind = max(sorted(forms[long].types), key=lambda k: forms[long].types[k])
        heads = [edit.split(":")[1] for edit, place in main if place == "drop:head"]
        mods = [edit.split(":")[1] for edit, place in main if place == "drop:mod"]
        proper = _is_proper(forms[short].name)
        papers_short, papers_long = len(forms[short].papers), len(forms[long].papers)
        made = {
            "longer is the commoner": math.log(papers_long / papers_short),
            "empty head": left_out_last(heads, kind),
            "class after a proper name": proper * left_out_last(heads, "PROPER"),
            "other head": float(
                bool(heads) and not max(left_out_last(heads, kind), left_out_last(heads, "PROPER"))
            ),
            "understood": left_out(mods),
            "maker": float(proper and bool(mods) and all(w in MAKERS for w in mods)),
            "proper name and more": float(proper),
        }
        if mods and not heads:
            made["one word left"] = float(len(fewer) == 1)
            ends = more[-len(fewer) :] == fewer
            mass = self._tails[fewer] if ends else self._less[fewer]
            made["mostly said of it"] = math.log((papers_long + 0.3) / (mass + 1.0))
            made["left out inside"] = float(not ends)
            made["share of the shorter's papers"] = united / max(1, self._evidence.count[short])
        return made


def _is_proper(name: str) -> bool:
    """Tell whether a name looks like a proper name: capitals inside, digits, or one capitalised word."""
    return len(words(name)) <= 3 and (any(c.isupper() for c in name[1:]) or any(c.isdigit() for c in name))
