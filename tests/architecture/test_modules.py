"""Modules stay small enough to read at one sitting; paths of a machine and clocks stay out."""

import re
from pathlib import Path

import cytovigil

SOURCE = Path(cytovigil.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))
CORE = [path for path in MODULES if path.relative_to(SOURCE).parts[0] in ("model", "logic", "rules", "engine")]


def test_no_module_is_longer_than_320_lines() -> None:
    lines = {str(path.relative_to(SOURCE)): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert len(MODULES) > 20
    assert {name: count for name, count in lines.items() if count > 320} == {}


def test_the_core_reads_no_clock_and_no_environment() -> None:
    clock = re.compile(r"\b(datetime\.now|utcnow|date\.today|time\.time|perf_counter|os\.environ|getenv|random)\b")
    found = [path.name for path in CORE if clock.search(path.read_text("utf-8"))]
    assert CORE
    assert found == []


def test_nothing_is_evaluated_from_text() -> None:
    evaluated = re.compile(r"(?<![\w.])(eval|exec)\(")
    assert [path.name for path in MODULES if evaluated.search(path.read_text("utf-8"))] == []
