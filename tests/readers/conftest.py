"""The fixture `read` for all tests of readers."""

from tables_kit import read

__all__ = ["read"]
