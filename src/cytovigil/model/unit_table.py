"""The closed table of units: UCUM codes with dimension and exact factor, and printed forms that stand for them."""

from collections.abc import Iterator
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

FEU = "{FEU}"


class Unit(NamedTuple):
    """A UCUM unit: base = (value + shift) x factor, in g, L, mol, s, 1, U or the unit's own count."""

    code: str
    dimension: str
    factor: Fraction
    per_kg: bool = False
    per_time: bool = False
    shift: Fraction = Fraction(0)


_PREFIX: dict[str, Fraction | int] = {
    "": 1,
    "d": Fraction(1, 10),
    **{name: Fraction(1, 1000**n) for n, name in enumerate("munp", 1)},
}
_VOLUMES = {prefix + "L": Fraction(_PREFIX[prefix]) for prefix in ("", "d", "m", "u")}
_MASSES = {prefix + "g": Fraction(_PREFIX[prefix]) for prefix in ("", "m", "u", "n", "p")}
_MOLES = {prefix + "mol": Fraction(_PREFIX[prefix]) for prefix in ("", "m", "u", "n", "p")}
_ACTIVITIES = {
    "U": Fraction(1),
    "mU": Fraction(1, 1000),
    "[IU]": Fraction(1),
    "[iU]": Fraction(1),
    "10*6.U": Fraction(10**6),
}
_ENZYMES = {**_ACTIVITIES, "kat": Fraction(60 * 10**6), "ukat": Fraction(60), "nkat": Fraction(60, 1000)}
_COUNTS = {"": Fraction(1), "{cells}": Fraction(1), **{f"10*{n}": Fraction(10**n) for n in (3, 6, 9, 12)}}
_TIMES = {"s": Fraction(1), "min": Fraction(60), "h": Fraction(3600), "d": Fraction(86400)}


def _concentrations() -> Iterator[Unit]:
    kinds = (("mass", _MASSES), ("mole", _MOLES), ("enzyme", _ENZYMES), ("count", _COUNTS))
    for dimension, amounts in kinds:
        for amount, factor in amounts.items():
            for volume, size in _VOLUMES.items():
                yield Unit(f"{amount}/{volume}", f"{dimension}/volume", factor / size)
                if dimension == "mass":
                    yield Unit(f"{amount}/{volume}{FEU}", "mass/volume FEU", factor / size)


def _doses() -> Iterator[Unit]:
    kinds = (("mass", _MASSES | {"kg": Fraction(1000)}), ("activity", _ACTIVITIES), ("volume", _VOLUMES))
    for dimension, amounts in kinds:
        for amount, factor in amounts.items():
            yield Unit(amount, dimension, factor)
            yield Unit(f"{amount}/kg", dimension, factor, per_kg=True)
            for time, seconds in _TIMES.items():
                yield Unit(f"{amount}/{time}", f"{dimension}/time", factor / seconds, per_time=True)
                yield Unit(f"{amount}/kg/{time}", f"{dimension}/time", factor / seconds, per_kg=True, per_time=True)


def _others() -> Iterator[Unit]:
    yield Unit("Cel", "temperature", Fraction(1))
    yield Unit("[degF]", "temperature", Fraction(5, 9), shift=Fraction(-32))
    yield Unit("K", "temperature", Fraction(1), shift=Fraction("-273.15"))
    for code in ("/min", "{beats}/min", "{breaths}/min"):
        yield Unit(code, "frequency", Fraction(1, 60))
    yield Unit("1", "fraction", Fraction(1))
    yield Unit("{INR}", "fraction", Fraction(1))
    yield Unit("%", "fraction", Fraction(1, 100))
    yield Unit("{score}", "score", Fraction(1))
    yield Unit("mm[Hg]", "pressure", Fraction("133.322387415"))
    yield Unit("kPa", "pressure", Fraction(1000))
    yield Unit("mL/min/{1.73_m2}", "volume/time", Fraction(1, 60000), per_time=True)
    yield from (Unit(time, "time", seconds) for time, seconds in _TIMES.items())
    for code, factor in (("m", 1), ("cm", Fraction(1, 100)), ("mm", Fraction(1, 1000)), ("[in_i]", Fraction("0.0254"))):
        yield Unit(code, "length", Fraction(factor))
    yield Unit("[lb_av]", "mass", Fraction("453.59237"))
    yield Unit("{copies}/ug", "copies/mass", Fraction(10**6))
    yield Unit("{unit}", "bag", Fraction(1))
    yield Unit("{dose}", "vaccination", Fraction(1))
    for code, factor in _COUNTS.items():
        if code:
            yield Unit(f"{code}/kg", "cells", factor, per_kg=True)
            yield Unit(code, "cells", factor)


UNITS = MappingProxyType({unit.code: unit for unit in (*_concentrations(), *_doses(), *_others())})

# Printed forms of one part of a unit, in lower case without spaces: before the first slash, and behind a slash.
_BOTH = {
    "l": "L", "ltr": "L", "liter": "L", "litre": "L", "dl": "dL", "ml": "mL", "cc": "mL", "ul": "uL", "mm3": "uL",
    "mm^3": "uL",
    "cumm": "uL", "cmm": "uL", "gr": "g", "gram": "g", "mcg": "ug", "gamma": "ug", "microg": "ug", "mug": "ug",
}  # fmt: skip
_BEFORE = {
    **_BOTH,
    "u": "U", "e": "U", "ie": "U", "iu": "U", "[iu]": "[IU]", "units": "U", "unit": "U", "eenheden": "U", "eh": "U",
    "mu": "mU", "me": "mU", "mie": "mU", "miu": "mU", "10*6.u": "10*6.U", "cells": "{cells}", "cellen": "{cells}",
    "": "",
    "g": "g", "giga": "10*9", "k": "10*3", "thou": "10*3", "thousand": "10*3", "tsd": "10*3", "mln": "10*6",
    "micromol": "umol", "mmole": "mmol",
    **{
        form.format(n): f"10*{n}"
        for n in (3, 6, 9, 12)
        for form in (
            "10^{}", "10e{}", "10*{}", "10**{}", "10exp{}", "10e0{}", "1e{}", "e{}",
            "x10^{}", "x10e{}", "x10*{}", "x10{}", "*10^{}",
        )
    },
}  # fmt: skip
_BEHIND = {
    **_BOTH,
    "u": "h", "uur": "h", "hr": "h", "hrs": "h", "hour": "h", "std": "h", "minuut": "min", "minute": "min",
    "mn": "min",
    "sec": "s", "dag": "d", "day": "d", "24h": "d", "24u": "d", "24uur": "d",
}  # fmt: skip
PRINTED = (MappingProxyType(_BEFORE), MappingProxyType(_BEHIND))

# Printed forms of a whole unit.
WHOLE = MappingProxyType({
    "c": "Cel", "°c": "Cel", "cel": "Cel", "degc": "Cel", "celsius": "Cel", "gradencelsius": "Cel", "graden": "Cel",
    "grc": "Cel",
    "f": "[degF]", "°f": "[degF]", "degf": "[degF]", "fahrenheit": "[degF]", "kelvin": "K", "k": "K",
    "mmhg": "mm[Hg]", "mm[hg]": "mm[Hg]", "mmkwik": "mm[Hg]", "kpa": "kPa",
    "bpm": "/min", "1/min": "/min", "/minuut": "/min", "min-1": "/min", "x/min": "/min", "slagen/min": "/min",
    "beats/min": "/min",
    "sl/min": "/min", "breaths/min": "/min", "brpm": "/min", "ademh/min": "/min", "ademhalingen/min": "/min",
    "rpm": "/min",
    "/m": "/min", "pm": "/min",
    "percent": "%", "pct": "%", "procent": "%", "fraction": "1", "fractie": "1", "ratio": "1", "inr": "{INR}",
    "score": "{score}", "punten": "{score}", "points": "{score}", "pts": "{score}", "punt": "{score}",
    "lpm": "L/min", "sec": "s", "seconden": "s", "seconds": "s", "lb": "[lb_av]", "lbs": "[lb_av]", "in": "[in_i]",
    "inch": "[in_i]",
    "g/l{feu}": "g/L{FEU}", "g/l": "g/L", "cells": "{cells}",
    "ml/min/1.73m2": "mL/min/{1.73_m2}", "ml/min/1,73m2": "mL/min/{1.73_m2}", "ml/min/1.73m^2": "mL/min/{1.73_m2}",
    "ml/min/1,73m^2": "mL/min/{1.73_m2}", "ml/min/{1.73_m2}": "mL/min/{1.73_m2}",
    "ml/min/[1.73_m2]": "mL/min/{1.73_m2}",
    "units": "{unit}", "unit": "{unit}", "zak": "{unit}", "zakken": "{unit}", "bag": "{unit}", "bags": "{unit}",
    "eenheden": "{unit}",
    "dose": "{dose}", "dosis": "{dose}", "doses": "{dose}", "copies/ug": "{copies}/ug", "kopieen/ug": "{copies}/ug",
    "mie": "10*6.U", "miljoenie": "10*6.U", "mio.e": "10*6.U", "mln.e": "10*6.U", "10^6ie": "10*6.U",
    "10^6u": "10*6.U",
    "x10^6/kg": "10*6/kg", "10^6/kg": "10*6/kg", "10e6/kg": "10*6/kg",
    "kg": "kg", "kilo": "kg", "kilogram": "kg",
})  # fmt: skip
