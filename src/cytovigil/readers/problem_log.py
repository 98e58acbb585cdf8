"""The problems of one run, bounded: at most 1,000 rows of a kind are kept, then a count."""

from collections import Counter

from cytovigil.model.problems import Problem

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
        """Note one problem; its value is shortened to one line."""
        value = " ".join(problem.value[:_SHOWN].replace("\0", " ").split())
        rows = self._kept.setdefault(problem.code, [])
        rows.append(problem._replace(value=value))
        self.counts[problem.code] += 1
        if len(rows) >= 2 * KEPT:
            rows.sort(key=_order)
            del rows[KEPT:]

    def rows(self) -> list[Problem]:
        """All kept problems by file, row, field and code; then a row with a count for each kind that has more."""
        kept = [problem for rows in self._kept.values() for problem in sorted(rows, key=_order)[:KEPT]]
        kept.sort(key=_order)
        for code, count in sorted(self.counts.items()):
            if count > KEPT:
                kept.append(Problem("", "", "", "", "", code, f"{count - KEPT} more of this kind are not listed", ""))
        return kept


def _order(problem: Problem) -> tuple[str, int, str, str, Problem]:
    row = int(problem.row) if problem.row.isdecimal() else -1
    return problem.file, row, problem.field, problem.code, problem
