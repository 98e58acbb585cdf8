"""One part of a run: read, graded and written by itself, in another process or on another machine."""

import pickle
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from cytovigil.engine.columnar.block import Known
from cytovigil.engine.columnar.charted import Charted
from cytovigil.engine.columnar.grade import grade_block
from cytovigil.engine.tally import Tally
from cytovigil.readers.parts import Charts, Part, PartReader
from cytovigil.readers.problem_log import ProblemLog
from cytovigil.rules import SCALES
from cytovigil.writers.tables import Form, Pieces, open_pieces


class Job(NamedTuple):
    """What all parts of a run share. `folder`, where their tables are written, is there and is the same everywhere."""

    charts: Charts
    scales: tuple[str, ...]
    as_of: int | None
    form: Form
    folder: Path


class Done(NamedTuple):
    """What a part gave: its tables lie in `folder`, and have `rows` rows."""

    folder: Path
    patients: int
    infusions: int
    rows: Mapping[str, int]
    tally: Tally
    problems: ProblemLog
    not_done: Mapping[int, int]


def grade_part(job: bytes, part: Part) -> Done:
    """Grade a part of a pickled `Job`. What is known of its rules and rows is kept for the next part of the same job.

    Raises InputError where the events cannot be read, OSError where the tables cannot be written.
    """
    return _grader(job).grade(part)


@lru_cache(maxsize=1)
def _grader(job: bytes) -> "_Grader":
    return _Grader(pickle.loads(job))


class _Grader:
    def __init__(self, job: Job) -> None:
        self._job = job
        self._reader = PartReader(job.charts)
        self._known = Known()
        self._scales = [SCALES[one] for one in job.scales]

    def grade(self, part: Part) -> Done:
        job = self._job
        folder = Path(mkdtemp(prefix=f"{part.number}-", dir=job.folder))  # another attempt has one of its own
        with open_pieces(folder, job.form, job.scales, job.charts.settings.zone) as pieces:
            return self._grade(part, folder, pieces)

    def _grade(self, part: Part, folder: Path, pieces: Pieces) -> Done:
        patients = infusions = 0
        tally, problems, not_done = Tally(self._scales), ProblemLog(), dict[int, int]()
        for columns in self._reader.columns(part, problems, not_done):
            charted = Charted(*columns)
            block = grade_block(charted, self._scales, self._job.charts.settings, self._known, self._job.as_of)
            pieces.append_columns(block.tables)
            for graded in block.graded(charted.infusions, self._scales, rows=False):
                patients, infusions = patients + 1, infusions + len(graded)
                tally.add(graded)
                for note in graded[0].notes:
                    problems.add(note)
            del columns, charted, block  # not kept while the next are read
        return Done(folder, patients, infusions, pieces.counts, tally, problems, not_done)
