"""For all tests: the same examples each run, and few of them; `HYPOTHESIS_PROFILE=deep` looks further."""

import os

from hypothesis import HealthCheck, Phase, settings

_SLOW_START = [HealthCheck.too_slow]
settings.register_profile("few", max_examples=30, derandomize=True, deadline=None, suppress_health_check=_SLOW_START)
settings.register_profile("deep", max_examples=2_000, deadline=None, suppress_health_check=_SLOW_START)
_UNTIL_ONE_FAILS = (Phase.explicit, Phase.generate)  # for planted faults: that a test fails is enough
settings.register_profile("mutants", settings.get_profile("few"), phases=_UNTIL_ONE_FAILS, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "few"))
