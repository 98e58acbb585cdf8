"""Vega, which draws. It runs in a process of its own: there it loads, a third of a second, and draws meanwhile."""

import json
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Any, Self

from cytovigil.processes import NOT_STARTED, Process, WorkerError

Row = dict[str, Any]  # a row of data, or a part of a Vega-Lite specification
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_SERVE = "from cytovigil.report.picture_svg import serve_pictures; serve_pictures()"


class Vega:
    """The process that draws, from now until the block ends; one picture at a time, in the order they are asked for.

    Without an interpreter to start, this process draws. Raises WorkerError.
    """

    def __init__(self) -> None:
        try:
            self._process = Process(_SERVE) if sys.executable else None
        except OSError as error:  # of a full disk, before there is any output
            raise WorkerError(NOT_STARTED, why=error.strerror) from error
        self._thread = ThreadPoolExecutor(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
        self._thread.shutdown(cancel_futures=True)

    def ask(self, work: Callable[..., str], *arguments: Any) -> Future[str]:
        """What a function of a module makes of arguments there. The result raises what that does, or WorkerError."""
        if self._process:
            return self._thread.submit(self._process.ask, work, *arguments)
        return self._thread.submit(work, *arguments)


def vega_for(detail: str) -> AbstractContextManager[Vega | None]:
    """What a report of this detail needs to draw."""
    return Vega() if detail == "full" else nullcontext()


def draw(specification: Row, numbers: Row | None = None) -> str:
    """The SVG of a Vega-Lite specification; `numbers` tells how they are written, as d3-format has it."""
    from vl_convert import vegalite_to_svg  # only where it draws

    return vegalite_to_svg(json.dumps(specification), format_locale=numbers)
