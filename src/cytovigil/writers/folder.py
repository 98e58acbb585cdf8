"""The output folder: made beside the target, and put in its place as a whole, when it is complete.

A run that is killed leaves the old folder or the new one, and a hidden folder that the next run clears away.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from cytovigil.model.results import REPORT, REPORT_PAGES
from cytovigil.model.told import ToldError
from cytovigil.scratch import left_behind, locked_folder
from cytovigil.writers.columns import SCORES, table_columns
from cytovigil.writers.swap import exchange

MANIFEST = "manifest.json"
PROBLEMS = "problems.csv"
NEW, MADE, FORMER = "new", "made", "former"  # in a hidden folder: under way, complete, and what it replaces


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
    """A new folder that takes the place of the target when the block ends well; else nothing changes.

    Files and folders of others in the target stay. Raises OutputError where the disk is full or the place cannot be
    written.
    """
    with _clear_errors(target):
        place = target.resolve()
        if place.parent.is_dir():
            _clear_killed(place)
        _check(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        with _hidden_folder(place) as hidden:
            inner = hidden / NEW
            inner.mkdir()
            yield inner
            _put(inner.rename(hidden / MADE), place)


def _check(place: Path) -> None:
    """Raises OutputError where the target cannot be replaced as a whole, or holds a file of another's named like ours.

    A folder with a manifest is a run.
    """
    if not place.exists():
        return
    if not place.is_dir():
        raise OutputError("'{name}' is a file: choose a folder for the output", name=place.name)
    if Path.cwd().is_relative_to(place):
        sentence = "'{name}' is the folder you are in: choose a folder inside it for the output"
        raise OutputError(sentence, name=place.name)
    if os.path.ismount(place):
        raise OutputError("'{name}' is a disk of its own: choose a folder inside it for the output", name=place.name)
    foreign = sorted(path.name for path in place.iterdir() if path.name in OURS)
    if foreign and not (place / MANIFEST).exists():
        raise OutputError(
            "'{name}' holds '{file}' but no {manifest}, so it may be another's: "
            "move it, or choose another folder for the output",
            name=place.name,
            file=foreign[0],
            manifest=MANIFEST,
        )


def _put(made: Path, place: Path) -> None:
    """In one step for whoever looks, where the disk can; else in two, between which `_end` knows what to do."""
    if not place.exists():
        made.rename(place)
        return
    shutil.copystat(place, made)
    os.utime(made)
    for path in _others(place):
        if path.is_file() and not path.is_symlink():
            with suppress(PermissionError, NotImplementedError):  # then it is moved afterwards
                os.link(path, made / path.name)
    if not exchange(made, place):
        place.rename(made.with_name(FORMER))
        made.rename(place)


def _others(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name not in OURS] if folder.exists() else []


def _end(hidden: Path, place: Path) -> None:
    """End what a run began: what is another's goes back to its place, the rest away."""
    made, former = hidden / MADE, hidden / FORMER
    if made.exists() and former.exists():  # between two steps: the run did not happen
        if place.exists():
            return
        former.rename(place)
    for path in (*_others(made), *_others(former)):
        if not os.path.lexists(place / path.name):
            path.rename(place / path.name)
    shutil.rmtree(hidden, ignore_errors=True)


@contextmanager
def _hidden_folder(place: Path) -> Iterator[Path]:
    """A folder beside the target, locked as long as this process lives."""
    with locked_folder(place.parent, _prefix(place)) as hidden:
        try:
            yield hidden
        finally:
            _end_surely(hidden, place)


def _end_surely(hidden: Path, place: Path) -> None:
    """End it whoever interrupts: by now the output is in its place, or the run is being stopped already."""
    try:
        _end(hidden, place)
    except KeyboardInterrupt:
        _end_surely(hidden, place)


def _clear_killed(place: Path) -> None:
    """Clear away what runs into this target left that were killed."""
    for hidden in left_behind(place.parent, _prefix(place)):
        with suppress(OSError):  # another user's: it is in nobody's way
            _end(hidden, place)


def _prefix(place: Path) -> str:
    return f".{place.name}.cytovigil-"


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
