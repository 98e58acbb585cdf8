"""Labels by product, jurisdiction and day of infusion: what held, until when, stock; and what is not known.

Every number of the records stands in a row here, as its source prints it; `-` is not given or not seen.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cytovigil.guidance.label_records import LABELS
from cytovigil.guidance.label_rules import LABEL_RULES
from cytovigil.guidance.label_text import HEADS, HELD, MAY_HAVE_HELD, NOT_KNOWN, NOT_OF_THIS, label_lines, label_page
from cytovigil.guidance.labels import ANYWHERE, CLASS, Held, LabelRecord, LabelRule, labels_on, rules_of
from cytovigil.guidance.stays import (
    ALTERNATIVE,
    IN_STOCK,
    LATER,
    LISTED,
    NO_DOSES,
    NO_NUMBER,
    NOT_CHARTED,
    ONGOING,
    SENTENCES,
    USUAL_DOSES,
    daily_until,
    in_stock,
    near_until,
    no_driving_until,
    watched_until,
)
from cytovigil.logic.driving import Events
from cytovigil.logic.ladder import OUR_READING, SECONDARY, SOURCE_READ, STATUSES, UNVERIFIED, Citation
from cytovigil.logic.text import cite
from cytovigil.model.settings import JURISDICTIONS
from cytovigil.model.vocabulary import PRODUCTS
from cytovigil.report.language import speaker
from report.test_catalogue import rub_out, words

# product, jurisdiction, version | days daily, visits in week 1, weeks watched, near, no driving (E: or events resolved)
# | doses before infusion, next within h, S: except in a shortage | status
RECORDS = """
liso-cel  | GB | text revised 05/05/2026         | -  2-3 2 2 4  | 1 8 S | source read
liso-cel  | EU | package leaflet of 2022         | -  2-3 - 4 8  | - - - | secondary source
liso-cel  | EU | present text not seen           | -  -   - 4 8  | - - - | our reading
brexu-cel | GB | text revised 30/04/2026         | 7  -   - 4 8E | 1 8 S | source read
brexu-cel | EU | package leaflet of 2022         | 10 -   - 4 8  | - - - | secondary source
axi-cel   | EU | current copy, its day not printed | 7 -  - 4 -  | - - S | secondary source
axi-cel   | EU | 2022 and earlier                | 10 -   - 4 8E | 4 - - | secondary source
axi-cel   | US | before 6/2025                   | 7  -   4 4 8  | 2 - - | secondary source
tisa-cel  | US | revised 6/2025                  | 7  -   2 2 2  | 2 - - | secondary source
tisa-cel  | EU | copy of September 2026          | -  2-3 - 4 8  | 1 8 S | secondary source
tisa-cel  | CH | current copy, its day not printed | -  - - - -  | 2 8 - | secondary source
tisa-cel  | EU | 2019                            | -  -   - - -  | 4 - - | secondary source
ide-cel   | IL | current copy, its day not printed | -  - - - -  | 1 8 - | secondary source
ide-cel   | EU | package leaflet of 2022         | 10 -   - 4 8E | - - - | secondary source
ide-cel   | US | before 6/2025                   | -  -   - 4 8  | - - - | secondary source
ide-cel   | US | revised 6/2025                  | 7  -   2 2 2  | - - - | secondary source
cilta-cel | EU | package leaflet of 2022         | 14 -   - 4 8  | - - - | secondary source
cilta-cel | GB | current copy, its day not printed | -  - - - -  | - 8 S | secondary source
cilta-cel | US | May 2024                        | 10 -   4 4 -  | 2 - - | secondary source
cilta-cel | US | after 6/2025                    | -  -   - - -  | - - - | unverified
obe-cel   |    | any version                     | -  -   - - -  | - - - | unverified
          | US | 26 June 2025                    | 7  -   2 2 2  | - - - | secondary source
"""


def cells(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def _or_dash(*values: object) -> str:
    return " ".join("-" if value is None or value == "" else str(value) for value in values)


def as_row(one: LabelRecord) -> list[str]:
    visits = one.visits_wk1 and "-".join(map(str, one.visits_wk1))
    driving = one.driving_weeks and f"{one.driving_weeks}{'E' if one.driving_until_neuro_resolved else ''}"
    stays = _or_dash(one.daily_days, visits, one.watch_weeks, one.proximity_weeks, driving)
    doses = _or_dash(one.toci_min_doses, one.toci_next_dose_within_h, "S" if one.shortage_exception else "")
    return [one.product, one.jurisdiction, one.label_date, stays, doses, one.status]


def test_the_records_are_those_of_the_sources() -> None:
    expected = [[" ".join(cell.split()) for cell in row] for row in cells(RECORDS)]
    assert [as_row(one) for one in LABELS] == expected


# What held on the day of infusion; ? where it may have been another version's day.
ON = """
liso-cel  | GB | 2026-05-05 | text revised 05/05/2026
liso-cel  | GB | 2026-05-04 | -
liso-cel  | EU | 2022-06-01 | package leaflet of 2022?
liso-cel  | EU | 2026-10-01 | package leaflet of 2022?, present text not seen?
liso-cel  | EU | 2021-12-31 | -
liso-cel  | CH | 2026-10-01 | -
brexu-cel | GB | 2026-04-30 | text revised 30/04/2026
axi-cel   | EU | 2021-03-01 | 2022 and earlier?
axi-cel   | EU | 2024-05-10 | current copy, its day not printed?, 2022 and earlier?
axi-cel   | EU | 2026-10-01 | current copy, its day not printed
axi-cel   | GB | 2026-10-01 | -
axi-cel   | US | 2025-05-31 | before 6/2025
axi-cel   | US | 2025-06-15 | before 6/2025?
axi-cel   | US | 2025-06-26 | before 6/2025?, 26 June 2025
axi-cel   | US | 2025-07-01 | 26 June 2025
tisa-cel  | US | 2025-06-26 | revised 6/2025?, 26 June 2025
tisa-cel  | US | 2025-07-01 | revised 6/2025, 26 June 2025
tisa-cel  | US | 2025-05-31 | -
tisa-cel  | EU | 2019-06-01 | 2019?
tisa-cel  | EU | 2024-01-01 | copy of September 2026?, 2019?
tisa-cel  | EU | 2026-11-01 | copy of September 2026
tisa-cel  | CH | 2026-11-01 | current copy, its day not printed?
ide-cel   | US | 2025-01-01 | before 6/2025
ide-cel   | US | 2026-01-01 | revised 6/2025, 26 June 2025
ide-cel   | IL | 2026-01-01 | current copy, its day not printed?
cilta-cel | US | 2024-05-31 | May 2024?
cilta-cel | US | 2025-01-01 | May 2024
cilta-cel | US | 2026-01-01 | after 6/2025?, 26 June 2025
cilta-cel | US | 2024-04-30 | -
obe-cel   | EU | 2026-01-01 | any version?
obe-cel   | US | 2026-01-01 | any version?, 26 June 2025
other     | US | 2026-01-01 | -
"""


@pytest.mark.parametrize(("product", "jurisdiction", "day", "expected"), cells(ON))
def test_what_held_on_the_day(product: str, jurisdiction: str, day: str, expected: str) -> None:
    held = labels_on(LABELS, product, jurisdiction, date.fromisoformat(day))
    shown = ", ".join(one.record.label_date + ("" if one.sure else "?") for one in held)
    assert (shown or "-") == expected


@pytest.mark.parametrize(
    ("product", "jurisdiction", "sentence"),
    [
        ("axicel", "EU", "unknown product 'axicel': did you mean axi-cel"),
        ("x", "EU", "unknown product 'x': known are axi-cel, brexu-cel"),
        ("axi-cel", "NL", "unknown jurisdiction 'NL': known are EU, GB, US, CH, IL"),
        ("axi-cel", "GBR", "unknown jurisdiction 'GBR': did you mean GB?"),
    ],
)
def test_a_name_that_is_none(product: str, jurisdiction: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence.replace("?", r"\?")):
        labels_on(LABELS, product, jurisdiction, date(2026, 1, 1))
    with pytest.raises(ValueError, match=sentence.replace("?", r"\?")):
        rules_of(LABEL_RULES, product, jurisdiction)


def record(product: str, jurisdiction: str, version: str) -> LabelRecord:
    (found,) = [one for one in LABELS if as_row(one)[:3] == [product, jurisdiction, version]]
    return found


DAY_0 = date(2026, 6, 1)
# The last day of each, for an infusion on 1 June 2026; events none.
UNTIL = """
liso-cel  | GB | text revised 05/05/2026         | -          2026-06-15 2026-06-15 2026-06-29
liso-cel  | EU | present text not seen           | -          -          2026-06-29 2026-07-27
brexu-cel | GB | text revised 30/04/2026         | 2026-06-08 -          2026-06-29 2026-07-27
brexu-cel | EU | package leaflet of 2022         | 2026-06-11 -          2026-06-29 2026-07-27
axi-cel   | EU | current copy, its day not printed | 2026-06-08 -        2026-06-29 -
tisa-cel  | US | revised 6/2025                  | 2026-06-08 2026-06-15 2026-06-15 2026-06-15
cilta-cel | EU | package leaflet of 2022         | 2026-06-15 -          2026-06-29 2026-07-27
obe-cel   |    | any version                     | -          -          -          -
"""


@pytest.mark.parametrize(("product", "jurisdiction", "version", "days"), cells(UNTIL))
def test_until_when(product: str, jurisdiction: str, version: str, days: str) -> None:
    one = record(product, jurisdiction, version)
    found = (
        daily_until(one, DAY_0), watched_until(one, DAY_0), near_until(one, DAY_0),
        no_driving_until(one, DAY_0, "none"),
    )  # fmt: skip
    assert _or_dash(*(until.day for until in found)) == " ".join(days.split())
    for until in found:
        assert until.open == (until.day is None)
        assert (NO_NUMBER in [reason.says for reason in until.reasons]) == until.open
        assert until.status == one.status


# No driving: the later of the label's weeks and the day neurological events had resolved; + may be later still
DRIVING = """
liso-cel  | GB | text revised 05/05/2026         | none       | 2026-06-29  | source read
liso-cel  | GB | text revised 05/05/2026         | 2026-06-20 | 2026-06-29  | our reading
brexu-cel | GB | text revised 30/04/2026         | 2026-06-20 | 2026-07-27  | our reading
brexu-cel | GB | text revised 30/04/2026         | 2026-07-27 | 2026-07-27  | our reading
brexu-cel | GB | text revised 30/04/2026         | 2026-08-15 | 2026-08-15  | our reading
brexu-cel | GB | text revised 30/04/2026         | ongoing    | 2026-07-27+ | our reading
brexu-cel | GB | text revised 30/04/2026         | unknown    | 2026-07-27+ | our reading
axi-cel   | EU | current copy, its day not printed | none     | -+          | secondary source
axi-cel   | EU | current copy, its day not printed | 2026-06-20 | -+        | our reading
axi-cel   | EU | current copy, its day not printed | ongoing  | -+          | our reading
tisa-cel  | US | revised 6/2025                  | 2026-06-20 | 2026-06-20  | our reading
"""


@pytest.mark.parametrize(("product", "jurisdiction", "version", "events", "day", "status"), cells(DRIVING))
def test_no_driving(product: str, jurisdiction: str, version: str, events: str, day: str, status: str) -> None:
    resolved: Events = date.fromisoformat(events) if events[0].isdigit() else events  # type: ignore[assignment]
    found = no_driving_until(record(product, jurisdiction, version), DAY_0, resolved)
    assert _or_dash(found.day) + ("+" if found.open else "") == day
    assert found.status == status
    says = [reason.says for reason in found.reasons]
    assert (ONGOING in says, NOT_CHARTED in says) == (events == "ongoing", events == "unknown")
    assert (LATER in says) == (events[0].isdigit() and found.day is not None)


@given(record=st.sampled_from(LABELS), infused=st.dates(date(2018, 1, 1), date(2040, 1, 1)), days=st.integers(-99, 999))
def test_nobody_drives_before_the_weeks_are_over_or_events_have_resolved(
    record: LabelRecord, infused: date, days: int
) -> None:
    resolved = infused + timedelta(days=days)
    found = no_driving_until(record, infused, resolved)
    if record.driving_weeks is None:
        assert found.day is None and found.open
    else:
        assert found.day in (infused + timedelta(weeks=record.driving_weeks), resolved)
        assert found.day >= max(infused + timedelta(weeks=record.driving_weeks), resolved) and not found.open


# doses in stock, shortage listed, alternative recorded (? nobody recorded it) | enough | what to record
STOCK = """
liso-cel  | GB | text revised 05/05/2026         | 1 ? ? | yes |
liso-cel  | GB | text revised 05/05/2026         | 0 n n | no  |
liso-cel  | GB | text revised 05/05/2026         | 0 y y | yes |
liso-cel  | GB | text revised 05/05/2026         | 0 y n | no  |
liso-cel  | GB | text revised 05/05/2026         | 0 n ? | no  |
liso-cel  | GB | text revised 05/05/2026         | 0 y ? | ?   | alternative
liso-cel  | GB | text revised 05/05/2026         | 0 ? y | ?   | listed
liso-cel  | GB | text revised 05/05/2026         | ? n n | ?   | doses
liso-cel  | GB | text revised 05/05/2026         | ? ? ? | ?   | doses, listed, alternative
liso-cel  | GB | text revised 05/05/2026         | ? y y | yes |
tisa-cel  | US | revised 6/2025                  | 2 ? ? | yes |
tisa-cel  | US | revised 6/2025                  | 1 y y | no  |
tisa-cel  | US | revised 6/2025                  | ? y y | ?   | doses
tisa-cel  | CH | current copy, its day not printed | 1 y y | no |
axi-cel   | EU | 2022 and earlier                | 3 y y | no  |
axi-cel   | EU | 2022 and earlier                | 4 n n | yes |
axi-cel   | EU | current copy, its day not printed | 1 n n | yes |
axi-cel   | EU | current copy, its day not printed | 0 y y | yes |
ide-cel   | US | revised 6/2025                  | 1 n n | no  |
cilta-cel | GB | current copy, its day not printed | 1 n n | yes |
"""


@pytest.mark.parametrize(("product", "jurisdiction", "version", "facts", "enough", "asked"), cells(STOCK))
def test_stock(product: str, jurisdiction: str, version: str, facts: str, enough: str, asked: str) -> None:
    doses, listed, alternative = facts.split()
    truth = {"y": True, "n": False, "?": None}
    number = None if doses == "?" else int(doses)
    found = in_stock(
        record(product, jurisdiction, version), jurisdiction, number, truth[listed], truth[alternative]
    )  # fmt: skip
    assert found.enough == {"yes": True, "no": False, "?": None}[enough]
    names = {IN_STOCK: "doses", LISTED: "listed", ALTERNATIVE: "alternative"}
    assert ", ".join(names[one] for one in found.asked) == asked


@given(
    record=st.sampled_from(LABELS), jurisdiction=st.sampled_from(sorted(JURISDICTIONS)), doses=st.integers(0, 6),
    listed=st.sampled_from([True, False, None]), alternative=st.sampled_from([True, False, None]),
)  # fmt: skip
def test_what_is_not_recorded_may_turn_out_either_way(
    record: LabelRecord, jurisdiction: str, doses: int, listed: bool | None, alternative: bool | None
) -> None:
    known = in_stock(record, jurisdiction, doses, listed, alternative)
    more = in_stock(record, jurisdiction, doses + 1, listed, alternative)
    assert not (known.enough is True and more.enough is not True)
    unknown = in_stock(record, jurisdiction, None, listed, alternative)
    assert unknown.enough in (None, known.enough)
    assert bool(known.asked) <= (known.enough is None)


def test_a_usual_number_of_the_jurisdiction_is_our_reading_and_says_so() -> None:
    found = in_stock(record("brexu-cel", "EU", "package leaflet of 2022"), "EU", 1, None, None)
    assert (found.enough, found.status, found.reasons[0].says) == (True, OUR_READING, USUAL_DOSES)
    own = in_stock(record("tisa-cel", "EU", "copy of September 2026"), "EU", 1, None, None)
    assert own.status == SECONDARY and USUAL_DOSES not in [reason.says for reason in own.reasons]
    assert [reason.tell() for reason in own.reasons] == [
        "tocilizumab doses that this record asks for: 1",
        "a next dose within 8 h",
        "in stock: 1",
        "fewer will do where the shortage catalogue of the EMA lists a shortage and an alternative is recorded",
    ]


def test_where_nothing_gives_a_number_of_doses_it_is_not_known() -> None:
    found = in_stock(record("obe-cel", ANYWHERE, "any version"), "IL", 5, True, True)
    assert (found.enough, found.asked, [reason.says for reason in found.reasons]) == (None, (), [NO_DOSES])


def test_records_in_words() -> None:
    held = labels_on(LABELS, "brexu-cel", "GB", DAY_0)
    assert label_lines(held, DAY_0, date(2026, 8, 15)) == [
        "brexu-cel GB, text revised 30/04/2026: held on that day [source read]",
        "  Source: Tecartus GB SmPC, PLGB 11972/0045, text revised 30/04/2026; sections 4.2, 4.4, 4.7",
        "  daily monitoring: until 2026-06-08 (7 days after the infusion of 2026-06-01)",
        "  signs are watched for: not known: this record gives no number",
        "  near the centre: until 2026-06-29 (4 weeks after the infusion of 2026-06-01)",
        "  no driving and no machines: until 2026-08-15 (8 weeks after the infusion of 2026-06-01; "
        "neurological events resolved on 2026-08-15; the later of the two days, on the safe side)",
        "  tocilizumab: at least 1 before the infusion; a next dose within 8 h; "
        "except in an officially listed shortage, with an alternative",
        "  in hospital for 7 days or at the first signs: optional; later at the physician's discretion",
    ]


def test_no_record_is_not_known_in_words() -> None:
    assert label_lines((), DAY_0, "none") == [NOT_KNOWN]
    assert label_lines((), DAY_0, "none", speaker("nl")) == ["niet bekend"]


def test_several_records_are_all_shown_and_none_is_dressed_up() -> None:
    day = date(2026, 1, 1)
    lines = label_lines(labels_on(LABELS, "cilta-cel", "US", day), day, "unknown")
    assert [line for line in lines if not line.startswith(" ")] == [
        f"cilta-cel US, after 6/2025: {MAY_HAVE_HELD} [unverified]",
        f"all CAR-T cells US, 26 June 2025: {HELD} [secondary source]",
    ]
    assert "  the numbers of this product were not seen" in lines
    assert any("at least until 2026-01-15" in line and NOT_CHARTED in line for line in lines)
    old = date(2024, 5, 10)
    assert "  near the centre: within 2 hours" in label_lines(labels_on(LABELS, "axi-cel", "US", old), old, "none")
    visits = label_lines(labels_on(LABELS, "liso-cel", "GB", DAY_0), DAY_0, "none")
    assert "  visits in week 1: 2 to 3" in visits
    assert any(
        line == "  tocilizumab: not known"
        for line in label_lines(labels_on(LABELS, "obe-cel", "EU", DAY_0), DAY_0, "none")
    )


# Who has which of the shared rules.
RULES = """
liso-cel  | GB | contraception live-vaccines secondary-malignancy premedication-liso-cel no-steroid-prophylaxis viral-screening igg nucleic-acid-test anti-egfr lymphodepletion-again-liso-cel
brexu-cel | GB | contraception live-vaccines tnf-antagonists secondary-malignancy premedication-brexu-cel no-steroid-prophylaxis igg-brexu-cel
axi-cel   | US | contraception live-vaccines secondary-malignancy steroid-prophylaxis-axi-cel
axi-cel   | EU | contraception live-vaccines secondary-malignancy no-steroid-prophylaxis lymphodepletion-again temperature donation vaccination-check missed-visit
tisa-cel  | US | contraception live-vaccines gm-csf secondary-malignancy registry-tisa-cel hlh-rate
tisa-cel  | EU | contraception live-vaccines gm-csf tnf-antagonists secondary-malignancy igg-tisa-cel lymphodepletion-again-tisa-cel donation vaccination-check missed-visit
cilta-cel | EU | contraception live-vaccines secondary-malignancy infusion-delay donation vaccination-check missed-visit
liso-cel  | EU | contraception live-vaccines secondary-malignancy registry no-steroid-prophylaxis lymphodepletion-again donation vaccination-check missed-visit
obe-cel   | US | contraception live-vaccines secondary-malignancy
"""


@pytest.mark.parametrize(("product", "jurisdiction", "expected"), cells(RULES))
def test_shared_rules(product: str, jurisdiction: str, expected: str) -> None:
    assert [one.id for one in rules_of(LABEL_RULES, product, jurisdiction)] == expected.split()


# How well the rules of several labels were read for whom: in a label never read they are our reading.
READ_FOR = """
liso-cel  | GB | source read
brexu-cel | GB | source read
liso-cel  | EU | our reading
tisa-cel  | US | secondary source
tisa-cel  | EU | secondary source
cilta-cel | EU | our reading
obe-cel   | US | our reading
"""


@pytest.mark.parametrize(("product", "jurisdiction", "status"), cells(READ_FOR))
def test_a_rule_of_labels_is_tagged_by_the_label_of_the_product(product: str, jurisdiction: str, status: str) -> None:
    page = label_page(product, jurisdiction, DAY_0, "none")
    shared = [line for line in page if line.startswith(("  live vaccines: ", "  second malignancy: "))]
    assert len(shared) == 2 and all(line.endswith(f"[{status}]") for line in shared)
    assert all((NOT_OF_THIS in line) is (status == "our reading") for line in shared)
    (contraception,) = [line for line in page if line.startswith("  contraception and pregnancy: ")]
    assert contraception.endswith("[our reading]" if (product, jurisdiction) == ("tisa-cel", "US") else f"[{status}]")


# Numbers of the shared rules, as printed
NUMBERS = """
contraception                  |
live-vaccines                  | weeks_before_lymphodepletion=6
gm-csf                         | weeks_after_infusion=3
registry                       | years=15
registry-tisa-cel              | years=15
premedication-brexu-cel        | paracetamol_mg=500-1000 diphenhydramine_mg=12.5-25 minutes_before=60
premedication-liso-cel         | diphenhydramine_mg=25-50 minutes_before=30-60
hlh-rate                       | all_percent=6 dlbcl_percent=2
infusion-delay                 | waits_from_grade=3 until_grade=1
lymphodepletion-again          | weeks=2
lymphodepletion-again-liso-cel | weeks=2
lymphodepletion-again-tisa-cel | weeks=4 leukocytes_per_ul=1000
temperature                    | times_a_day=2 weeks=3-4
vaccination-check              | weeks_before=6
"""


@pytest.mark.parametrize(("rule", "expected"), cells(NUMBERS))
def test_numbers_of_shared_rules(rule: str, expected: str) -> None:
    (found,) = [one for one in LABEL_RULES if one.id == rule]
    ends = {name: "-".join(dict.fromkeys(f"{end:g}" for end in pair)) for name, pair in found.numbers.items()}
    assert " ".join(f"{name}={shown}" for name, shown in ends.items()) == expected


def test_rules_without_a_number_have_none() -> None:
    with_numbers = {row[0] for row in cells(NUMBERS) if row[1]}
    assert {one.id for one in LABEL_RULES if one.numbers} == with_numbers
    assert len({one.id for one in LABEL_RULES}) == len(LABEL_RULES)


@pytest.mark.parametrize(
    ("source", "status", "weeks", "sentence"),
    [
        (Citation("x", ""), SOURCE_READ, 4, "no source"),
        (Citation("x", "x"), "sure", 4, "unknown status"),
        (Citation("x", "x"), SOURCE_READ, None, "neither a number nor an open question"),
    ],
)
def test_a_record_that_nothing_stands_behind_is_refused(
    source: Citation, status: str, weeks: int | None, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        LabelRecord("axi-cel", "EU", "2030", source, status, proximity_weeks=weeks)


@pytest.mark.parametrize(("source", "status"), [(Citation("x", ""), SOURCE_READ), (Citation("x", "x"), "sure")])
def test_a_rule_without_source_or_status_is_refused(source: Citation, status: str) -> None:
    with pytest.raises(ValueError, match="no source, or an unknown status"):
        LabelRule("x", "x", "x", source, status)


def test_products_jurisdictions_and_days_are_known() -> None:
    for one in LABELS:
        assert one.product in (*PRODUCTS, CLASS) and one.jurisdiction in (*JURISDICTIONS, ANYWHERE)
        assert one.status in STATUSES
        if one.stood:
            assert one.may.since is None or (one.stood.since and one.may.since <= one.stood.since)
            assert one.may.until is None or (one.stood.until and one.may.until >= one.stood.until)
    assert all(bool(one.numbers) != (one.status == UNVERIFIED) for one in LABELS)
    for rule in LABEL_RULES:
        assert set(rule.products) <= set(PRODUCTS) and set(rule.jurisdictions) <= set(JURISDICTIONS)


def test_every_text_is_there_in_dutch() -> None:
    texts = {text for one in LABELS for text in (one.label_date, one.proximity_note, one.note, one.open_question)}
    texts |= {text for one in LABEL_RULES for text in (one.title, one.says, one.note)}
    texts |= {
        *SENTENCES,
        *HEADS,
        HELD,
        MAY_HAVE_HELD,
        NOT_KNOWN,
        IN_STOCK,
        LISTED,
        ALTERNATIVE,
        *JURISDICTIONS.values(),
    }
    same = {"2019", "IgG", "HLH", "GM-CSF"}
    say = speaker("nl")
    assert [text for text in sorted(texts - same - {""}) if say(text) == text] == []


def test_no_english_is_left_in_a_translated_record() -> None:
    kept = {cite(one.source) for one in LABELS} | set(PRODUCTS) | set(JURISDICTIONS)
    for one in LABELS:
        page = "\n".join(label_lines((Held(one, True), Held(one, False)), DAY_0, "unknown", rub_out))
        assert words(page, kept) == set()
    assert words("\n".join(label_lines((), DAY_0, "none", rub_out)), set()) == set()


def test_every_page_of_labels_is_dutch_where_asked() -> None:
    cited = {cite(one.source) for one in (*LABELS, *LABEL_RULES)}
    kept = cited | set(PRODUCTS) | set(JURISDICTIONS) | {"`jurisdiction`"}
    for product in ("", *PRODUCTS):
        for jurisdiction in JURISDICTIONS:
            for day in (date(2022, 6, 1), date(2025, 6, 10), DAY_0):
                page = "\n".join(label_page(product, jurisdiction, day, "ongoing", rub_out))
                assert words(page, kept) == set(), (product, jurisdiction)


def test_a_page_of_labels_says_what_must_be_in_stock_and_what_to_record() -> None:
    page = label_page("tisa-cel", "US", DAY_0, "none")
    assert page[0] == (
        "Labels on the day of infusion, 2026-06-01: United States (US, by `jurisdiction` in the site's file)"
    )
    (stock,) = [line for line in page if "in stock (revised 6/2025)" in line]
    assert stock == (
        "  tocilizumab in stock (revised 6/2025): tocilizumab doses that this record asks for: 2; "
        "please record: tocilizumab doses in stock [secondary source]"
    )
    assert label_page("obe-cel", "IL", DAY_0, "none")[-1].startswith("  ")  # rules of any product and jurisdiction
    assert label_page("ide-cel", "GB", DAY_0, "none")[1] == f"  {NOT_KNOWN}"
