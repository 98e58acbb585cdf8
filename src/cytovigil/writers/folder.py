"""The output folder: made beside the target and moved at the end. A folder with a manifest is one run, and complete."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cytovigil.model.results import REPORT, REPORT_PAGES
from cytovigil.model.told import ToldError
from cytovigil.writers.columns import SCORES, table_columns

MANIFEST = "manifest.json"
PROBLEMS = "problems.csv"


class OutputError(ToldError):
    """Output that cannot be written. Its text is one clear sentence: what, where, what to do."""


def output_names(form: str) -> list[str]:
    """The files of one form, in the contract's order."""
    return [*(f"{name}.{form}" for name in table_columns([])), PROBLEMS, MANIFEST]


def score_names(form: str) -> list[str]:
    """The files of a run of scores in one form."""
    return [f"{SCORES}.{form}", PROBLEMS, MANIFEST]


OURS = frozenset(
    {*(name for form in ("csv", "parquet") for name in (*output_names(form), *score_names(form))), REPORT, REPORT_PAGES}
)


@contextmanager
def output_folder(target: Path) -> Iterator[Path]:
    """A new folder whose files take the place of the target's when the block ends well; else nothing changes.

    Raises OutputError where the disk is full or the place cannot be written.
    """
    with _clear_errors(target):
        _check_ours(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        outer = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            inner = outer / "new"
            inner.mkdir()
            yield inner
            _move(inner, target)
        finally:
            shutil.rmtree(outer, ignore_errors=True)


def _check_ours(target: Path) -> None:
    """Raises OutputError where a file of another's would be overwritten: one named like ours in a folder of no run."""
    if target.exists() and not target.is_dir():
        raise OutputError("'{name}' is a file: choose a folder for the output", name=target.name)
    if not target.exists() or (target / MANIFEST).exists():
        return
    if foreign := sorted(path.name for path in target.iterdir() if path.name in OURS):
        raise OutputError(
            "'{name}' holds '{file}' but no {manifest}, so it may be another's: "
            "move it, or choose another folder for the output",
            name=target.name,
            file=foreign[0],
            manifest=MANIFEST,
        )


def _move(inner: Path, target: Path) -> None:
    """Move file by file, the manifest last: a folder with a manifest is complete. Files of the other form go."""
    if not target.exists() or not any(target.iterdir()):
        inner.replace(target)
        return
    names = sorted((path.name for path in inner.iterdir()), key=lambda name: (name == MANIFEST, name))
    (target / MANIFEST).unlink(missing_ok=True)
    for name in sorted(OURS.union(names) - {MANIFEST}):
        _remove(target / name)
    for name in names[:-1]:
        (inner / name).replace(target / name)
    (inner / names[-1]).replace(target / names[-1])


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def _clear_errors(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "the disk gave an error"
        sentence = "'{name}' cannot be written ({reason}): free space, or choose another folder"
        raise OutputError(sentence, name=target.name, reason=reason) from error


def check_apart(target: Path, inputs: Sequence[Path]) -> None:
    """Raises OutputError where the output folder is also an input, or an output file would take an input's place."""
    place = target.resolve()
    for path in (path.resolve() for path in inputs):
        if path == place:
            raise OutputError("'{name}' is an input too: choose another folder for the output", name=target.name)
        if path.parent == place and path.name in OURS:
            sentence = "the output would take the place of '{name}': choose another folder for the output"
            raise OutputError(sentence, name=path.name)
