"""`problems.csv` and `manifest.json`: what could not be used, and what exactly made these grades."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cytovigil.model.problems import Problem
from cytovigil.writers.canonical_csv import csv_line
from cytovigil.writers.folder import MANIFEST, PROBLEMS


def write_problems(folder: Path, problems: Iterable[Problem]) -> None:
    """Write `problems.csv`, with its header even where there is no problem."""
    with (folder / PROBLEMS).open("w", encoding="utf-8", newline="") as file:
        file.write(csv_line(Problem._fields))
        file.writelines(csv_line(problem) for problem in problems)


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write `manifest.json`. It holds no clock, host, absolute path or engine: the same input gives the same bytes."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
