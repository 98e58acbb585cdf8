"""The one error that stops a run."""

from cytovigil.model.told import ToldError


class InputError(ToldError):
    """Input that cannot be read at all. Its text is one clear sentence: what, where, what to do."""
