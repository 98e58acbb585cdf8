"""Files are fingerprinted beside their reading, and left where nobody waits for them any more."""

import hashlib
import threading
import time
from pathlib import Path

import pytest

from cytovigil.readers import sources as module
from cytovigil.readers.sources import Source, fingerprint, fingerprints


def test_each_file_has_its_own(tmp_path: Path) -> None:
    for name in ("a.parquet", "b.csv"):
        (tmp_path / name).write_text(name)
    files = [Source(tmp_path / name, named=True) for name in ("a.parquet", "b.csv")]
    with fingerprints(files) as found:
        told = [one.result().sha256 for one in found]
    assert told == [hashlib.sha256(name.encode()).hexdigest() for name in ("a.parquet", "b.csv")]


def test_who_stops_does_not_wait_for_a_large_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_bytes(b"x" * 1000)
    begun, read = threading.Event(), list[int]()

    def slowly(_decoder: object, block: bytes, _lines: int, final: bool = False) -> int:
        read.append(len(block))
        begun.set()
        time.sleep(0.005)
        return int(final)

    monkeypatch.setattr(module, "_BLOCK", 1)
    monkeypatch.setattr(module, "_first_bad", slowly)
    ended = threading.Event()
    ended.set()
    fingerprint(Source(tmp_path / "a.csv", named=True), ended)
    assert read == [0]  # the end alone
    with fingerprints([Source(tmp_path / "a.csv", named=True)]):
        begun.wait(5)
    assert sum(read) < 900
