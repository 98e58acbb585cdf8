"""A centre's numbers and choices laid over a published protocol, and protocols of its own."""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from cytovigil.guidance.breyanzi_gb_2026 import BREYANZI_GB_2026
from cytovigil.guidance.choices import CHOICES
from cytovigil.guidance.kymriah_us_2025 import KYMRIAH_US_2025
from cytovigil.guidance.plugins import with_own
from cytovigil.guidance.site import Choice, Option, SiteProtocol, site_protocol
from cytovigil.guidance.site_text import LEGEND, SETTINGS, remarks_of, site_lines
from cytovigil.logic.conditions import Field
from cytovigil.logic.guidance import Protocol, Recommendation, Scheme
from cytovigil.logic.ladder import OUR_READING, SECONDARY, SOURCE_READ, STATUSES, Citation
from cytovigil.logic.text import cite
from cytovigil.model.settings import from_site
from cytovigil.model.told import ToldValueError
from cytovigil.report.language import speaker
from report.test_catalogue import rub_out, words

PAPER, OTHER = Citation("Paper", "A paper, 2020"), Citation("Other", "Another paper, 2021", where="page 3")
ILL = Field("ill", "ill", (False, True), ("no", "yes"), "", ("temperature",))
DEXAMETHASONE = Scheme("dexamethasone", mg=(10, 20), every_h=(6, 12), days=(3, 3))
TOCILIZUMAB = Scheme("tocilizumab", mg_per_kg=(8, 8), light=12, light_kg=30, cap_mg=800, route="intravenous over 1 h")
SILTUXIMAB = Scheme("siltuximab", mg_per_kg=(8, 11))
SEIZURES = Recommendation("seizures", "prevent", "antiseizure drug", ILL, "levetiracetam", "give")
ROWS = (
    Recommendation("steroid", "treat", "corticosteroid", ILL, "corticosteroid", "give", scheme=DEXAMETHASONE),
    Recommendation("tocilizumab", "treat", "tocilizumab", ILL, "tocilizumab", "consider", scheme=TOCILIZUMAB),
    Recommendation("siltuximab", "treat", "other agents", ILL, "siltuximab", "may be given", scheme=SILTUXIMAB),
    Recommendation("watch", "monitor", "monitoring", ILL, "vital signs every 4 h", "do"),
    SEIZURES,
)
BASE = Protocol("paper-2020", "3", "Paper 2020", PAPER, "complete", ROWS)
UNREAD = Protocol("unread", "1", "Not read", PAPER, "not_read", open_questions=("all of it",))
PROTOCOLS = {one.id: one for one in (BASE, UNREAD)}
HIGH_RISK = Recommendation("high-risk", "prevent", "antiseizure drug", ILL, "levetiracetam", "at high risk", SECONDARY)
QUESTIONS = (
    Choice("blood", "blood products", (Option("long", "for life", OTHER, OUR_READING),)),
    Choice(
        "seizures", "prophylaxis",
        (
            Option("yes", "all", PAPER, SOURCE_READ, (SEIZURES,)),
            Option("high-risk", "some", OTHER, SECONDARY, (HIGH_RISK,)),
            Option("no", "none", OTHER, SECONDARY),
        ),
        topic="antiseizure drug", kinds=("prevent",),
    ),
)  # fmt: skip


def laid(text: str) -> SiteProtocol:
    return site_protocol(tomllib.loads(f"base = 'paper-2020'\n{text}"), PROTOCOLS, QUESTIONS)


def changed(site: SiteProtocol) -> str:
    """`steroid every_h 12-12, tocilizumab left out`."""
    words = (f"{one.name} {one.now[0]:g}-{one.now[1]:g}" if one.name else one.kind for one in site.changes)
    return ", ".join(f"{one.recommendation} {word}" for one, word in zip(site.changes, words, strict=True))


# what the site writes | what differs from the base
LAID = """
                                                        |
[recommendations.steroid] every_h = 12                  | steroid every_h 12-12
[recommendations.steroid] every_h = 6.5                 | steroid every_h 6.5-6.5
[recommendations.steroid] every_h = [8, 12]             | steroid every_h 8-12
[recommendations.steroid] every_h = [6, 12]             |
[recommendations.steroid] mg = 10;every_h = 6           | steroid mg 10-10, steroid every_h 6-6
[recommendations.siltuximab] mg_per_kg = 11             | siltuximab mg_per_kg 11-11
[recommendations.tocilizumab] use = false               | tocilizumab left out
[recommendations.tocilizumab] use = true                | tocilizumab always
[recommendations.siltuximab] use = false;mg_per_kg = 11 | siltuximab left out
[recommendations.siltuximab] use = true;mg_per_kg = 11  | siltuximab mg_per_kg 11-11, siltuximab always
[choices] blood = 'long'                                |
[choices] seizures = 'yes'                              |
[choices] seizures = 'high-risk'                        | seizures replaced, high-risk added
[choices] seizures = 'no'                               | seizures replaced
"""


def cells(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip("\n").splitlines()]


def toml(cell: str) -> str:
    return cell.replace("] ", "]\n").replace(";", "\n")


@pytest.mark.parametrize(("text", "expected"), cells(LAID))
def test_numbers_and_choices(text: str, expected: str) -> None:
    site = laid(toml(text))
    assert changed(site) == expected
    assert site.base is BASE and site.protocol.version == "3+site" and site.protocol.source == PAPER


def test_what_is_not_named_stays_as_published() -> None:
    site = laid("[recommendations.steroid]\nevery_h = 12\n[choices]\nblood = 'long'")
    assert site.protocol.recommendations[1:] == ROWS[1:]
    assert site.protocol.recommendations[0].scheme == Scheme(
        "dexamethasone", mg=(10, 20), every_h=(12, 12), days=(3, 3)
    )
    assert {name: one.name for name, one in site.choices.items()} == {"blood": "long"}
    assert (site.protocol.id, site.protocol.title) == ("site-paper-2020", "Paper 2020")
    named = laid("id = 'ours'\ntitle = 'Our hospital'")
    assert (named.protocol.id, named.protocol.title) == ("ours", "Our hospital")


def test_an_added_recommendation_names_its_own_source() -> None:
    added = laid("[choices]\nseizures = 'high-risk'").protocol.recommendations[-1]
    assert (added.id, added.where, added.status) == ("high-risk", "Another paper, 2021; page 3", SECONDARY)


# what the site writes | the sentence
REFUSED = """
bases = 1                                               | unknown setting 'bases': did you mean base?
colour = 1                                              | unknown setting 'colour': known are base, id, title, choices, recommendations
title = 5                                               | 'title' must be a text, not 5
title = ' '                                             | 'title' must be a text, not ' '
id = 'unread'                                           | protocol 'unread' is a published one: give the site's own another id
choices = 'none'                                        | 'choices' must be a table, not 'none'
[choices] seizure = 'no'                                | unknown choice 'seizure': did you mean seizures?
[choices] seizures = 'high_risk'                        | unknown answer 'high_risk': did you mean high-risk?
[choices] seizures = 'never'                            | unknown answer 'never': known are yes, high-risk, no
[choices] seizures = true                               | 'seizures' must be a text, not True
[recommendations] steroid = 5                           | 'steroid' must be a table, not 5
[recommendations.steroids] mg = 5                       | unknown recommendation 'steroids': did you mean steroid?
[recommendations.steroid] every = 8                     | unknown setting 'every': did you mean every_h?
[recommendations.steroid] mg = 40                       | 'steroid.mg' must be from 10 to 20, as the source has it, not 40
[recommendations.steroid] mg = 9.99                     | 'steroid.mg' must be from 10 to 20, as the source has it, not 9.99
[recommendations.steroid] mg = [10, 21]                 | 'steroid.mg' must be from 10 to 20, as the source has it, not [10, 21]
[recommendations.steroid] mg = '10'                     | 'steroid.mg' must be a number, or two that rise, not '10'
[recommendations.steroid] mg = true                     | 'steroid.mg' must be a number, or two that rise, not True
[recommendations.steroid] mg = nan                      | 'steroid.mg' must be a number, or two that rise, not nan
[recommendations.steroid] mg = [20, 10]                 | 'steroid.mg' must be a number, or two that rise, not [20, 10]
[recommendations.steroid] mg = [10, 15, 20]             | 'steroid.mg' must be a number, or two that rise, not [10, 15, 20]
[recommendations.steroid] days = 4                      | 'steroid.days': the source leaves no choice here, it says '3'
[recommendations.tocilizumab] mg_per_kg = 12            | 'tocilizumab.mg_per_kg': the source leaves no choice here, it says '8'
[recommendations.tocilizumab] cap_mg = 1000             | unknown setting 'cap_mg': known are mg, mg_per_kg, every_h, days, use
[recommendations.tocilizumab] every_h = 4               | 'tocilizumab.every_h': the source gives no such number
[recommendations.watch] every_h = 8                     | 'watch.every_h': the source gives no such number
[recommendations.watch] use = false                     | 'watch.use': the source leaves no choice here, it says 'do'
[recommendations.tocilizumab] use = 'no'                | 'tocilizumab.use' must be true or false, not 'no'
"""


@pytest.mark.parametrize(("text", "sentence"), cells(REFUSED))
def test_a_site_protocol_that_is_wrong(text: str, sentence: str) -> None:
    with pytest.raises(ToldValueError) as refused:
        laid(toml(text))
    assert str(refused.value).startswith(sentence)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "setting 'base' is missing: name a published protocol, one of paper-2020, unread"),
        ({"base": "paper-2021"}, "unknown protocol 'paper-2021': did you mean paper-2020?"),
        ({"base": 7}, "'base' must be a text, not 7"),
        ({"base": "unread"}, "protocol 'unread' has no recommendation to lay numbers over"),
    ],
)
def test_a_base_that_is_none(values: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence.replace("?", r"\?")):
        site_protocol(values, PROTOCOLS)


def test_a_protocol_of_which_nothing_is_left_is_refused() -> None:
    only = Protocol("only", "1", "Only", PAPER, "complete", (ROWS[1],))
    with pytest.raises(ValueError, match="nothing of protocol 'only' is left: keep a recommendation"):
        site_protocol({"base": "only", "recommendations": {"tocilizumab": {"use": False}}}, {"only": only})


PAGE = """
Our hospital  (ours, version 3+site)
laid over Paper 2020 (paper-2020); A paper, 2020
~ changed by the site, + added by its choice, - left out; all else as published
blood = long: for life [our reading] (Another paper, 2021; page 3)
seizures = high-risk: some [secondary source] (Another paper, 2021; page 3)
~ steroid  give: corticosteroid (dexamethasone 10-20 mg, every 12 h, 3 days)  [source read]
~     when ill
~     hours between doses: 12; in the source 6-12
- tocilizumab  consider: tocilizumab 8 mg/kg, 12 mg/kg below 30 kg, at most 800 mg, intravenous over 1 h  [source read]
-     when ill
~ siltuximab  the site: always: siltuximab 8-11 mg/kg  [source read]
~     when ill
~     in the source: may be given
  watch  do: vital signs every 4 h  [source read]
      when ill
- seizures  give: levetiracetam  [source read]
-     when ill
+ high-risk  at high risk: levetiracetam  [secondary source]
+     when ill
+     Another paper, 2021; page 3
"""


def test_the_merged_protocol_shows_its_differences() -> None:
    site = laid(
        "id = 'ours'\ntitle = 'Our hospital'\n[choices]\nblood = 'long'\nseizures = 'high-risk'\n"
        "[recommendations]\nsteroid = {every_h = 12}\ntocilizumab = {use = false}\nsiltuximab = {use = true}\n"
    )
    assert site_lines(site) == PAGE.strip("\n").splitlines()
    assert [line for line in site_lines(laid("")) if line[0] in "~+-"] == [LEGEND]


def test_what_replaces_a_recommendation_of_the_same_id_stands_beside_it() -> None:
    namesake = Recommendation("seizures", "prevent", "antiseizure drug", ~ILL, "another drug", "give")
    choice = Choice(
        "seizures", "x", (Option("other", "x", OTHER, SECONDARY, (namesake,)),), "antiseizure drug", ("prevent",)
    )
    site = site_protocol(tomllib.loads("base = 'paper-2020'\n[choices]\nseizures = 'other'"), PROTOCOLS, (choice,))
    lines = [line for line in site_lines(site) if " seizures  " in line]
    assert lines == ["- seizures  give: levetiracetam  [source read]", "+ seizures  give: another drug  [source read]"]


def test_what_the_site_left_out_or_replaced_is_kept_apart() -> None:
    gone = laid("[choices]\nseizures = 'no'\n[recommendations]\ntocilizumab = {use = false}").left_out
    assert gone is not None and [one.id for one in gone.recommendations] == ["tocilizumab", "seizures"]
    assert laid("[recommendations]\nsteroid = {mg = 10}").left_out is None


def test_remarks_of_differences() -> None:
    found = remarks_of(
        laid(
            "id = 'ours'\n[choices]\nseizures = 'high-risk'\n[recommendations]\n"
            "steroid = {every_h = 12}\ntocilizumab = {use = false}\nsiltuximab = {use = true}"
        )
    )
    assert found == {
        ("ours", ""): ["laid over Paper 2020 (paper-2020); A paper, 2020", LEGEND],
        ("ours", "steroid"): ["~ hours between doses: 12; in the source 6-12"],
        ("ours", "tocilizumab"): [],
        ("ours", "siltuximab"): ["~ in the source: may be given"],
        ("ours", "seizures"): [],
        ("ours", "high-risk"): ["+ added by a choice of the site"],
    }


def test_the_merged_protocol_is_dutch_where_asked() -> None:
    text = "base = 'breyanzi-gb-2026-05'\n[choices]\nseizure_prophylaxis = 'high-risk'\ng_csf = 'nccn'\n"
    text += "[recommendations]\nicans-3-steroid = {mg = 10}\ncrs-2-late-steroid = {use = true}"
    shipped = {one.id: one for one in (BREYANZI_GB_2026, KYMRIAH_US_2025)}
    site = site_protocol(tomllib.loads(text), shipped, CHOICES)
    assert "~     mg: 10; in de bron 10-20" in site_lines(site, speaker("nl"))
    ids = {one.id for one in (site.base, site.protocol, *site.base.recommendations, *site.protocol.recommendations)}
    cited = {cite(one.source) for one in (site.base, *site.choices.values())}
    names = {f"{name} = {one.name}" for name, one in site.choices.items()}
    remarks = [line for lines in remarks_of(site, rub_out).values() for line in lines]
    page = "\n".join([*site_lines(site, rub_out), *remarks]).replace("1+site", "")
    assert words(page, ids | cited | names | {"mg", "kg"}) == set()


def test_the_order_of_a_site_file_never_matters() -> None:
    one = laid("[recommendations.steroid]\nmg = 10\nevery_h = 8\n[choices]\nblood = 'long'\nseizures = 'no'")
    other = laid("[choices]\nseizures = 'no'\nblood = 'long'\n[recommendations.steroid]\nevery_h = 8\nmg = 10")
    assert site_lines(one) == site_lines(other)


# The shipped choices over shipped protocols: what differs
SHIPPED = """
breyanzi-gb-2026-05 | seizure_prophylaxis = 'yes'       |
breyanzi-gb-2026-05 | seizure_prophylaxis = 'high-risk' | icans-antiseizure replaced, antiseizure-high-risk added
breyanzi-gb-2026-05 | seizure_prophylaxis = 'no'        | icans-antiseizure replaced
kymriah-us-2025-06  | seizure_prophylaxis = 'yes'       | antiseizure replaced, icans-antiseizure added
kymriah-us-2025-06  | seizure_prophylaxis = 'high-risk' |
kymriah-us-2025-06  | g_csf = 'nccn'                    |
"""


@pytest.mark.parametrize(("base", "text", "expected"), cells(SHIPPED))
def test_shipped_choices(base: str, text: str, expected: str) -> None:
    shipped = {one.id: one for one in (BREYANZI_GB_2026, KYMRIAH_US_2025)}
    site = site_protocol(tomllib.loads(f"base = '{base}'\n[choices]\n{text}"), shipped, CHOICES)
    assert changed(site) == expected
    assert len(site.choices) == 1


def test_shipped_choices_have_sources_and_dutch() -> None:
    say = speaker("nl")
    options = [option for choice in CHOICES for option in choice.options]
    assert all(one.source.text and one.status in STATUSES for one in options)
    texts = {one.says for one in (*CHOICES, *options)} | {LEGEND, *SETTINGS.values()} - {"mg", "mg/kg"}
    assert [text for text in sorted(texts) if say(text) == text] == []
    for choice in CHOICES:
        assert len({one.name for one in choice.options}) == len(choice.options) >= 2


# A package of the centre's own: its module, and the sentence where it is refused
PACKAGES = """
one = P('own-1')                                |
many = (P('own-2'), P('own-3'))                 |
listed = [P('own-4')]                           |
taken = P('paper-2020')                         | own protocols 'taken' (our_rules:taken): the id 'paper-2020' is taken already
twice = (P('own'), P('own'))                    | own protocols 'twice' (our_rules:twice): the id 'own' is taken already
nothing = None                                  | own protocols 'nothing' (our_rules:nothing) are no Protocol, and no tuple of them
words = ('a', 'b')                              | own protocols 'words' (our_rules:words) are no Protocol, and no tuple of them
broken = 1 / 0                                  | own protocols 'broken' (our_rules:broken) cannot be loaded: ZeroDivisionError: division by zero
sourceless = P('x', '')                         | own protocols 'sourceless' (our_rules:sourceless) cannot be loaded: ValueError: protocol 'x' has no source
lines = int('a\\nb')                             | own protocols 'lines' (our_rules:lines) cannot be loaded: ValueError: invalid literal
leaves = exit(3)                                | own protocols 'leaves' (our_rules:leaves) cannot be loaded: SystemExit: 3
absent2 = 1                                     | own protocols 'absent' (our_rules:absent) cannot be loaded: AttributeError
"""

MODULE = """
from cytovigil.logic.conditions import Field
from cytovigil.logic.guidance import Protocol, Recommendation
from cytovigil.logic.ladder import Citation
ILL = Field("ill", "ill", (False, True), ("no", "yes"), "", ())
def P(name, source="Our hospital, 2026"):
    rows = (Recommendation("rest", "care", "place of care", ILL, "rest", "give"),)
    return Protocol(name, "1", "Ours", Citation("ours", source), "complete", rows)
"""


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    sys.path.insert(0, str(tmp_path))
    yield tmp_path
    sys.path.remove(str(tmp_path))
    sys.modules.pop("our_rules", None)


@pytest.mark.parametrize(("line", "sentence"), cells(PACKAGES))
def test_protocols_of_an_installed_package(path: Path, line: str, sentence: str) -> None:
    name = line.split()[0].removesuffix("2")
    (path / "our_rules.py").write_text(MODULE + line, "utf-8")
    (path / "our_rules-1.dist-info").mkdir()
    (path / "our_rules-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: our-rules\nVersion: 1\n")
    (path / "our_rules-1.dist-info" / "entry_points.txt").write_text(
        f"[cytovigil.protocols]\n{name} = our_rules:{name}\n"
    )
    if sentence:
        with pytest.raises(ToldValueError) as refused:
            with_own(PROTOCOLS)
        assert str(refused.value).startswith(sentence)
        assert "\n" not in str(refused.value)
    else:
        own = with_own(PROTOCOLS)
        assert list(own)[:2] == list(PROTOCOLS) and len(own) > 2
        assert all(isinstance(one, Protocol) and one.id == key for key, one in own.items())


def test_without_a_package_the_shipped_protocols_stay() -> None:
    assert with_own(PROTOCOLS) == PROTOCOLS


def test_the_file_in_the_documents_is_one() -> None:
    page = (Path(__file__).parents[2] / "docs" / "site-protocol.md").read_text("utf-8")
    (text,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    values = tomllib.loads(text)
    site = site_protocol(values.pop("protocol"), {BREYANZI_GB_2026.id: BREYANZI_GB_2026}, CHOICES)
    assert set(from_site(values).changed()) == {"jurisdiction", "irradiation"}
    assert changed(site) == (
        "crs-1-steroid left out, crs-2-late-steroid every_h 12-12, crs-2-late-steroid always, icans-3-steroid mg 10-10, "
        "icans-antiseizure replaced, antiseizure-high-risk added"
    )
    assert set(site.choices) == {one.name for one in CHOICES}
