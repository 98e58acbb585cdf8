"""Texts in the language of who reads them, and errors told in one sentence. English is what is written in the code."""

import re
from collections.abc import Callable

Say = Callable[[str], str]  # translates an English text of ours
_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_UNITS = {
    "Cel": "°C", "mm[Hg]": "mmHg", "10*9/L": "10⁹/L", "ug/L": "µg/L", "ug/min": "µg/min", "ug/kg/min": "µg/kg/min",
    "{score}": "", "/uL": "/µL", "umol/L": "µmol/L",
}  # fmt: skip


def decimal(text: str, say: Say) -> str:
    """Numbers with the decimal sign of a language, `38,5` in Dutch; a range keeps its dots."""
    return _POINT.sub(say("."), text)


def show_unit(unit: str) -> str:
    """A UCUM unit as people write it."""
    return _UNITS.get(unit, unit)


def show_quantity(text: str) -> str:
    """A value and its unit as charted, the unit as people write it: `150/µL` of `150 /uL`."""
    value, _, unit = text.rpartition(" ")
    shown = show_unit(unit)
    between = "" if shown.startswith("/") else " × " if value and shown.startswith("10") else " "
    return f"{value}{between}{shown}".strip()


class ToldError(Exception):
    """An error of one sentence. Its data stand apart from its words, so that it can be told in another language."""

    def __init__(self, text: str, /, **data: object) -> None:
        """`text` names its data in braces."""
        super().__init__(text.format(**data) if data else text)
        self.text, self.data = text, data

    def tell(self, say: Say) -> str:
        """The sentence in the language of `say`."""
        told = {name: one.tell(say) if isinstance(one, ToldError) else one for name, one in self.data.items()}
        return say(self.text).format(**told) if told else say(self.text)


class ToldValueError(ToldError, ValueError):
    """A value that cannot be used as it stands."""
