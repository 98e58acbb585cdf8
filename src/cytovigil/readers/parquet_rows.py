"""Parquet, read in batches; every cell becomes the text that a CSV would hold. Rows count from 0."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cytovigil.readers.columns import TIME_COLUMNS, column_name
from cytovigil.readers.errors import InputError

BATCH = 16_384


def read_parquet_header(path: Path) -> list[str]:
    """The column names. Raises InputError if the file is not Parquet, or a time column holds numbers."""
    with clear_errors(path), pq.ParquetFile(path) as file:
        schema = file.schema_arrow
        for field in schema:
            if column_name(field.name) in TIME_COLUMNS and _is_number(field.type):
                raise InputError(
                    "'{name}': column {column} holds numbers: write timestamps, or ISO 8601 text",
                    name=path.name,
                    column=field.name,
                )
        return list(schema.names)


def read_parquet_rows(path: Path, width: int) -> Iterator[tuple[int, list[str]]]:
    """Rows as texts, with their zero-based number. Raises InputError where the file is damaged."""
    number = 0
    # Buffered ahead, the whole file would stay in memory until it is closed.
    with clear_errors(path), pq.ParquetFile(path, pre_buffer=False) as file:
        for batch in file.iter_batches(batch_size=BATCH):
            columns = [texts(batch.column(place)) for place in range(width)]
            for cells in zip(*columns, strict=True):
                if any(cells):
                    yield number, list(cells)
                number += 1


@contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """Damaged files, and files that are gone, end in an InputError."""
    try:
        yield
    except (InputError, GeneratorExit):
        raise
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError, OverflowError, MemoryError) as error:
        if isinstance(error, OSError) and error.errno:
            raise InputError("'{name}' cannot be read: {why}", name=path.name, why=os.strerror(error.errno)) from error
        raise InputError(
            "'{name}' is not a readable Parquet table: it may be damaged; export it again", name=path.name
        ) from error


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def texts(column: pa.Array) -> list[str]:
    """The cells of a column as a CSV would hold them."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return texts(column.dictionary_decode())
    if pa.types.is_timestamp(kind):
        zone = "" if kind.tz is None else "Z"
        seconds = column.cast(pa.timestamp("s", kind.tz), safe=False).cast(pa.timestamp("s"))
        return ["" if text is None else text + zone for text in seconds.cast(pa.string()).to_pylist()]
    if pa.types.is_floating(kind):
        digits = ".7g" if pa.types.is_float32(kind) or pa.types.is_float16(kind) else ".15g"
        return ["" if number is None else format(number, digits) for number in column.to_pylist()]
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return ["" if cell is None else "(not text)" for cell in column.to_pylist()]
    return ["" if cell is None else str(cell).replace("\0", " ") for cell in column.to_pylist()]
