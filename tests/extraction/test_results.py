import pytest

from kg.extraction.results import Value, read_results
from kg.model import ConceptType, Mention, PaperConcept, Role


def concept(text: str, key: str, type_: ConceptType, role: Role, *surfaces: str) -> PaperConcept:
    mentions = []
    for surface in surfaces:
        start = text.index(surface)
        mentions.append(Mention(field="abstract", start=start, end=start + len(surface), text=surface))
    return PaperConcept(
        key=key, type=type_, role=role, name=surfaces[0], confidence=1.0, mentions=tuple(mentions)
    )


def value(text: str, written: str) -> Value:
    start = text.index(written)
    return Value("abstract", start, start + len(written), "absolute")


def test_lists_of_values_and_of_datasets_pair_up_in_order() -> None:
    text = "We propose Foo. It reaches 83.1% and 77.4% accuracy on Aset and Bset, respectively."
    concepts = [
        concept(text, "c0", "METHOD", "PROPOSES", "Foo"),
        concept(text, "c1", "METRIC", "REPORTS", "accuracy"),
        concept(text, "c2", "DATASET", "USES", "Aset"),
        concept(text, "c3", "DATASET", "USES", "Bset"),
    ]
    results = read_results("A title", text, concepts, [value(text, "77.4%"), value(text, "83.1%")])
    assert [(r.value, r.method, r.metric, r.dataset) for r in results] == [
        ("83.1%", "c0", "c1", "c2"),
        ("77.4%", "c0", "c1", "c3"),
    ]
    assert all(text[r.start : r.end] == r.value for r in results)


def test_values_each_beside_its_dataset_take_the_nearest() -> None:
    text = "Foo obtains 83.1% on Aset, and 77.4% on Bset."
    concepts = [
        concept(text, "c0", "METHOD", "PROPOSES", "Foo"),
        concept(text, "c1", "DATASET", "USES", "Aset"),
        concept(text, "c2", "DATASET", "USES", "Bset"),
    ]
    results = read_results("", text, concepts, [value(text, "83.1%"), value(text, "77.4%")])
    assert [r.dataset for r in results] == ["c1", "c2"]


def test_a_link_that_nothing_supports_stays_empty() -> None:
    text = "It improves by 3.5 points."
    (result,) = read_results("T", text, [], [value(text, "3.5 points")])
    assert (result.method, result.task, result.dataset, result.metric) == ("", "", "", "")
    assert (result.number, result.unit) == (3.5, "points")


def test_a_place_keeps_the_metric_it_is_in() -> None:
    text = "Foo ranks second in accuracy."
    accuracy = concept(text, "c0", "METRIC", "REPORTS", "accuracy")
    (linked,) = read_results("", text, [accuracy], [value(text, "ranks second")])
    assert (linked.number, linked.unit, linked.metric) == (2.0, "rank", "c0")
    (alone,) = read_results("", text, [], [value(text, "ranks second")])
    assert alone.metric == "rank"


@pytest.mark.parametrize(
    ("sentence", "spans", "stated"),
    [
        (
            "It needs almost 10.4 times less.",
            ["almost", "10.4 times less"],
            [("almost 10.4 times less", 10.4)],
        ),
        ("It gains 2.1% 3.4% each.", ["2.1%", "3.4%"], [("2.1%", 2.1), ("3.4%", 3.4)]),
        (
            "It takes less than a day, 5 times less.",
            ["less than a day", "5 times less"],
            [("less than a day", None), ("5 times less", 5.0)],
        ),
    ],
)
def test_what_states_no_number_belongs_to_the_number_after_it(
    sentence: str, spans: list[str], stated: list[tuple[str, float | None]]
) -> None:
    values = [value(sentence, span) for span in spans]
    assert [(r.value, r.number) for r in read_results("", sentence, [], values)] == stated
