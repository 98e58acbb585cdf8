"""For all tests: the same examples each run, and few of them; `HYPOTHESIS_PROFILE=deep` looks further."""

import os

from hypothesis import HealthCheck, settings

_SLOW_START = [HealthCheck.too_slow]
settings.register_profile("few", max_examples=30, derandomize=True, deadline=None, suppress_health_check=_SLOW_START)
settings.register_profile("deep", max_examples=2_000, deadline=None, suppress_health_check=_SLOW_START)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "few"))
