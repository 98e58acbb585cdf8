"""The report: an overview with a page for each infusion, in one HTML file that opens nothing else."""

import base64
import gzip
import heapq
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from cytovigil.engine.record import Record
from cytovigil.engine.risk import NO_PROBABILITY, risk_facts, risk_values
from cytovigil.engine.tally import ScaleShift
from cytovigil.logic.risk import RiskFact
from cytovigil.logic.scale import EpisodicCourse, MomentCourse, Scale
from cytovigil.logic.score import Score
from cytovigil.logic.text import UNCONFIRMED
from cytovigil.model.events import Course, Patient
from cytovigil.model.results import REPORT, REPORT_PAGES, Graded, show_grade
from cytovigil.model.settings import Settings
from cytovigil.model.times import day_of
from cytovigil.report.follow_up import Follow, follow_up_rows
from cytovigil.report.language import Language, speaker
from cytovigil.report.marks import GRADES
from cytovigil.report.page import Values, about, patient_page
from cytovigil.report.panels import assemble_panels, panel_tables
from cytovigil.report.picture import render_picture
from cytovigil.report.risk_scores import score_table
from cytovigil.report.standing import Quality, ScaleStanding, Standing, quality, standing
from cytovigil.report.vega import Vega

if TYPE_CHECKING:
    from jinja2 import Environment

    from cytovigil.report.now import Guide

FULL_UP_TO = 200  # patients; above it a file for each infusion that is for sure worse than grade 2 in CRS or ICANS
WORSE_THAN = 2
HEADLINES = 9  # scales in the overview's table of patients and in the picture; the others are on each patient's page
LISTED = 1_000  # infusions in the overview; the worst


class Book:
    """Collects infusions as they are graded, and writes the report into `folder`."""

    def __init__(
        self, folder: Path, scales: Sequence[Scale], settings: Settings, language: Language, detail: str,
        patients: int, version: str, as_of: int | None = None, headlines: Collection[str] = (),
        scores: Sequence[Score] = (), published: Sequence[RiskFact] = (), follow: Follow | None = None,
        guide: "Guide | None" = None, vega: Vega | None = None,
    ) -> None:  # fmt: skip
        """`patients`: how many will come; it decides between one file and many.

        `headlines`: the scales that stay in the overview's table of patients and in the picture where there are many.
        `scores`: risk scores, shown on each patient's page; of the `published` facts those that concern the patient.
        `follow` gives where long-term follow-up of each infusion stands on a day, `guide` what guidance says of it;
        `vega` draws, where all is shown.
        """
        self._scores, self._published, self._vega = scores, published, vega
        self._follow, self._guide = follow, guide
        chosen = [one for one in scales if one.id in headlines] or list(scales)
        self._headlines = list(scales) if len(scales) <= HEADLINES else chosen[:HEADLINES]
        self._acute = {one.id for one in scales if isinstance(one.course, EpisodicCourse | MomentCourse)}
        self._folder, self._scales, self._settings, self._as_of = folder, scales, settings, as_of
        self._say, self._language = speaker(language), language
        self._detail, self._together = detail, patients <= FULL_UP_TO
        self._worst: list[tuple[tuple[float, int, float], int, dict[str, Any]]] = []
        self._pages: list[dict[str, str]] = []
        self._begun: tuple[str, Callable[[], str]] | None = None
        self._count, self._version = 0, version
        self._lows = {one.id: Counter[int | None]() for one in scales}
        self._highs = {one.id: Counter[int | None]() for one in scales}
        self._quality = Quality(0, 0, 0, {})

    @cached_property
    def _jinja(self) -> "Environment":
        from jinja2 import Environment, PackageLoader, StrictUndefined  # while the first picture is drawn

        loader = PackageLoader("cytovigil.report")
        found = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
        found.globals["_"] = self._say
        return found

    def add(self, course: Course, graded: Sequence[Graded]) -> None:
        """One patient with all infusions."""
        infusions = sorted(course.infusions, key=lambda one: (one.infusion_time, one.infusion))
        for index, (patient, found) in enumerate(zip(infusions, graded, strict=True)):
            following = infusions[index + 1].infusion_time if index + 1 < len(infusions) else None
            record = Record(patient, course.events, self._settings, self._as_of, fine=True, following=following)
            where = standing(record, found, self._acute)
            self._add_counts(found)
            link = self._add_page(where, record, found, course, index)
            self._list(where, link)

    def write(self, problems: int, shifts: Sequence[ScaleShift]) -> list[str]:
        """Write report.html; the names of what was written, in the folder."""
        template = self._jinja.get_template("report.html")  # while the last picture is drawn
        self._finish_page()
        listed = [row for _, _, row in sorted(self._worst, key=lambda one: one[:2], reverse=True)]
        shown = [one.id for one in self._headlines if any(low is not None for low in self._lows[one.id])]
        for row in listed:
            row["cells"] = [cell for name in shown for cell in row["cells"][name]]
        text = template.render(
            lang=self._language, status=UNCONFIRMED, style=_style(), script=_asset("marks.js", "report.js"),
            version=self._version, quality=self._quality_view(problems), counts=self._counts(), patients=listed,
            left_out=self._count - len(listed), pages=self._pages, shifts=shifts,
            columns=self._columns(), some_scales=len(self._headlines) < len(self._scales),
            headlines=[head for name in shown for head in self._heads(name)],
        )  # fmt: skip
        (self._folder / REPORT).write_text(text, "utf-8", newline="\n")
        return [REPORT, *([REPORT_PAGES] if (self._folder / REPORT_PAGES).is_dir() else [])]

    def _followed(self, course: Course, index: int, until: int) -> Values:
        """Follow-up of an infusion on the last day of its record."""
        on = day_of(until, self._settings.zone)
        found = self._follow(course, on, self._settings, self._as_of)[index][1] if self._follow else ()
        return {"day": on.isoformat(), "rows": follow_up_rows(found, on, self._say)}

    def _add_page(self, where: Standing, record: Record, graded: Graded, course: Course, index: int) -> str:
        worst = max((one.peak_low or 0 for one in where.scales if one.scale in self._acute), default=0)
        if self._detail != "full" or (not self._together and worst <= WORSE_THAN):
            return ""
        name = f"p{self._count:06d}"  # never the patient's: a link ends up in logs
        begun = self._begin_page(where, record, graded, course, index)
        self._finish_page()
        self._begun = name, begun
        return f"#{name}" if self._together else f"{REPORT_PAGES}/{name}.html"

    def _begin_page(
        self, where: Standing, record: Record, graded: Graded, course: Course, index: int
    ) -> Callable[[], str]:
        """All of a page but its picture, which is drawn meanwhile."""
        titles = {one.id: self._say(one.title) for one in self._headlines}
        drawn = [row for row in graded.timeline if row.scale in titles]
        drawing = assemble_panels(record, drawn, titles, self._say, graded.episodes)
        assert self._vega is not None
        picture, tables = render_picture(drawing, self._vega), panel_tables(drawing)
        page = patient_page(where, record, graded, self._scales, self._say)
        back = "#overview" if self._together else f"../{REPORT}"
        template = self._jinja.get_template("patient.html")
        scores = score_table(record, self._scores, self._say)
        facts = list(risk_values(risk_facts(record, self._published, where.until), self._say))
        guided = self._guide(course, record) if self._guide else None
        from cytovigil.report.now import now_box  # all this while the picture is drawn

        now = now_box(guided, self._say) if guided else None
        followed = self._followed(course, index, where.until)
        return lambda: template.render(
            page=page, picture=Markup(picture.result()), drawing=drawing, tables=tables, back=back, scores=scores,
            facts=facts, no_probability=NO_PROBABILITY, followed=followed, now=now,
        )  # fmt: skip

    def _finish_page(self) -> None:
        """Put away the page that was begun last, when its picture has come."""
        if self._begun is None:
            return
        name, begun = self._begun
        self._begun, text = None, begun()
        if self._together:
            packed = base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()
            self._pages.append({"id": name, "packed": packed})
            return
        (self._folder / REPORT_PAGES).mkdir(exist_ok=True)
        alone = self._jinja.get_template("alone.html").render(
            lang=self._language, status=UNCONFIRMED, style=_style(), script=_asset("marks.js"),
            version=self._version, page=Markup(text),
        )  # fmt: skip
        (self._folder / REPORT_PAGES / f"{name}.html").write_text(alone, "utf-8", newline="\n")

    def _list(self, where: Standing, link: str) -> None:
        self._count += 1
        entry = (where.rank, -self._count, self._row(where, link))
        if len(self._worst) < LISTED:
            heapq.heappush(self._worst, entry)
        else:
            heapq.heappushpop(self._worst, entry)

    def _row(self, where: Standing, link: str) -> dict[str, Any]:
        cells = {one.scale: _cells(one, one.scale in self._acute) for one in where.scales}
        worst = max((one.peak_high or 0 for one in where.scales if one.scale in self._acute), default=0)
        return {"name": _name(where.patient), "about": about(where.patient, self._say), "link": link, "cells": cells,
                "worst": worst, "unseen": f"{where.unseen_h:.0f} h", "unseen_key": f"{where.unseen_h:.3f}"}  # fmt: skip

    def _add_counts(self, graded: Graded) -> None:
        for name, one in graded.summaries.items():
            self._lows[name][one.low] += 1
            self._highs[name][one.high] += 1
        acute = [row for row in graded.timeline if row.scale in self._acute]
        found, total = quality(acute or graded.timeline), self._quality
        to_chart = {
            name: total.to_chart.get(name, 0) + found.to_chart.get(name, 0)
            for name in {**total.to_chart, **found.to_chart}
        }
        graded_h, observed_h = total.graded_h + found.graded_h, total.observed_h + found.observed_h
        self._quality = Quality(graded_h, observed_h, total.known_h + found.known_h, to_chart)

    def _counts(self) -> list[dict[str, Any]]:
        return [
            {"id": one.id, "title": one.title, "version": one.version,
             "cells": [(self._lows[one.id][grade], self._highs[one.id][grade]) for grade in self._columns()],
             "unseen": self._lows[one.id][None]}
            for one in self._scales
        ]  # fmt: skip

    def _heads(self, scale: str) -> list[tuple[str, str]]:
        """Columns of a scale in the table of patients, as `_cells` fills them."""
        return [*([(scale, "at the end")] if scale in self._acute else []), (scale, "worst")]

    def _columns(self) -> range:
        """Grades 0 to 5, and further where criteria are counted."""
        found = [grade for counts in self._highs.values() for grade in counts if grade is not None]
        return range(max([5, *found]) + 1)

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


def _cells(one: ScaleStanding, acute: bool) -> list[dict[str, Any]]:
    now = (one.now.low, one.now.high) if one.now else (None, None)
    pairs = [*([now] if acute else []), (one.peak_low, one.peak_high)]
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
