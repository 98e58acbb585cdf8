"""Edge tables are checked in; a change is reviewed as a diff."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regenerate-edges", action="store_true", help="write the edge tables anew")
