"""The language of conditions refuses what cannot be meant."""

import json

import pytest

from cytovigil.logic.combine import TOTAL, WORST, Required
from cytovigil.logic.conditions import Field, atoms, field_of, holds
from cytovigil.logic.ladder import Citation, Ladder, Rung
from cytovigil.logic.scale import Scale
from cytovigil.logic.text import cite, course_lines, in_words, render_scale
from cytovigil.model.settings import Settings, from_site
from cytovigil.rules import GROUPS, SCALES, scale_ids

FLAG = Field("flag", "a flag", (False, True), ("no", "yes"), "", ())
LEVEL = Field("level", "level", (0, 1, 2, 3), ("none", "some", "much", "most"), "", ())
FALLING = Field("falling", "score", (0, 1, 2), ("0", "1", "2"), "", (), worse="low")
COLOUR = Field("colour", "colour", ("red", "green"), ("red", "green"), "", (), ordered=False)
SOURCE = Citation("A", "A paper", doi="10.1/x", where="table 1")


def ladder(*rungs: Rung, source: Citation = SOURCE) -> Ladder:
    return Ladder("a", "A", source, rungs)


def test_a_condition_has_no_truth_of_its_own() -> None:
    with pytest.raises(TypeError, match="no truth of its own"):
        bool(FLAG & (LEVEL >= 1))


def test_equality_on_an_ordered_field_is_refused() -> None:
    with pytest.raises(TypeError, match="is ordered"):
        LEVEL.one_of(1)


@pytest.mark.parametrize("field", [FLAG, COLOUR])
def test_order_on_an_unordered_field_is_refused(field: Field) -> None:
    with pytest.raises(TypeError, match="is not ordered"):
        _ = field >= field.domain[0]


def test_an_unknown_value_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be 7"):
        _ = LEVEL >= 7


@pytest.mark.parametrize(
    ("condition", "values", "truth"),
    [
        (LEVEL >= 2, {"level": 2}, True),
        (LEVEL >= 2, {"level": 1}, False),
        (FALLING <= 1, {"falling": 1}, True),
        (FALLING <= 1, {"falling": 2}, False),
        (COLOUR.one_of("red"), {"colour": "red"}, True),
        (COLOUR.one_of("red"), {"colour": "green"}, False),
        (~FLAG, {"flag": False}, True),
        (FLAG & (LEVEL >= 1), {"flag": True, "level": 0}, False),
        (FLAG | (LEVEL >= 1), {"flag": False, "level": 1}, True),
        (FLAG | (LEVEL >= 1), {"flag": False, "level": 0}, False),
    ],
)
def test_truth(condition: object, values: dict[str, object], truth: bool) -> None:
    assert holds(condition, values) is truth  # type: ignore[arg-type]


@pytest.mark.parametrize("function", [lambda c: holds(c, {}), in_words, field_of])
def test_what_is_no_condition_is_refused(function: object) -> None:
    with pytest.raises(TypeError):
        function("a string")  # type: ignore[operator]


def test_atoms_and_fields() -> None:
    condition = ~(FLAG & (LEVEL >= 1)) | COLOUR.one_of("red")
    assert [field_of(atom).name for atom in atoms(condition)] == ["flag", "level", "colour"]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (FLAG, "a flag"),
        (~FLAG, "no a flag"),
        (~(LEVEL >= 1), "not (level: some or more)"),
        (LEVEL >= 3, "level: most"),
        (LEVEL <= 0, "level: none"),
        (LEVEL <= 1, "level: some or less"),
        (COLOUR.one_of("red", "green"), "colour: red or green"),
        (FLAG & (LEVEL >= 1), "a flag and level: some or more"),
        (FLAG & (FLAG | (LEVEL >= 1)), "a flag and (a flag, or level: some or more)"),
    ],
)
def test_english(condition: object, words: str) -> None:
    assert in_words(condition) == words  # type: ignore[arg-type]


def test_a_ladder_without_source_or_rung_is_refused() -> None:
    with pytest.raises(ValueError, match="no citation or no rung"):
        ladder(Rung(1, FLAG, ""), source=Citation("", ""))
    with pytest.raises(ValueError, match="no citation or no rung"):
        ladder()


def test_grades_must_rise() -> None:
    with pytest.raises(ValueError, match="must rise"):
        ladder(Rung(2, FLAG, ""), Rung(1, FLAG, ""))


def test_an_impossible_rung_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no values reach grade \[1\]"):
        ladder(Rung(1, FLAG & ~FLAG, ""))


def test_an_unknown_status_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown status"):
        ladder(Rung(1, FLAG, "", status="surely"))


def test_too_many_states_are_refused() -> None:
    many = Field("many", "many", tuple(range(20)), tuple(map(str, range(20))), "", ())
    condition = many >= 1
    for value in range(2, 20):
        condition = condition & ~(many >= value) | (many >= value)
    with pytest.raises(ValueError, match="split the domain"):
        ladder(Rung(1, condition, ""))


def test_domains_that_share_a_field_are_refused() -> None:
    one, other = ladder(Rung(1, FLAG, "")), ladder(Rung(2, FLAG & (LEVEL >= 1), ""))
    course = next(iter(SCALES.values())).course
    with pytest.raises(ValueError, match="domains share flag"):
        Scale("x", "1", "X", SOURCE, course, (one, other), "crs", ())


def test_ways_to_combine() -> None:
    ranges = [(0, 2), (1, 1), (0, 0)]
    assert WORST.of("abc", ranges) == (1, 2) and WORST.of("", []) == (0, 0)
    assert TOTAL.of("abc", ranges) == (1, 3) and TOTAL.of("", []) == (0, 0)
    assert Required(("a",), 1, "").of("abc", ranges) == (0, 1)  # whether a is met decides
    assert Required(("b",), 1, "").of("abc", ranges) == (0, 1)  # b is met, perhaps a besides
    assert Required(("b",), 0, "").of("abc", ranges) == (1, 1)
    assert Required(("b",), 2, "").of("abc", ranges) == (0, 0) == Required(("c",), 0, "").of("abc", ranges)


def test_citation_on_one_line() -> None:
    assert cite(SOURCE) == "A paper; doi 10.1/x; table 1"
    assert cite(Citation("A", "A paper")) == "A paper"


@pytest.mark.parametrize("scale", SCALES.values(), ids=list(SCALES))
def test_every_scale_is_rendered(scale: Scale) -> None:
    text, markdown = render_scale(scale), render_scale(scale, "markdown")
    described = json.loads(render_scale(scale, "json", Settings()))
    for ladder_ in scale.domains:
        for rung in ladder_.rungs:
            assert rung.says in text and rung.says in markdown
    assert described["id"] == scale.id and described["status"] == "machine grade, unconfirmed"
    assert all(line in text for line in course_lines(scale))
    assert text.endswith("\n") and "machine grade, unconfirmed" in markdown


def test_a_changed_setting_shows_in_the_rules() -> None:
    text = render_scale(SCALES["crs-astct-2019"], "text", from_site({"fever_cel": 38.3}))
    assert "fever_cel = 38.3" in text


def test_groups_and_ids() -> None:
    assert scale_ids("default") == list(GROUPS["default"])
    assert scale_ids("crs-astct-2019, default,") == list(GROUPS["default"])
    with pytest.raises(ValueError, match="unknown scale 'x'"):
        scale_ids("x")
    with pytest.raises(ValueError, match="no scale given"):
        scale_ids(" , ")
