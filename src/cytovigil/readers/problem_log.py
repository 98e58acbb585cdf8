"""The problems of one run, bounded: at most 1,000 rows of a kind are kept, then a count."""

from collections import Counter

from cytovigil.model.problems import Problem
from cytovigil.readers.fields import is_formula

KEPT = 1_000
_SHOWN = 80


class ProblemLog:
    """Collects problems. Which rows are kept, and their order, do not depend on the order of arrival."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._kept: dict[str, list[Problem]] = {}

    def __len__(self) -> int:
        return sum(self.counts.values())

    def add(self, problem: Problem) -> None:
        """Note one problem; its field and value are shortened to one line."""
        rows = self._kept.setdefault(problem.code, [])
        rows.append(problem._replace(field=_shown(problem.field), value=_shown(problem.value)))
        self.counts[problem.code] += 1
        self._prune(rows)

    def merge(self, other: "ProblemLog") -> None:
        """Note all problems of another log."""
        for code, rows in other._kept.items():
            self._kept.setdefault(code, []).extend(rows)
            self._prune(self._kept[code])
        self.counts.update(other.counts)

    def _prune(self, rows: list[Problem]) -> None:
        if len(rows) >= 2 * KEPT:
            rows.sort(key=_order)
            del rows[KEPT:]

    def rows(self) -> list[Problem]:
        """All kept problems by file, row, field and code; then a row with a count for each kind that has more."""
        kept = [problem for rows in self._kept.values() for problem in sorted(rows, key=_order)[:KEPT]]
        kept.sort(key=_order)
        for code, count in sorted(self.counts.items()):
            if count > KEPT:
                kept.append(Problem("", "", "", "", "", code, f"{count - KEPT} more of this kind are not listed", "no"))
        return kept


def _shown(text: str) -> str:
    line = " ".join(text[:_SHOWN].replace("\0", " ").split())
    return f"'{line}" if is_formula(line) else line  # people open problems.csv in a spreadsheet, which would run it


def _order(problem: Problem) -> tuple[str, int, str, str, Problem]:
    row = int(problem.row) if problem.row.isdecimal() else -1
    return problem.file, row, problem.field, problem.code, problem
