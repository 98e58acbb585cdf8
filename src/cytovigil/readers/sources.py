"""Files: found, fingerprinted, and known by their encoding."""

import codecs
import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import NamedTuple

from cytovigil.readers.errors import InputError

WORKBOOKS = (".xlsx", ".xlsm")
NO_WORKBOOKS = (".xls", ".xlsb", ".ods")  # refused with a sentence, where they are asked for by name
IN_FOLDERS = (".csv", ".tsv", ".parquet", *WORKBOOKS)
_LOCKS = "~$"  # of workbooks that are open just now
_BLOCK = 1 << 20


class Source(NamedTuple):
    """One file. `named` tells a file that was asked for by name from one found in a folder."""

    path: Path
    named: bool

    @property
    def name(self) -> str:
        """The file's name without its folder: what problems and the manifest show."""
        return self.path.name

    @property
    def is_parquet(self) -> bool:
        """True for Parquet, by the name's ending."""
        return self.path.suffix.lower() == ".parquet"

    @property
    def is_workbook(self) -> bool:
        """True for a workbook of Excel or alike, by the name's ending."""
        return self.path.suffix.lower() in WORKBOOKS + NO_WORKBOOKS

    @property
    def is_text(self) -> bool:
        """True for CSV, whose encoding has to be found out."""
        return not self.is_parquet and not self.is_workbook


class Fingerprint(NamedTuple):
    """`encoding` is utf-8-sig, utf-16 or cp1252; `bad_line` is the first line that is not UTF-8, else 0."""

    sha256: str
    encoding: str
    bad_line: int


def find_sources(paths: Sequence[Path]) -> list[Source]:
    """The files behind the arguments, in order of name. Raises InputError if one does not exist or none is found."""
    found: dict[Path, Source] = {}
    for path in paths:
        if path.is_dir():
            inside = (p for p in path.iterdir() if p.suffix.lower() in IN_FOLDERS and p.is_file())
            files = (p for p in inside if not p.name.startswith(_LOCKS) and p.resolve() not in found)
            found.update((p.resolve(), Source(p, named=False)) for p in files)
        elif path.is_file():
            found[path.resolve()] = Source(path, named=True)
        else:
            raise InputError(
                "'{name}' does not exist: give files or folders with CSV or Parquet tables, or laboratory sheets",
                name=path.name,
            )
    if not found:
        raise InputError(
            "no CSV or Parquet file, and no laboratory sheet in XLSX, was found: give the files, or their folder"
        )
    return sorted(found.values(), key=lambda source: (source.name, str(source.path)))


@contextmanager
def fingerprints(sources: Sequence[Source]) -> Iterator[list[Future[Fingerprint]]]:
    """Those of files, each as soon as it is known; texts first, for they cannot be read without."""
    ended, thread = Event(), ThreadPoolExecutor(1)
    first = sorted(sources, key=lambda source: not source.is_text)
    found = {source: thread.submit(fingerprint, source, ended) for source in first}
    try:
        yield [found[source] for source in sources]
    finally:
        ended.set()
        thread.shutdown(cancel_futures=True)


def fingerprint(source: Source, ended: Event | None = None) -> Fingerprint:
    """Hash and encoding of a file, in one pass, which is left when `ended` is set. Raises InputError if unreadable."""
    digest, lines, bad_line = hashlib.sha256(), 1, 0
    decoder = codecs.getincrementaldecoder("utf-8")()
    start = b""
    try:
        with source.path.open("rb") as handle:
            while not (ended and ended.is_set()) and (block := handle.read(_BLOCK)):
                start = start or block[:4]
                digest.update(block)
                if source.is_text:
                    bad_line = bad_line or _first_bad(decoder, block, lines)
                    lines += block.count(b"\n")
            if not bad_line and source.is_text:
                bad_line = _first_bad(decoder, b"", lines, final=True)
    except OSError as error:
        raise InputError(
            "'{name}' cannot be read: {why}", name=source.name, why=error.strerror or "input error"
        ) from error
    utf16 = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = "utf-16" if utf16 else "cp1252" if bad_line else "utf-8-sig"
    return Fingerprint(digest.hexdigest(), encoding, bad_line or int(utf16))


def _first_bad(decoder: codecs.IncrementalDecoder, block: bytes, lines: int, final: bool = False) -> int:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError as error:
        return lines + error.object[: error.start].count(b"\n")
    return 0
