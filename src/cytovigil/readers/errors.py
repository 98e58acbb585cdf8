"""The one error that stops a run."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cytovigil.model.told import ToldError


class InputError(ToldError):
    """Input that cannot be read at all. Its text is one clear sentence: what, where, what to do."""


@contextmanager
def telling_of_full_disk(folder: Path, *more: type[Exception]) -> Iterator[None]:
    """Errors of the disk of a temporary folder, and of `more` kinds, as one sentence. Raises InputError."""
    kinds: tuple[type[Exception], ...] = (OSError, *more)
    try:
        yield
    except kinds as error:
        sentence = "the temporary folder '{name}' is full, or cannot be written: free space, or set TMPDIR to another"
        raise InputError(sentence, name=folder.parent) from error
