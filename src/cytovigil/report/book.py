"""The report: an overview with a page for each infusion, in one HTML file that opens nothing else."""

import base64
import gzip
import heapq
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cytovigil.logic.scale import Scale
from cytovigil.logic.text import UNCONFIRMED
from cytovigil.model.events import Course, Patient
from cytovigil.model.results import REPORT, REPORT_PAGES, Graded, show_grade
from cytovigil.model.settings import Settings
from cytovigil.report.language import Language, speaker
from cytovigil.report.page import about, patient_page
from cytovigil.report.panels import panel_tables
from cytovigil.report.picture import GRADES, render_picture
from cytovigil.report.standing import Quality, ScaleStanding, Standing, quality, standing

FULL_UP_TO = 200  # patients; above it a file for each infusion that is for sure worse than grade 2
WORSE_THAN = 2
LISTED = 1_000  # infusions in the overview; the worst


class Book:
    """Collects infusions as they are graded, and writes the report into `folder`."""

    def __init__(
        self, folder: Path, scales: Sequence[Scale], settings: Settings, language: Language, detail: str,
        patients: int, version: str, as_of: int | None = None,
    ) -> None:  # fmt: skip
        """`patients`: how many will come; it decides between one file and many."""
        self._folder, self._scales, self._settings, self._as_of = folder, scales, settings, as_of
        self._say, self._language = speaker(language), language
        self._detail, self._together = detail, patients <= FULL_UP_TO
        self._worst: list[tuple[tuple[float, int, float], int, dict[str, Any]]] = []
        self._pages: list[dict[str, str]] = []
        self._count, self._version = 0, version
        self._lows = {one.id: Counter[int | None]() for one in scales}
        self._highs = {one.id: Counter[int | None]() for one in scales}
        self._quality = Quality(0, 0, 0, {})
        loader = PackageLoader("cytovigil.report")
        self._jinja = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
        self._jinja.globals["_"] = self._say

    def add(self, course: Course, graded: Sequence[Graded]) -> None:
        """One patient with all infusions."""
        infusions = sorted(course.infusions, key=lambda one: (one.infusion_time, one.infusion))
        for index, (patient, found) in enumerate(zip(infusions, graded, strict=True)):
            following = infusions[index + 1].infusion_time if index + 1 < len(infusions) else None
            where = standing(patient, course.events, found, self._settings, self._as_of)
            self._add_counts(found)
            link = self._add_page(where, course, found, following)
            self._list(where, link)

    def write(self, problems: int) -> list[str]:
        """Write report.html; the names of what was written, in the folder."""
        listed = [row for _, _, row in sorted(self._worst, key=lambda one: one[:2], reverse=True)]
        text = self._jinja.get_template("report.html").render(
            lang=self._language, status=UNCONFIRMED, style=_style(), script=_asset("marks.js", "report.js"),
            version=self._version, quality=self._quality_view(problems), counts=self._counts(), patients=listed,
            left_out=self._count - len(listed), pages=self._pages,
        )  # fmt: skip
        (self._folder / REPORT).write_text(text, "utf-8", newline="\n")
        return [REPORT, *([REPORT_PAGES] if (self._folder / REPORT_PAGES).is_dir() else [])]

    def _add_page(self, where: Standing, course: Course, graded: Graded, following: int | None) -> str:
        worst = max((one.peak_low or 0 for one in where.scales), default=0)
        if self._detail != "full" or (not self._together and worst <= WORSE_THAN):
            return ""
        text = self._page(where, course, graded, following)
        name = f"p{self._count:06d}"  # never the patient's: a link ends up in logs
        if self._together:
            packed = base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()
            self._pages.append({"id": name, "packed": packed})
            return f"#{name}"
        (self._folder / REPORT_PAGES).mkdir(exist_ok=True)
        alone = self._jinja.get_template("alone.html").render(
            lang=self._language, status=UNCONFIRMED, style=_style(), script=_asset("marks.js"),
            version=self._version, page=Markup(text),
        )  # fmt: skip
        (self._folder / REPORT_PAGES / f"{name}.html").write_text(alone, "utf-8", newline="\n")
        return f"{REPORT_PAGES}/{name}.html"

    def _page(self, where: Standing, course: Course, graded: Graded, following: int | None) -> str:
        args = where.patient, course.events, graded.timeline, self._settings
        titles = {one.id: self._say(one.title) for one in self._scales}
        page = patient_page(
            where, course.events, graded, self._scales, self._settings, self._say, self._as_of, following
        )
        picture = Markup(render_picture(*args, titles, self._say, as_of=self._as_of))
        tables = panel_tables(*args, titles, self._say, self._as_of)
        back = "#overview" if self._together else f"../{REPORT}"
        template = self._jinja.get_template("patient.html")
        return template.render(page=page, picture=picture, tables=tables, back=back)

    def _list(self, where: Standing, link: str) -> None:
        self._count += 1
        entry = (where.rank, -self._count, self._row(where, link))
        if len(self._worst) < LISTED:
            heapq.heappush(self._worst, entry)
        else:
            heapq.heappushpop(self._worst, entry)

    def _row(self, where: Standing, link: str) -> dict[str, Any]:
        cells = [cell for one in where.scales for cell in _cells(one)]
        worst = max((one.peak_high or 0 for one in where.scales), default=0)
        return {"name": _name(where.patient), "about": about(where.patient, self._say), "link": link, "cells": cells,
                "worst": worst, "unseen": f"{where.unseen_h:.0f} h", "unseen_key": f"{where.unseen_h:.3f}"}  # fmt: skip

    def _add_counts(self, graded: Graded) -> None:
        for name, one in graded.summaries.items():
            self._lows[name][one.low] += 1
            self._highs[name][one.high] += 1
        found, total = quality(graded), self._quality
        to_chart = {
            name: total.to_chart.get(name, 0) + found.to_chart.get(name, 0)
            for name in {**total.to_chart, **found.to_chart}
        }
        graded_h, observed_h = total.graded_h + found.graded_h, total.observed_h + found.observed_h
        self._quality = Quality(graded_h, observed_h, total.known_h + found.known_h, to_chart)

    def _counts(self) -> list[dict[str, Any]]:
        return [
            {"id": one.id, "title": one.title, "version": one.version,
             "cells": [(self._lows[one.id][grade], self._highs[one.id][grade]) for grade in range(6)],
             "unseen": self._lows[one.id][None]}
            for one in self._scales
        ]  # fmt: skip

    def _quality_view(self, problems: int) -> dict[str, Any]:
        found = self._quality
        best = min(found.to_chart.items(), key=lambda item: (-item[1], item[0]), default=("", 0.0))
        return {
            "observed": _share(found.observed_h, found.graded_h),
            "known": _share(found.known_h, found.observed_h),
            "problems": problems,
            "chart_next": best[0].replace("_", " "),
            "chart_hours": f"{best[1]:.0f}",
        }


def _cells(one: ScaleStanding) -> list[dict[str, Any]]:
    now = (one.now.low, one.now.high) if one.now else (None, None)
    pairs = now, (one.peak_low, one.peak_high)
    return [
        {"low": low, "high": high, "text": show_grade(low, high), "key": f"{_n(low)}{_n(high)}"} for low, high in pairs
    ]


def _n(grade: int | None) -> int:
    return 0 if grade is None else grade + 1


def _name(patient: Patient) -> str:
    return patient.patient_id if patient.infusion == 1 else f"{patient.patient_id} / {patient.infusion}"


def _share(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "-"


@cache
def _asset(*names: str) -> Markup:
    folder = resources.files("cytovigil.report").joinpath("templates")
    return Markup("\n".join(folder.joinpath(name).read_text("utf-8") for name in names))


@cache
def _style() -> Markup:
    """The sheet of every page; grades have the colours of the picture."""
    colours = " ".join(f"--g{grade}: {colour};" for grade, colour in enumerate(GRADES))
    return Markup(f":root {{ {colours} }}\n") + _asset("report.css")
