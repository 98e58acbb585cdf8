"""The one error that stops a run."""


class InputError(Exception):
    """Input that cannot be read at all. Its text is one clear sentence: what, where, what to do."""
