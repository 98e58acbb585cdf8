from cytovigil.model.told import ToldError, ToldValueError

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
