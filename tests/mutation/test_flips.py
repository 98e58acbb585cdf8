"""The planted faults are the ones meant, and no others."""

import pytest
from flips import flips


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = FIELD >= 2", {"x = FIELD <= 2", "x = FIELD >= 3", "x = FIELD >= 1"}),
        ("x = a & b", {"x = a | b", "x = a", "x = b"}),
        ("x = a or b", {"x = a and b"}),
        ("x = ~a", {"x = a"}),
        ("x = True", {"x = False"}),
        ("x = (a, b)", {"x = (b,)", "x = (a,)"}),
        ("x = '>=1.5'", {"x = '>1.5'"}),
        ("x = '>3'", {"x = '>=3'"}),
        ("x = 'crs_reopen_h'", {"x = 'crs_reopen_h_x'"}),
        ("x = 'words that are prose'", set()),
        ("'''Documentation.'''", set()),
        ("from a import b", set()),
        ("def f(x: 'name') -> 'other':\n    return x", set()),
    ],
)
def test_flips(source: str, expected: set[str]) -> None:
    assert {flip.source for flip in flips(source)} == expected
