"""Errors told in one sentence."""

from collections.abc import Callable


class ToldError(Exception):
    """An error of one sentence. Its data stand apart from its words, so that it can be told in another language."""

    def __init__(self, text: str, /, **data: object) -> None:
        """`text` names its data in braces."""
        super().__init__(text.format(**data) if data else text)
        self.text, self.data = text, data

    def tell(self, say: Callable[[str], str]) -> str:
        """The sentence in the language of `say`."""
        told = {name: one.tell(say) if isinstance(one, ToldError) else one for name, one in self.data.items()}
        return say(self.text).format(**told) if told else say(self.text)


class ToldValueError(ToldError, ValueError):
    """A value that cannot be used as it stands."""
