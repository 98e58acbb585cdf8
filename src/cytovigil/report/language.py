"""Dutch and English: one catalogue a language, in gettext's form, read by Babel."""

from functools import lru_cache
from importlib import resources
from typing import Literal

from cytovigil.model.told import Say

Language = Literal["en", "nl"]


@lru_cache
def speaker(language: Language) -> Say:
    """Translates an English text; one that the catalogue does not have stays as it is."""
    texts = _catalogue(language)
    return lambda text: texts.get(text, text)


@lru_cache
def _catalogue(language: Language) -> dict[str, str]:
    if language == "en":
        return {}
    from babel.messages.pofile import read_po  # English does without

    path = resources.files("cytovigil.report").joinpath(f"locales/{language}.po")
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {str(one.id): str(one.string) for one in catalogue if one.id and one.string}
