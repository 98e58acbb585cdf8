"""The heart stands alone: importing the package and grading a patient loads no third party."""

import json
import subprocess
import sys

import pytest

import cytovigil

GRADE_ONE = """
import json, sys
import cytovigil
from cytovigil import Course, Event, Patient, SCALES, Settings, explain_course, grade_course, render_text
patient = Patient("P1", 1_772_000_000, age_years=60)
events = (Event("P1", 1_772_003_600, "temperature", 3860, 3860),)
graded = grade_course(Course((patient,), events), list(SCALES.values()), Settings())
assert [row.low for row in graded[0].timeline if row.scale == "crs-astct-2019"][-1] == 1, graded
settings = Settings()
scale = SCALES["crs-astct-2019"]
explanation = explain_course(Course((patient,), events), 1, scale, settings)
assert "machine grade, unconfirmed" in render_text(explanation, settings)
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""


def loaded_by(code: str) -> set[str]:
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def test_grading_python_objects_loads_no_library() -> None:
    loaded = loaded_by(GRADE_ONE)
    assert not loaded & {"numpy", "pandas", "polars", "pyarrow", "duckdb", "typer", "rich", "click"}
    assert "csv" in loaded


def test_help_loads_neither_tables_nor_progress_bar() -> None:
    code = "import json, sys, cytovigil.cli; print(json.dumps(sorted({n.split('.')[0] for n in sys.modules})))"
    assert not loaded_by(code) & {"numpy", "pyarrow", "duckdb", "rich"}


def test_importing_the_package_loads_no_rule_and_no_engine() -> None:
    code = "import json, sys, cytovigil; print(json.dumps(sorted(sys.modules)))"
    assert [name for name in loaded_by(code) if name.startswith("cytovigil.")] == []


def test_every_name_of_the_package_is_there() -> None:
    found = {name: getattr(cytovigil, name) for name in cytovigil.__all__}
    assert all(one is not None for one in found.values()) and len(found) == 15
    with pytest.raises(AttributeError, match="module 'cytovigil' has no attribute 'grade'"):
        cytovigil.grade  # noqa: B018
