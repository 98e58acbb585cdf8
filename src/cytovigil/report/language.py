"""Dutch and English: one catalogue a language, in gettext's form, read by Babel."""

import re
from collections.abc import Callable
from functools import lru_cache
from importlib import resources
from typing import Literal

Language = Literal["en", "nl"]
Say = Callable[[str], str]
_POINT = re.compile(r"(?<=\d)\.(?=\d)")


def speaker(language: Language) -> Say:
    """Translates an English text; one that the catalogue does not have stays as it is."""
    texts = _catalogue(language)
    return lambda text: texts.get(text, text)


def decimal(text: str, say: Say) -> str:
    """Numbers with the decimal sign of a language, `38,5` in Dutch; a range keeps its dots."""
    return _POINT.sub(say("."), text)


@lru_cache
def _catalogue(language: Language) -> dict[str, str]:
    if language == "en":
        return {}
    from babel.messages.pofile import read_po  # English does without

    path = resources.files("cytovigil.report").joinpath(f"locales/{language}.po")
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {str(one.id): str(one.string) for one in catalogue if one.id and one.string}
