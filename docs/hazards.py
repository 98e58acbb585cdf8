"""Writes docs/safety/hazards.md: what can go wrong, what prevents it, the test that shows it, and what remains.

Run `python docs/hazards.py`, or `make docs`. Tests are node ids below tests/; one that is not there fails the tests.
"""

import re
from pathlib import Path
from typing import NamedTuple

from cytovigil.logic.text import markdown_table

PAGE = Path(__file__).parent / "safety" / "hazards.md"
HEADS = ("Hazard", "Cause", "Harm", "What prevents it", "Test that shows it", "What remains")
NOT_PREVENTED = "**Not prevented.**"
ABOUT = (
    "What can go wrong, what prevents it, which test shows that it does, and what remains. In the spirit of ISO 14971 "
    "only: no risk was estimated, no benefit weighed, nobody outside the project has reviewed it, and it is not the "
    "risk file of a medical device. Made by `make docs` from `docs/hazards.py`; a test proves that each test named "
    "exists.",
    "",
    "{all} hazards; {none} are not prevented at all, and {partly} only in part. A test runs by its name: "
    "`python -m pytest NAME`.",
)
GROUPS = (
    "Values and units", "What is missing or old", "Time", "Patients, infusions and doses", "Grades", "Guidance",
    "Follow-up and labels", "Output and the people who read it", "The program and its surroundings",
)  # fmt: skip


class Hazard(NamedTuple):
    """A row. `prevented` is empty where nothing is; `remains` is what is not prevented."""

    group: str
    hazard: str
    cause: str
    harm: str
    prevented: str = ""
    tests: tuple[str, ...] = ()
    remains: str = ""


VALUES, MISSING, TIME, WHO, GRADES, GUIDANCE, LATER, READERS, PROGRAM = GROUPS
HAZARDS = (
    Hazard(VALUES, "wrong unit", "a laboratory or a device prints another unit than the one assumed",
           "a grade off by a factor: treatment given or withheld",
           "every amount is converted once, by one table of units that is compared with UCUM; a unit of another "
           "dimension is a problem, never a number; a sheet whose values fit two units is refused with a question",
           ("unit/test_units.py::test_what_is_no_unit_or_another",
            "engines/test_other_units.py::test_other_units_same_output",
            "unit/test_units.py::test_table_agrees_with_ucum",
            "readers/test_laboratory_sheets.py::test_a_sheet_with_small_values_only_is_refused_with_a_question"),
           "a value charted under the wrong unit of the right dimension, and plausible in it, is believed"),
    Hazard(VALUES, "decimal comma or thousands point misread", "files of Dutch and of English programs",
           "a count or dose a thousand times too high or too low",
           "what can be read in two ways is in doubt: unknown, and a problem that names the cell",
           ("readers/test_tables.py::test_a_thousands_point_among_decimal_commas_is_in_doubt",
            "readers/test_tables.py::test_a_drug_with_a_thousands_point_was_given_amount_unknown",
            "unit/test_units.py::test_a_comma_that_proves_nothing")),
    Hazard(VALUES, "wrong side of a threshold", "rounding of numbers held in binary, or of converted units",
           "one grade too low on the border",
           "integers in the smallest step of each signal, by decimal arithmetic; 100.4 F is a fever",
           ("unit/test_units.py::test_celsius_round_trip", "unit/test_units.py::test_float32_keeps_seven_digits",
            "spec/test_biomarkers.py::test_numbers_before_rounding_are_compared")),
    Hazard(VALUES, "a value that cannot be read", "a typing error, a formula, a cell that was turned into a date",
           "it counts as 'did not happen'",
           "an unreadable finding is unknown, an unreadable dose was given in an unknown amount; both are problems",
           ("spec/test_unreadable.py::test_an_unreadable_finding_is_unknown",
            "readers/test_tables.py::test_a_drug_is_never_lost",
            "readers/test_laboratory_sheets.py::test_a_count_that_is_shown_as_a_date_is_a_problem")),
    Hazard(VALUES, "wrong limit of normal", "another laboratory's limits, or none",
           "organ toxicity missed or invented",
           "limits of the row go before the site's, these before defaults, and defaults are flagged; a limit in an "
           "impossible unit is refused",
           ("spec/test_organs.py::test_the_limit_of_the_row_then_of_the_site",
            "unit/test_settings.py::test_a_bad_setting_is_refused",
            "spec/test_ctcae.py::test_values_without_limits"),
           "the default limits are unverified, and flagged as such"),
    Hazard(VALUES, "mapping error", "a local name is mapped to the wrong signal, or to none",
           "a sign is not seen, or another is seen in its place",
           "a mapping with unknown names or words stops the run; names that nothing maps are counted and shown",
           ("readers/test_mapping.py::test_a_bad_mapping_stops",
            "readers/test_tables.py::test_strangers_are_counted_once",
            "cli/test_cli_other.py::test_map_suggest_lists_what_nothing_maps"),
           "a name mapped to a wrong but fitting signal is believed: a person must check the mapping"),
    Hazard(MISSING, "missing taken for normal", "nothing was charted",
           "a patient with unseen toxicity shows grade 0",
           "unknown is a set of values: the grade is a range, its missing signals are named; without any look there is "
           "no grade",
           ("rules/test_ladders.py::test_range_is_exact",
            "spec/test_observed.py::test_nothing_valid_is_flagged_and_tells_what_to_chart",
            "spec/test_lee.py::test_what_to_chart")),
    Hazard(MISSING, "stale data", "the last value is hours or days old",
           "a grade of yesterday guides treatment today",
           "each signal is valid for its own hours, then unknown; an expired finding is no recovery; an old assessment "
           "is flagged as due",
           ("spec/test_oxygen_table.py::test_a_device_holds_16_h_and_is_then_unknown_for_48_h",
            "spec/test_icans_assessment.py::test_due_after_12_h",
            "spec/test_neurology.py::test_a_lapsed_finding_is_named"),
           "the hours are our reading; a site sets its own"),
    Hazard(MISSING, "an infusion whose stop was not charted", "pumps are stopped and nobody writes it",
           "grade 3 or 4 for days after the last vasopressor, or none while it runs",
           "it runs for some hours, is then unknown, then over, and is flagged",
           ("spec/test_vasopressors.py::test_without_a_stop_12_h_then_unknown_then_stopped",
            "spec/test_vasopressors.py::test_the_site_may_chart_rates_hourly")),
    Hazard(MISSING, "a drug hides the sign", "paracetamol, dexamethasone, tocilizumab or sedation",
           "CRS or ICANS taken for absent",
           "masked fever widens the grade; under sedation the last grade is held, and flagged",
           ("spec/test_crs_course.py::test_a_drug_may_hide_the_first_fever",
            "spec/test_icans_episodes.py::test_what_is_held_under_sedation",
            "spec/test_vignettes_icans.py::test_i4_ice_0_under_propofol"),
           "a masked fever opens no episode: only a charted one does"),
    Hazard(MISSING, "a row of the source is left out", "an export that was cut off, a filter, a table not given",
           "signs are not seen",
           "a cut-off file, lost rows and columns that nothing reads are told",
           ("readers/test_tables.py::test_a_cut_off_file", "readers/test_tables.py::test_columns_named_once",
            "readers/test_fuzz.py::test_no_traceback_and_no_silence"),
           "a row that never reached the file cannot be missed by the program"),
    Hazard(MISSING, "a patient is not in the input at all", "an export by ward, a patient moved or not yet admitted",
           "nobody is told of this patient",
           remains="the program knows only whom it is given; compare with the ward's list"),
    Hazard(TIME, "wrong time zone or change of the clock", "naive times, a doubled or missing hour",
           "hours counted wrongly: a dose too early, a day too long",
           "time is UTC with the site's zone; the doubled and the missing hour are noted; days are the site's",
           ("unit/test_times.py::test_the_first_of_a_doubled_hour",
            "unit/test_times.py::test_a_missing_hour_shifts_forward",
            "spec/test_daily.py::test_the_clock_change_day_has_23_hours",
            "spec/test_daily.py::test_days_are_counted_in_the_sites_zone")),
    Hazard(TIME, "a date without a time", "paper charts, laboratory sheets",
           "early counted as late, or the reverse",
           "it is read as noon, and the grade that used it is flagged",
           ("unit/test_times.py::test_a_date_is_noon_at_the_site",
            "spec/test_window_and_end.py::test_an_infusion_on_a_date_alone_is_flagged_throughout",
            "spec/test_ties_and_duplicates.py::test_a_row_with_a_date_only_is_flagged_where_it_is_used")),
    Hazard(TIME, "a device's clock is wrong", "a monitor or pump that nobody set",
           "signs and doses in the wrong order", remains="a plausible wrong time is believed"),
    Hazard(TIME, "look-ahead", "a result known later is used for an earlier moment",
           "retrospective grades and advice that nobody could have had",
           "what was recorded later never changes an earlier result, in grades and in guidance",
           ("engines/test_properties.py::test_nothing_known_later_changes_an_earlier_result",
            "spec/test_situation.py::test_nothing_recorded_later_counts",
            "spec/test_ledger.py::test_later_doses_change_nothing")),
    Hazard(TIME, "a correction is not followed", "a row was entered in error, or changed",
           "grades from a value that was withdrawn",
           "the newest version of a row counts once it is known; a withdrawn row is as if it had not come",
           ("spec/test_ties_and_duplicates.py::test_a_row_entered_in_error_does_not_count_once_that_is_known",
            "engines/test_session.py::test_a_correction_takes_the_place_of_what_it_corrects",
            "engines/test_session.py::test_a_row_entered_in_error_is_as_if_it_had_not_come")),
    Hazard(WHO, "wrong patient", "rows of two patients under one id, or one patient under two",
           "treatment of the wrong person",
           "a session is of one patient; nothing of one patient reaches the next; dates of infusion that may be slips "
           "are not graded",
           ("engines/test_session.py::test_a_session_is_of_one_patient",
            "engines/test_columnar_biomarkers.py::test_the_next_patient_in_a_block_says_nothing_of_this_one",
            "readers/test_laboratory_sheets.py::test_cart_dates_that_may_be_slips_are_not_graded"),
           "an id that is wrong in the source is believed: the reader checks name and birth date at the bed"),
    Hazard(WHO, "wrong infusion", "a second infusion of the same patient",
           "days and episodes counted from the wrong day",
           "each infusion has grades of its own and ends where the next begins",
           ("spec/test_window_and_end.py::test_a_second_infusion_ends_the_first_and_begins_anew",
            "engines/test_session.py::test_each_infusion_has_grades_of_its_own")),
    Hazard(WHO, "a dose counted twice", "order and administration, or two systems, chart the same dose",
           "the limit seems reached: tocilizumab is withheld",
           "the same dose within minutes is one, and is listed as a problem",
           ("spec/test_ties_and_duplicates.py::test_the_same_dose",
            "cli/test_cli_grade.py::test_a_dose_charted_twice_is_a_problem_row_and_no_fault",
            "spec/test_ledger_tocilizumab.py::test_what_goes_on_is_one_dose",
            "spec/test_situation.py::test_doses_of_tocilizumab"),
           "two real doses of the same amount within five minutes are one"),
    Hazard(WHO, "a dose not counted", "given in another hospital, or without an amount",
           "a dose too many or too early",
           "a dose of unknown amount counts as given; the amount is asked for",
           ("readers/test_tables.py::test_drugs_without_value",
            "spec/test_ledger_tocilizumab.py::test_an_amount_that_is_not_the_dose",
            "spec/test_ledger.py::test_an_antibody_runs_for_about_an_hour",
            "readers/test_tables.py::test_a_dose_per_kg_without_weight"),
           "a dose that nobody charted is not known"),
    Hazard(WHO, "two values at the same time", "two systems, or a typing error corrected beside the old value",
           "the milder one hides the worse",
           "the worse end counts and the grade is flagged; the order of rows never matters",
           ("spec/test_ties_and_duplicates.py::test_the_worse_of_two_counts",
            "spec/test_ties_and_duplicates.py::test_a_tie_is_flagged_on_the_grade",
            "spec/test_ties_and_duplicates.py::test_order_never_matters")),
    Hazard(GRADES, "a rule copied wrongly from its publication", "a slip in a number or a comparison",
           "every patient on the border graded wrongly",
           "each domain is printed on both sides of every threshold and reviewed; published tables and cases are run; "
           "numbers are changed on purpose, and a test must notice (`make mutants`)",
           ("rules/test_ladders.py::test_edge_table_is_as_signed", "rules/test_ctcae_boundaries.py::test_counts",
            "rules/test_icaht_tables.py::test_a_row_of_days_at_both_its_ends")),
    Hazard(GRADES, "grades of two scales confused", "the same patient has grade 2 on one and 3 on another",
           "treatment by the table of the other scale",
           "every grade carries the id of its scale; shifts between scales are counted; a protocol names its scale",
           ("spec/test_crs_other_scales.py::test_same_patient_on_each_scale",
            "spec/test_concordance.py::test_a_grade_of_another_scale_hides_none", "spec/test_tally.py::test_a_shift")),
    Hazard(GRADES, "another cause taken for toxicity, or toxicity for another cause",
           "sepsis and CRS look alike",
           "steroids in sepsis, or untreated CRS",
           "a cause is never inferred: only what a person charted changes a grade, and the grade without it stands "
           "beside",
           ("spec/test_attribution_crs.py::test_a_positive_culture_is_a_flag_not_an_attribution",
            "spec/test_attribution_crs.py::test_before_it_was_said_nothing_changes",
            "golden/test_golden.py::test_attributed_beside_as_charted"),
           "a wrong attribution by a person is believed, and shown with its author"),
    Hazard(GRADES, "wrong instrument for the age", "ICE in a child, CAPD in an adult",
           "ICANS of a child missed",
           "the instrument follows the age; the other one counts only alone, and is flagged",
           ("spec/test_icans_assessment.py::test_instrument_by_age",
            "spec/test_icans_assessment.py::test_the_other_instrument_counts_once_the_own_has_lapsed")),
    Hazard(GRADES, "two engines give two grades", "the fast engine is not the one that explains",
           "a grade that nothing explains",
           "every engine writes the same bytes as the slow one, in every test run",
           ("engines/test_same_files.py::test_both_engines_write_the_same_files",
            "engines/test_cores.py::test_all_ways_to_grade_write_the_same_bytes",
            "engines/test_columnar.py::test_the_columnar_engine_gives_what_the_reference_gives")),
    Hazard(GRADES, "a risk score read outside its use", "after tocilizumab, or outside its time",
           "a risk that the paper never measured",
           "a score ends where its paper ends; scores whose numbers are not public are never computed",
           ("spec/test_scores.py::test_m_easix_ends_with_tocilizumab",
            "rules/test_score_points.py::test_what_is_not_public_is_never_computed")),
    Hazard(GRADES, "what was seen in others is read as this patient's chance", "published rates beside a grade",
           "false hope or fear",
           "each rate stands with its population and source, and never as a probability for this one",
           ("spec/test_risk_facts.py::test_a_heading_for_each_patient_value_population_and_source",
            "spec/test_ledger_steroids.py::test_numbers_as_published_and_their_confounding"),
           "how it is understood is not known"),
    Hazard(GUIDANCE, "wrong dose", "an unknown or old weight, a slip in the calculation",
           "too much or too little tocilizumab",
           "without one weight there is no dose but a question; every dose has its cap and shows its calculation",
           ("spec/test_ledger_tocilizumab.py::test_without_one_weight_there_is_no_dose_and_the_weight_is_asked",
            "spec/test_ledger_tocilizumab.py::test_no_weight_gives_a_dose_above_the_cap_or_off_by_more_than_rounding",
            "spec/test_guidance_properties.py::test_every_amount_of_tocilizumab_has_its_cap"),
           "a plausible wrong weight is believed"),
    Hazard(GUIDANCE, "a dose too early or too many", "doses on two wards, a clock, a long episode",
           "infection, liver injury",
           "the ledger gives the next allowed time and the doses left; no advice goes beyond the limits",
           ("spec/test_ledger_tocilizumab.py::test_whoever_follows_the_ledger_never_breaks_a_limit",
            "spec/test_guidance_properties.py::test_no_dose_of_tocilizumab_beyond_the_limits",
            "spec/test_ledger_tocilizumab.py::test_the_next_time_is_the_first_that_no_limit_forbids")),
    Hazard(GUIDANCE, "two corticosteroids at once", "CRS and ICANS each have a table, and both apply",
           "twice the dose",
           "where the Breyanzi label says so, one corticosteroid begins: that of the more aggressive table",
           ("spec/test_guidance_properties.py::"
            "test_crs_and_icans_together_take_one_corticosteroid_the_more_aggressive_of_the_label",),
           "other sources give no such rule: their rows for CRS and for ICANS both stand"),
    Hazard(GUIDANCE, "tocilizumab for ICANS alone", "CRS and ICANS confused",
           "a drug that does not help, and may harm",
           "no protocol recommends it without CRS",
           ("spec/test_guidance_properties.py::test_tocilizumab_is_never_for_icans_without_crs",)),
    Hazard(GUIDANCE, "advice on what is not known", "facts are missing",
           "treatment nobody needs, or silence where it is needed",
           "a recommendation applies where its condition is certain; where it may hold it is a question that names the "
           "signals",
           ("spec/test_guidance_properties.py::test_nothing_is_recommended_unless_its_condition_holds_or_is_asked",
            "spec/test_guidance_vignettes.py::test_exactly_these", "spec/test_ledger.py::test_what_is_asked")),
    Hazard(GUIDANCE, "less monitoring as the patient gets worse", "a gap in a protocol's rows",
           "deterioration is seen late",
           "a higher grade never yields less monitoring",
           ("spec/test_guidance_properties.py::test_a_higher_grade_is_never_watched_less",)),
    Hazard(GUIDANCE, "outdated guidance", "a label or guideline was revised",
           "advice that no longer holds",
           "records and protocols are dated: what held on the day is shown, what is not sure is said; outputs carry "
           "versions",
           ("spec/test_labels.py::test_what_held_on_the_day", "spec/test_advice.py::test_which_protocols_fit",
            "cli/test_cli_grade.py::test_the_manifest_names_what_made_the_grades"),
           "a revision after the last reading is not noticed: compare the label itself"),
    Hazard(GUIDANCE, "a source that nobody read", "tables that are not public, or only quoted",
           "invented guidance under a real name",
           "what was not read stays empty, with its open question; nothing is filled in from another source",
           ("spec/test_labels.py::test_several_records_are_all_shown_and_none_is_dressed_up",
            "docs/test_guidance_page.py::test_every_recommendation_stands_there_with_source_and_status",
            "docs/test_rulebook.py::test_html_shows_weaker_evidence_and_a_changed_setting"),
           "quoted sources may be quoted wrongly: they are marked as secondary"),
    Hazard(GUIDANCE, "a site's own number is dangerous", "a slip in its file",
           "every patient of the site is treated by it",
           "a number stays inside what the source leaves open; names and types are checked; each difference is marked",
           ("spec/test_site_protocol.py::test_a_site_protocol_that_is_wrong",
            "spec/test_site_protocol.py::test_the_merged_protocol_shows_its_differences",
            "cli/test_advise_site.py::test_the_protocol_of_the_site_is_asked_in_place_of_its_base",
            "unit/test_settings.py::test_a_bad_setting_is_refused"),
           "an allowed number may still be unwise: the site answers for it"),
    Hazard(GUIDANCE, "rules of a centre's own are wrong", "a package with its own protocols",
           "advice that no source stands behind",
           "a package that cannot be loaded, or takes an id of another, stops with one sentence; a protocol without a "
           "source is refused",
           ("spec/test_site_protocol.py::test_protocols_of_an_installed_package",
            "cli/test_advise_site.py::test_a_package_that_cannot_be_loaded_is_told_not_left_out"),
           "what its rules say is not checked"),
    Hazard(GUIDANCE, "sources disagree and one is shown as the truth", "guidelines differ on doses and prophylaxis",
           "a choice that nobody knows was made",
           "where sources differ it is a choice of the site, named with the source of each answer",
           ("spec/test_site_protocol.py::test_shipped_choices",
            "spec/test_site_protocol.py::test_shipped_choices_have_sources_and_dutch")),
    Hazard(LATER, "driving too early", "labels differ by product, place and date; symptoms last",
           "an accident",
           "the later of the label's weeks and the end of neurological events; what is not charted keeps it open",
           ("spec/test_labels.py::test_no_driving", "spec/test_labels.py::test_until_when",
            "spec/test_followup_sources.py::test_nobody_drives_while_a_neurological_event_lasts"),
           "the law of a country on driving was not read"),
    Hazard(LATER, "follow-up is forgotten", "years pass, patients move, teams change",
           "a late infection, cytopenia or second malignancy is found late",
           "what is due stays due until it is done; what became due after the record ended is a question",
           ("spec/test_followup_properties.py::test_time_alone_never_takes_away_what_is_due",
            "spec/test_followup_sources.py::test_what_became_due_after_the_record_ended_is_a_question",
            "spec/test_followup.py::test_where_an_item_stands"),
           "somebody has to run it and read it"),
    Hazard(LATER, "a live vaccine too early", "killed and live vaccines in one list",
           "disease from the vaccine",
           "live vaccines wait for their own conditions, by source, and are asked for where facts are missing",
           ("spec/test_followup_sources.py::test_i7_day_200_killed_vaccines_may_be_given_and_live_ones_not",
            "spec/test_labels.py::test_shared_rules")),
    Hazard(LATER, "one threshold shown as the truth", "published thresholds of IgG and CD4 disagree",
           "substitution or prophylaxis begun or stopped by chance",
           "every source stands with its own number and what it would do here",
           ("spec/test_followup_sources.py::test_every_threshold_of_substitution",
            "spec/test_followup_sources.py::test_i7_the_disagreement_is_printed")),
    Hazard(LATER, "blood products not irradiated", "a shorter rule of another country",
           "graft-versus-host disease after transfusion",
           "the longest end of the chosen country counts",
           ("spec/test_followup_sources.py::test_the_longest_end_of_the_chosen_country",),
           "where no dose of fludarabine was charted its date is our reading; the transfusion service is not told"),
    Hazard(LATER, "no tocilizumab in stock", "a shortage, or nobody counted",
           "CRS without its treatment",
           "the stock is compared with the label; a shortage excuses only where it is listed and an "
           "alternative is recorded; what is not recorded is asked",
           ("spec/test_labels.py::test_stock",
            "spec/test_labels.py::test_a_usual_number_of_the_jurisdiction_is_our_reading_and_says_so")),
    Hazard(READERS, "over-reliance", "a number looks certain; a program seems to know",
           "a grade or dose is followed without a look at the patient",
           "every output says it is a machine grade, unconfirmed; ranges and questions stand where facts are missing; "
           "each grade is explained down to its rows",
           ("cli/test_cli_grade.py::test_the_summary_tells_grade_and_status",
            "docs/test_rulebook.py::test_html_is_one_whole_page_that_fetches_nothing",
            "cli/test_cli_other.py::test_explain_names_event_source_and_assumption"),
           "whether readers keep their own judgement was not studied"),
    Hazard(READERS, "alarm fatigue", "too many questions, flags and changes",
           "the one that matters is overlooked",
           "a grade that lasts is no change; rows of one round that come minutes apart make no worse day",
           ("engines/test_session.py::test_a_grade_that_lasts_is_no_change",
            "spec/test_daily.py::test_rows_of_one_round_are_charted_minutes_apart"),
           "how many questions a ward can bear was not measured"),
    Hazard(READERS, "the report looks calm", "whom nobody assessed stands low in a list",
           "the patient most in need is read last",
           "who was not seen stands above who is well; a range and the unknown are hatched, never blank",
           ("report/test_report.py::test_whom_nobody_assessed_stands_above_who_is_well",
            "report/test_picture.py::test_a_range_and_the_unknown_are_hatched_and_a_known_grade_0_is_not")),
    Hazard(READERS, "an old report is read as today's", "a printed or stored page",
           "treatment by yesterday's grade",
           "the line of now is drawn; the time of each row is shown",
           ("report/test_picture.py::test_the_line_of_now_is_drawn_where_a_report_is_as_of_a_time",),
           "a report made without a time has no date of its own; paper does not change"),
    Hazard(READERS, "a wrong translation", "Dutch and English differ in a number, a not, a name",
           "a Dutch reader does something else",
           "every text has one line in the catalogue, with the same data and names; pages are searched for English "
           "that is left",
           ("report/test_catalogue.py::test_a_translation_has_the_format_fields_of_its_text",
            "report/test_catalogue.py::test_no_english_is_left_in_a_translated_page_of_a_rule",
            "report/test_catalogue.py::test_names_in_code_style_and_of_settings_stay"),
           "no Dutch clinician has reviewed the translations"),
    Hazard(READERS, "privacy", "names, beds and ids in reports, errors and logs",
           "patients are known to whom they should not be",
           "names and beds never enter a report; errors tell nothing of a patient; pages fetch nothing",
           ("report/test_report.py::test_nothing_that_belongs_to_the_ward_alone_is_in_it",
            "cli/test_cli_grade.py::test_an_error_of_our_own_is_one_sentence_and_tells_nothing_of_a_patient",
            "unit/test_followup_calendar.py::test_an_entry_keeps_its_uid_from_day_to_day_and_shows_no_id",
            "docs/test_rulebook.py::test_html_is_one_whole_page_that_fetches_nothing"),
           "output holds ids and courses: where it is kept, and who may read it, is the hospital's duty"),
    Hazard(READERS, "text of a record runs as a program", "HTML or a formula in a cell",
           "data are stolen or falsified by opening a report",
           "text of a record stays text in pages and in problem lists",
           ("report/test_report.py::test_html_in_a_record_stays_text",
            "readers/test_tables.py::test_problems_hold_no_formula_and_no_line_of_text")),
    Hazard(PROGRAM, "partial output", "a full disk, a power cut, a stopped run",
           "half of the patients are missing and nobody notices",
           "output is replaced as a whole: after any stop the old or the new one is there, complete",
           ("writers/test_stopped.py::test_killed_before_each_file_operation",
            "writers/test_full_disk.py::test_the_disk_of_the_output_is_full",
            "cli/test_cli_grade.py::test_a_run_that_fails_leaves_the_old_output")),
    Hazard(PROGRAM, "files of two runs mixed", "output written into a folder that holds an earlier one",
           "tables that contradict each other",
           "a second run leaves no stale table; a folder that may be another's is refused",
           ("cli/test_cli_grade.py::test_a_second_run_in_the_other_form_leaves_no_stale_table",
            "writers/test_folder.py::test_what_is_of_others_stays")),
    Hazard(PROGRAM, "a damaged or hostile file", "a broken export, a workbook that unpacks to gigabytes",
           "the program stops, or reads nonsense",
           "damage is a sentence or a problem, never a traceback or silence; sizes are bounded",
           ("readers/test_fuzz.py::test_no_traceback_and_no_silence",
            "readers/test_laboratory_sheets.py::test_a_few_bytes_that_stand_for_gigabytes_are_refused")),
    Hazard(PROGRAM, "the documents say something else than the program", "a rule changed, a page did not",
           "readers check the wrong rule",
           "pages are made from the rules, and a stale one fails the tests; this one too",
           ("docs/test_rulebook.py::test_no_page_is_stale", "docs/test_guidance_page.py::test_the_page_is_not_stale",
            "docs/test_hazards.py::test_the_page_is_not_stale")),
    Hazard(PROGRAM, "the program does not run", "a server is down, nobody started it",
           "nobody looks at grades, and nobody knows",
           remains="nothing watches it: the ward's own rounds go on as without it"),
    Hazard(PROGRAM, "used for what it is not meant for", "live treatment by a program without a CE mark",
           "harm without anyone's duty of care met", remains="only the statement of intended use says so"),
)  # fmt: skip


def page() -> str:
    """The page: a table a group, tests as links."""
    none = sum(not one.prevented for one in HAZARDS)
    partly = sum(bool(one.prevented and one.remains) for one in HAZARDS)
    lines = ["# Hazards", "", *(text.format(all=len(HAZARDS), none=none, partly=partly) for text in ABOUT)]
    for group in GROUPS:
        rows = [_row(one) for one in HAZARDS if one.group == group]
        lines += ["", f"## {group}", "", *markdown_table(HEADS, rows)]
    return "\n".join(lines) + "\n"


def _row(one: Hazard) -> list[str]:
    tests = "<br>".join(f"`tests/{name}`" for name in one.tests)
    return [one.hazard, one.cause, one.harm, one.prevented or NOT_PREVENTED, tests or "-", one.remains or "-"]


def existing(root: Path) -> set[str]:
    """Every test function of a folder, as `spec/test_x.py::test_y`."""
    return {
        f"{path.relative_to(root).as_posix()}::{name}"
        for path in root.rglob("test_*.py")
        for name in re.findall(r"^(?:async )?def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }


def main() -> None:
    """Write the page."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
