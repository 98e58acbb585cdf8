import pytest

from cytovigil.model.told import ToldError, ToldValueError, show_quantity

DUTCH = {"{where}: '{text}' is no number": "{where}: '{text}' is geen getal", "line {line}": "regel {line}"}


def say(text: str) -> str:
    return DUTCH.get(text, text)


def test_an_error_is_told_in_english_and_in_the_language_asked() -> None:
    where = ToldError("line {line}", line=3)
    error = ToldValueError("{where}: '{text}' is no number", where=where, text="{x}")
    assert (str(error), error.tell(say)) == ("line 3: '{x}' is no number", "regel 3: '{x}' is geen getal")
    assert isinstance(error, ValueError)


def test_a_sentence_without_data_may_hold_braces() -> None:
    error = ToldError("write {a: 1}")
    assert (str(error), error.tell(say)) == ("write {a: 1}", "write {a: 1}")


def test_what_is_not_ours_stays_as_it_is() -> None:
    assert ToldError("file: {why}", why=ValueError("odd")).tell(say) == "file: odd"


@pytest.mark.parametrize(
    ("charted", "shown"),
    [
        ("0.9 10*9/L", "0.9 × 10⁹/L"), ("<0.2 10*9/L", "<0.2 × 10⁹/L"), ("150 /uL", "150/µL"), ("3.8 g/L", "3.8 g/L"),
        ("37.7 Cel", "37.7 °C"), ("10", "10"), ("8 {score}", "8"), ("12 10*12/L", "12 × 10*12/L"), ("", ""),
    ],
)  # fmt: skip
def test_a_quantity_is_printed_as_people_write_it(charted: str, shown: str) -> None:
    assert show_quantity(charted) == shown
