"""The set of flags is closed: each has a spec test, and the engine knows no other."""

import re
from pathlib import Path

import cytovigil
from cytovigil.model.flags import FLAGS

SPEC = Path(__file__).parent
SOURCE = Path(cytovigil.__file__).parent


def test_each_flag_has_a_spec_test() -> None:
    text = "\n".join(path.read_text() for path in SPEC.glob("test_*.py") if path != Path(__file__))
    assert [flag for flag in FLAGS if f'"{flag}"' not in text and not re.search(rf"\b{flag}\b", text)] == []


def test_each_flag_is_set_somewhere() -> None:
    text = "\n".join(
        path.read_text() for folder in ("engine", "rules", "readers") for path in (SOURCE / folder).rglob("*.py")
    )
    assert [flag for flag in FLAGS if f'"{flag}"' not in text] == []
