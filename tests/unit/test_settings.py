"""The site's settings: one table, checked with clear sentences."""

import pickle
from typing import Any

import pytest

from cytovigil.model.settings import Settings, asdict_plain, from_site, says


def test_a_changed_setting_is_listed() -> None:
    settings = from_site({"fever_cel": 38.3, "upper_limits": {"alt": 50}, "zone_name": "UTC"})
    assert settings.changed() == {"fever_cel": 38.3, "upper_limits": {"alt": 50}, "zone_name": "UTC"}
    assert Settings().changed() == {}
    assert str(settings.zone) == "UTC"


def test_every_setting_has_a_sentence() -> None:
    assert all(says(name) for name in asdict_plain(Settings()))


def test_limits_of_the_site_in_the_unit_of_the_signal() -> None:
    upper, lower = {"creatinine": 110, "alt": 45.5, "inr": 1.2}, {"neutrophils": 1.8, "fibrinogen": 2, "platelets": 150}
    settings = from_site({"upper_limits": upper, "lower_limits": lower})
    assert (settings.upper_limits, settings.lower_limits) == (upper, lower)


def test_an_incomplete_assessment_may_wait_until_the_next_one_can_begin() -> None:
    assert from_site({"assessment_wait_min": 30}).assessment_wait_min == 30


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"fever": 38}, "unknown setting 'fever'"),
        ({"fever_cel": "38"}, "must be a number"),
        ({"fever_cel": True}, "must be a number"),
        ({"fever_cel": 0}, "above 0 and at most 45"),
        ({"fever_cel": 100.4}, "above 0 and at most 45"),
        ({"fever_cel": float("nan")}, "above 0 and at most 45"),
        ({"zone_name": "Mars/Base"}, "not a time zone"),
        ({"zone_name": "../etc"}, "not a time zone"),
        ({"upper_limits": 50}, "must be a table"),
        ({"upper_limits": {"heart_rate": 100}}, "must be a table"),
        ({"upper_limits": {"alt": "50"}}, "upper_limits.alt"),
        ({"upper_limits": {"alt": True}}, "upper_limits.alt"),
        ({"upper_limits": {"alt": 0}}, "upper_limits.alt"),
        ({"upper_limits": {"creatinine": 1.2}}, "upper_limits.creatinine.*1.2 is no limit in umol/L"),
        ({"lower_limits": {"creatinine": 0.5}}, "lower_limits.creatinine.*0.5 is no limit in umol/L"),
        ({"lower_limits": {"neutrophils": 1800}}, r"lower_limits.neutrophils.*1800 is no limit in 10\*9/L"),
        ({"upper_limits": {"neutrophils": 7500}}, "upper_limits.neutrophils"),
        ({"lower_limits": {"neutrophils": 1.8, "platelets": 150000}}, "lower_limits.platelets"),
        ({"upper_limits": {"inr": 120}}, "upper_limits.inr.*120 is no limit in 1: write it in 1"),
        ({"infusion_valid_h": 60}, "'infusion_unknown_h' must not be below 'infusion_valid_h'"),
        ({"assessment_wait_min": 31}, "'assessment_min' must not be below 'assessment_wait_min'"),
    ],
)
def test_a_bad_setting_is_refused(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        from_site(values)


def test_settings_go_to_other_processes() -> None:
    for settings in (Settings(), from_site({"fever_cel": 38.3, "upper_limits": {"alt": 50}})):
        assert pickle.loads(pickle.dumps(settings)) == settings
