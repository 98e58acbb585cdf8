"""`advise` with a site's file, `rules show` of its protocol, and the ledger: as a ward would use them."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from ward_kit import Done, Run

PATIENTS = """\
patient_id;infusion_time;product;disease;age_years;sex;weight_kg
P1;2026-06-01T10:00;liso-cel;LBCL;61;female;72,5
KIND;2026-06-01T10:00;tisa-cel;B-ALL;7;male;24
ZWAAR;2026-06-01T10:00;axi-cel;LBCL;55;male;
"""
HEADS = "patient_id;time;signal;value;unit\n"
ROUNDS = """\
temperature;38,9;Cel
systolic_bp;84;mm[Hg]
spo2;95;%
oxygen_device;none;
"""
SITE = """\
jurisdiction = "GB"

[protocol]
base = "breyanzi-gb-2026-05"
id = "Our-hospital"
title = "Our hospital, 2026"

[protocol.choices]
seizure_prophylaxis = "high-risk"

[protocol.recommendations.crs-2-late-steroid]
use = true

[protocol.recommendations.icans-3-steroid]
mg = 10

[protocol.recommendations.crs-1-steroid]
use = false
"""
Advise = Callable[..., Done]


def rounds(patient: str, *times: str) -> str:
    """Fever, a low pressure and room air, at each time."""
    return "".join(f"{patient};2026-06-{time};{line}\n" for time in times for line in ROUNDS.splitlines())


@pytest.fixture
def advise(run: Run, tmp_path: Path) -> Advise:
    (tmp_path / "patients.csv").write_text(PATIENTS, "utf-8")

    def call(events: str, *arguments: str, patient: str = "P1", site: str | None = SITE) -> Done:
        (tmp_path / "events.csv").write_text(HEADS + events, "utf-8")
        tables = [tmp_path / "patients.csv", tmp_path / "events.csv"]
        more = []
        if site is not None:
            (tmp_path / "site.toml").write_text(site, "utf-8")
            more = ["--site", tmp_path / "site.toml"]
        return run("advise", *tables, "--patient", patient, *more, *arguments)

    return call


ILL = rounds("P1", "02T08:00", "02T18:00") + "P1;2026-06-02T18:10;ice;1;\nP1;2026-06-02T18:10;consciousness;awake;\n"


def test_the_protocol_of_the_site_is_asked_in_place_of_its_base(advise: Advise) -> None:
    out = advise(ILL).out
    assert "Our hospital, 2026  (Our-hospital, version 1+site)\n  laid over Breyanzi label" in out
    assert "breyanzi-gb-2026-05, version" not in out
    assert out.index("(Our-hospital, version") < out.index("(asco-2021, version")
    assert "        ~ mg: 10; in the source 10-20\n" in out
    assert "        + added by a choice of the site\n" in out
    left_out = out.partition("In the source, and left out by the site")[2]
    assert left_out.split("\n\n")[0].count("(icans-antiseizure)") == 1


def test_a_recommendation_that_the_site_always_follows_shows_the_word_of_the_source(advise: Advise) -> None:
    late = rounds("P1", "05T08:00") + "P1;2026-06-05T08:00;ice;10;\nP1;2026-06-05T08:00;creatinine;70;umol/L\n"
    late += "".join(f"P1;2026-06-05T08:00;{name};20;U/L\n" for name in ("alt", "ast"))
    late += "P1;2026-06-05T08:00;bilirubin;10;umol/L\n"
    out = advise(late).out
    assert " the site: always: corticosteroid" in out and "        ~ in the source: consider\n" in out


def test_the_protocol_of_the_site_alone(advise: Advise) -> None:
    done = advise(ILL, "--protocol", "our-hospital")
    assert done.code == 0 and "(asco-2021" not in done.out and "laid over Breyanzi label" in done.out
    base = advise(ILL, "--protocol", "breyanzi-gb-2026-05").out
    assert "laid over" not in base and "not asked here" not in base and "breyanzi-gb-2026-05, version 1)" in base


def test_the_protocol_of_the_site_for_other_products_is_said_not_to_be_asked(advise: Advise) -> None:
    out = advise(rounds("KIND", "02T08:00"), patient="KIND").out
    assert "The site's protocol (Our-hospital) is not asked here: it is for other products, or for another time." in out
    assert "(Our-hospital, version" not in out


def test_rules_show_prints_it_with_its_differences(run: Run, tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text(SITE, "utf-8")
    out = run("rules", "show", "our-hospital", "--site", site).out
    assert out.startswith("Our hospital, 2026  (Our-hospital, version 1+site)\nlaid over Breyanzi label")
    for line in (
        "- crs-1-steroid  consider: corticosteroid", "~ crs-2-late-steroid  the site: always: corticosteroid",
        "~     in the source: consider", "~     mg: 10; in the source 10-20", "+ antiseizure-high-risk  ",
        "  crs-2-tocilizumab  give: tocilizumab",
    ):  # fmt: skip
        assert f"\n{line}" in out
    assert "~     mg: 10; in de bron 10-20" in run("rules", "show", "our-hospital", "--site", site, "--lang", "nl").out
    listed = run("rules", "list", "--site", site).out
    assert "\nOur-hospital " in listed and "\nasco-2021 " in listed
    assert "Our-hospital" not in run("rules", "list").out
    published = run("rules", "show", "asco-2021").out
    assert published.startswith("ASCO guideline 2021  (asco-2021, version 1)\nSource: Santomasso")
    assert run("rules", "show", "asco-2021", "--format", "json").err == (
        "cytovigil: 'asco-2021' is a protocol: it is shown as text\n"
    )
    assert "unknown scale 'our-hospital'" in run("rules", "show", "our-hospital").err


# what the site writes | the sentence
MISTAKES = """
base = 'asco-2021' | site file 'site.toml': 'base' belongs in the table [protocol]
[choices] g_csf = 'asco' | site file 'site.toml': 'choices' belongs in the table [protocol]
protocol = 'asco-2021' | table 'protocol': write it as a table that begins with [protocol], not 'asco-2021'
[protocol] id = 'ours' | table 'protocol': setting 'base' is missing: name a published protocol, one of breyanzi
[protocol] base = 'breyanzi-gb-2026' | unknown protocol 'breyanzi-gb-2026': did you mean breyanzi-gb-2026-05?
[protocol] base = 'asco-2021';fever_cel = 38 | table 'protocol': unknown setting 'fever_cel': known are base, id, title
[protocol] base = 'asco-2021';base = 'asco-2021' | site file 'site.toml' is not TOML: Cannot overwrite a value
[protocol] base = 'abecma' | table 'protocol': protocol 'abecma' has no recommendation to lay numbers over
jurisdiction = 'NL' | setting 'jurisdiction' must be one of EU, GB, US, CH, IL, not 'NL'
irradiation = 'uk' | setting 'irradiation' must be one of nl, gb, eha-ebmt, not 'uk'
"""


@pytest.mark.parametrize("line", MISTAKES.strip().splitlines())
def test_a_mistake_in_the_sites_file(advise: Advise, line: str) -> None:
    text, sentence = (part.strip() for part in line.split(" | "))
    done = advise(ILL, site=text.replace("] ", "]\n").replace(";", "\n"))
    assert (done.code, done.out) == (2, "")
    assert sentence in done.err and done.err.count("\n") == 1


def test_grade_takes_the_same_file(run: Run, ward: Path, tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(SITE, "utf-8")
    done = run("grade", ward, "-o", tmp_path / "out", "--site", tmp_path / "site.toml", "--report", "none")
    assert (done.code, done.err) == (0, "")
    assert '"jurisdiction": "GB"' in (tmp_path / "out" / "manifest.json").read_text("utf-8")


def test_labels_by_jurisdiction_and_day_of_infusion(advise: Advise) -> None:
    gb = advise(ILL).out.partition("\nLabels on the day of infusion, 2026-06-01: Great Britain (GB, ")[2]
    assert "near the centre: until 2026-06-15 (2 weeks after the infusion of 2026-06-01)" in gb
    assert "at least until 2026-06-29 (4 weeks after the infusion of 2026-06-01; neurological events have not" in gb
    assert "tocilizumab: at least 1 before the infusion; a next dose within 8 h" in gb
    assert "please record: tocilizumab doses in stock, shortage officially listed, alternative recorded" in gb
    assert "What labels say besides\n  contraception and pregnancy: " in gb
    eu = advise(ILL, site=None).out.partition("\nLabels on the day of infusion, 2026-06-01: European Union (EU, ")[2]
    assert "near the centre: until 2026-06-29" in eu and "liso-cel GB" not in eu
    assert "(package leaflet of 2022): tocilizumab doses: this record gives no number" in eu
    nl = advise(ILL, "--lang", "nl").out
    assert "Productteksten op de dag van infusie, 2026-06-01: Groot-Brittannië (GB, " in nl


def test_where_no_record_is_known_nothing_fills_it(advise: Advise) -> None:
    out = advise(ILL, site="jurisdiction = 'IL'").out
    assert "Israel (IL, by `jurisdiction` in the site's file)\n  not known\n" in out


def test_without_a_product_no_label_is_shown(run: Run, tmp_path: Path) -> None:
    (tmp_path / "patients.csv").write_text("patient_id,infusion_time\nP1,2026-06-01T10:00\n", "utf-8")
    (tmp_path / "events.csv").write_text("patient_id,time,signal,value\nP1,2026-06-02T10:00,ice,10\n", "utf-8")
    out = run("advise", tmp_path, "--patient", "P1").out
    assert out.endswith(
        "European Union (EU, by `jurisdiction` in the site's file)\n  not known: the product is not given\n"
    )


def test_rows_that_cannot_be_used_are_told(advise: Advise) -> None:
    wrong = "P1;2026-06-02T08:00;temprature;38,9;Cel\nP1;2026-06-02T08:00;ice;7\nKIND;2026-06-02T08:00;ice;12;\n"
    out = advise(ILL + wrong).out
    assert (
        "\nRows that cannot be used as they stand: unknown_signal 1, wrong_field_count 1; `cytovigil grade` lists"
        in out
    )
    assert "Rows that cannot be used" not in advise(ILL).out
    assert "Rijen die zo niet bruikbaar zijn: " in advise(ILL + wrong, "--lang", "nl").out


def given(patient: str, *doses: str) -> str:
    """`02T09:00 tocilizumab 580 mg` ..."""
    lines = (dose.split() for dose in doses)
    return "".join(f"{patient};2026-06-{time};{drug};{amount};{unit}\n" for time, drug, amount, unit in lines)


def ledger(done: Done) -> str:
    assert (done.code, done.err) == (0, "")
    return done.out.partition("\n\nTocilizumab\n")[2].partition("\n\nLabels on")[0]


def test_tocilizumab_by_weight_with_its_calculation(advise: Advise) -> None:
    page = ledger(advise(rounds("P1", "02T08:00")))
    assert "dose by weight: 72.5 kg x 8 mg/kg = 580 mg (weight of the patients table)" in page
    assert "next dose: allowed now by number and interval; left in this episode: 4" in page
    child = ledger(advise(rounds("KIND", "02T08:00"), patient="KIND"))
    assert "24 kg x 12 mg/kg = 288 mg" in child
    heavy = ledger(advise(rounds("ZWAAR", "02T08:00") + "ZWAAR;2026-06-02T07:00;weight;130;kg\n", patient="ZWAAR"))
    assert "130 kg x 8 mg/kg = 1040 mg, at most 800 mg (2026-06-02T07:00:00+02:00)" in heavy
    unknown = ledger(advise(rounds("ZWAAR", "02T08:00"), patient="ZWAAR"))
    assert "dose by weight: the weight is not known: please chart" in unknown
    for kg, sum_ in (("29,9", "29.9 kg x 12 mg/kg = 358.8 mg, rounded 359 mg"), ("30", "30 kg x 8 mg/kg = 240 mg")):
        light = rounds("ZWAAR", "02T08:00") + f"ZWAAR;2026-06-02T07:00;weight;{kg};kg\n"
        assert sum_ in ledger(advise(light, patient="ZWAAR"))


def test_below_30_kg_both_doses_name_their_source(advise: Advise) -> None:
    """Breyanzi prints 8 mg/kg alone; the ledger has the 12 mg/kg of Kymriah: both say so on one page."""
    page = advise(rounds("KIND", "02T08:00"), "--protocol", "breyanzi-gb-2026-05", patient="KIND").out
    label = "Kymriah US prescribing information, revised 6/2025"
    of_the_ledger = f"this source has no other dose below 30 kg; the 12 mg/kg of the ledger are of: {label}"
    assert f"24 kg x 8 mg/kg = 192 mg; {of_the_ledger}" in page
    assert page.count(f"12 mg/kg is of: {label}; a source that prints 8 mg/kg alone gives another dose") == 2


FREE, SOON = "allowed now by number and interval", "too soon after the dose before"
PERHAPS = "this episode may have had all its doses"
# doses of tocilizumab | at | in 24 h, in the episode | what may come next; doses left
NEXT = f"""
02T09:00 | 02T16:59 | 1 1 | not before 2026-06-02T17:00:00+02:00: {SOON}; left in this episode: 3
02T09:00 | 02T17:00 | 1 1 | {FREE}; left in this episode: 3
02T09:00 02T17:00 03T01:00 | 03T08:59 | 3 3 | not before 2026-06-03T09:00:00+02:00: {SOON}, ALL; left in this episode: 1
02T09:00 02T17:00 03T01:00 | 03T09:00 | 2 3 | {FREE}; left in this episode: 1
02T09:00 02T17:00 03T01:00 03T09:00 | 03T20:00 | 2 4 | none in this episode: this episode has had all its doses
01T11:00 02T09:00 | 02T18:00 | 1 1..2 | {FREE}; left in this episode: 2..3
01T11:00 01T20:00 02T09:00 02T17:00 | 03T18:00 | 0 2..4 | not before it is known what each dose was given for: {PERHAPS}
01T20:00 02T09:00 | 02T18:00 | 2 1..2 | {FREE}; left in this episode: 2..3
"""


@pytest.mark.parametrize("line", NEXT.strip().splitlines())
def test_when_the_next_dose_is_allowed(advise: Advise, line: str) -> None:
    doses, at, counts, following = (part.strip() for part in line.split("|"))
    in_window, in_episode = counts.split()
    following = following.replace("ALL", "too many doses in the time counted")
    chart = rounds("P1", "02T08:00", "02T20:00", "03T08:00", "03T19:00")
    chart += given("P1", *(f"{time} tocilizumab 580 mg" for time in doses.split()))
    page = ledger(advise(chart, "--at", f"2026-06-{at}"))
    assert f"given in 24 h: {in_window} of 3; in this episode of CRS: {in_episode} of 4" in page
    assert f"  next dose: {following}\n" in page
    if doses.startswith("01"):
        before = f"2026-06-{doses.split()[0]}:00+02:00"
        assert f"{before}: in no episode of CRS that was charted: may count in this one" in page


def test_a_dose_not_charted_asks(advise: Advise) -> None:
    chart = rounds("P1", "02T08:00") + "P1;2026-06-02T09:00;tocilizumab;;mg\nP1;2026-06-02T10:00;dexamethasone;;mg\n"
    page = ledger(advise(chart))
    assert (
        "tocilizumab dose unknown, 2026-06-02T09:00:00+02:00: in this episode of CRS; dose not charted: please chart"
        in page
    )
    assert "dexamethasone dose unknown, 2026-06-02T10:00:00+02:00: dose not charted: please chart" in page


STEROIDS = (
    "02T09:00 dexamethasone 10 mg", "02T21:00 dexamethasone 10 mg", "03T09:00 methylprednisolone 40 mg",
    "04T09:00 dexamethasone 4 mg", "05T09:00 prednisolone 10 mg",
)  # fmt: skip


def test_corticosteroids_by_day_cumulative_and_falling(advise: Advise) -> None:
    page = ledger(advise(rounds("P1", "02T08:00", "06T08:00") + given("P1", *STEROIDS)))
    for line in (
        "33 mg; days from the first to the last dose: 4, with a dose: 4; begun on day 1",
        "first 2026-06-02T09:00:00+02:00, last 2026-06-05T09:00:00+02:00",
        "daily doses are falling since 2026-06-03",
        "2026-06-02: 20 mg", "2026-06-03: 7.5 mg", "2026-06-04: 4 mg", "2026-06-05: 1.5 mg",
        "dexamethasone (corticosteroid): doses 3, first 2026-06-02T09:00:00+02:00, last 2026-06-04T09:00:00+02:00",
    ):  # fmt: skip
        assert f"  {line}\n" in page, line
    assert page.startswith("  ") and "Corticosteroids (in mg of dexamethasone by the usual table" in page


def test_the_response_at_6_12_24_and_48_h(advise: Advise) -> None:
    chart = rounds("P1", "02T08:00", "02T14:00", "02T20:30", "03T08:30") + given("P1", "02T09:00 tocilizumab 580 mg")
    chart += rounds("P1", "04T08:00").replace("38,9", "37,0").replace("bp;84", "bp;118")
    page = ledger(advise(chart, "--at", "2026-06-04T09:00"))
    assert (
        "  tocilizumab 580 mg, 2026-06-02T09:00:00+02:00\n    CRS, ASTCT consensus 2019: before 2, 6 h 2, 12 h " in page
    )
    (line,) = [one for one in page.splitlines() if one.startswith("    CRS, ASTCT consensus 2019: before 2")]
    assert line.endswith("24 h 2, 48 h 0")


def test_benefit_and_risk_stand_beside_this_patient_with_their_confounding(advise: Advise) -> None:
    page = ledger(advise(rounds("P1", "02T08:00") + given("P1", "02T09:00 dexamethasone 10 mg")))
    part = page.partition("Corticosteroids: benefit and risk (seen in others; no verdict on this patient)\n")[2]
    assert part.startswith(
        "  this patient: 10 mg; days from the first to the last dose: 1, with a dose: 1; begun on day 1\n"
    )
    for words in ("Strati P et al. Blood 2021;137:3272", "ZUMA-1 cohort 4", "ZUMA-1 cohort 6", "186 (8-1803)"):
        assert words in part
    assert part.count("confounding: ") == 3


MODULE = """
from cytovigil.guidance.fields import ICANS, at_least
from cytovigil.logic.conditions import Field
from cytovigil.logic.guidance import Protocol, Recommendation
from cytovigil.logic.ladder import Citation
OURS = Citation("Ours", "Our hospital, procedure 7")
NOBODY = Field("mood", "mood", (False, True), ("bad", "good"), "mood", ("mood",))
def made(name, when, scale="crs-astct-2019"):
    rule = Recommendation("call", "care", "place of care", when, "call the neurologist", "consider")
    return Protocol(name, "1", "Ours", OURS, "complete", (rule,), scale=scale)
PROTOCOLS = (made("ours", at_least(ICANS, 1)), made("moody", NOBODY), made("scaled", at_least(ICANS, 1), "crs-ours"))
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "packages"
    (folder / "their_rules-1.dist-info").mkdir(parents=True)
    (folder / "their_rules.py").write_text(MODULE, "utf-8")
    (folder / "their_rules-1.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: their-rules\nVersion: 1\n"
    )
    (folder / "their_rules-1.dist-info" / "entry_points.txt").write_text(
        "[cytovigil.protocols]\nx = their_rules:PROTOCOLS\n"
    )
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "their_rules", raising=False)


@pytest.mark.usefixtures("package")
def test_protocols_of_a_package_are_asked(advise: Advise, run: Run) -> None:
    out = advise(ILL, "--protocol", "ours", site=None).out
    assert "Ours  (ours, version 1)" in out and "- consider: call the neurologist  [source read]" in out
    assert "\nours " in run("rules", "list").out
    laid = "[protocol]\nbase = 'ours'\n[protocol.recommendations.call]\nuse = true\n"
    assert "- the site: always: call the neurologist" in advise(ILL, "--protocol", "site-ours", site=laid).out
    assert advise(ILL, "--protocol", "moody").err == "cytovigil: protocol 'moody': nothing measures 'mood'\n"
    assert advise(ILL, "--protocol", "scaled").err == "cytovigil: protocol 'scaled': unknown scale 'crs-ours'\n"


@pytest.mark.usefixtures("package")
def test_a_package_that_cannot_be_loaded_is_told_not_left_out(advise: Advise, tmp_path: Path) -> None:
    (tmp_path / "packages" / "their_rules.py").write_text("1 / 0\n", "utf-8")
    done = advise(ILL)
    assert done.code == 2 and done.err.startswith(
        "cytovigil: own protocols 'x' (their_rules:PROTOCOLS) cannot be loaded: ZeroDivisionError"
    )
