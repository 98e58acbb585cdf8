"""The report in a real browser: no error, no request, nothing that stands in the way of a keyboard or a reader."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright import sync_api

from cytovigil import app

CHROMIUM = shutil.which("chromium")
WAIT_MS = 15_000

if CHROMIUM is None and os.environ.get("CYTOVIGIL_BROWSER") == "required":
    raise RuntimeError("no chromium: install it, 'make chromium' does on Debian")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: 'make chromium' installs it")


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    for language in ("en", "nl"):
        app.demo(folder / language, detail="full", language=language)
    return {language: folder / language / "report.html" for language in ("en", "nl")}


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    with (
        sync_api.sync_playwright() as play,
        play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]) as one,
    ):
        yield one


@pytest.fixture
def page(browser: sync_api.Browser) -> Iterator[sync_api.Page]:
    """A page that fails its test on an error of the console, or on any request but that of the file."""
    faults: list[str] = []
    with browser.new_context(viewport={"width": 1200, "height": 900}) as context:
        one = context.new_page()
        one.set_default_timeout(WAIT_MS)
        one.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
        one.on("pageerror", lambda error: faults.append(str(error)))
        one.on("request", lambda asked: faults.append(asked.url) if not asked.url.startswith("file:") else None)
        yield one
    assert faults == []


def violations(page: sync_api.Page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes']]}" for one in found]


@pytest.mark.parametrize(("language", "title"), [("en", "Overview"), ("nl", "Overzicht")])
def test_overview_and_a_patient(
    page: sync_api.Page, reports: dict[str, Path], tmp_path: Path, language: str, title: str
) -> None:
    begun = time.perf_counter()
    page.goto(reports[language].as_uri())
    page.wait_for_selector("#patients tbody tr")
    overview = time.perf_counter() - begun
    assert page.inner_text("#overview-title") == title
    assert page.get_attribute("html", "lang") == language
    assert violations(page) == []
    page.screenshot(path=str(tmp_path / "overview.png"))
    begun = time.perf_counter()
    page.click("#patients tbody tr:nth-child(3) a")
    page.wait_for_selector("#patient svg")
    print(f"\n{language}: overview {overview:.2f} s, patient {time.perf_counter() - begun:.2f} s")
    assert not page.is_visible("#overview")
    assert violations(page) == []
    page.screenshot(path=str(tmp_path / "patient.png"), full_page=True)
    assert min((tmp_path / name).stat().st_size for name in ("overview.png", "patient.png")) > 10_000


def test_the_keyboard_reaches_the_points_of_the_picture(page: sync_api.Page, reports: dict[str, Path]) -> None:
    page.goto(reports["en"].as_uri())
    page.focus("#patients tbody tr:nth-child(3) a")
    page.keyboard.press("Enter")
    page.wait_for_selector("#patient svg")
    page.focus("#patient .back a")
    page.keyboard.press("Tab")  # all that protocols say: the one thing to open before the picture
    assert page.evaluate("document.activeElement.matches('.box summary')")
    page.keyboard.press("Tab")
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert label
    assert page.inner_text("#tip") == label
    marks = page.locator("#patient svg [role='graphics-symbol']")
    assert marks.count() == page.locator("#patient svg [role='graphics-symbol'][tabindex='0']").count() > 20


def test_find_and_sort(page: sync_api.Page, reports: dict[str, Path]) -> None:
    page.goto(reports["en"].as_uri())
    page.fill("#find", "D13")
    assert page.locator("#patients tbody tr:visible").count() == 1
    page.fill("#find", "")
    page.select_option("#least", "4")
    assert 0 < page.locator("#patients tbody tr:visible").count() < 10
    page.select_option("#least", "0")
    page.click("#patients thead button >> nth=0")
    page.click("#patients thead button >> nth=0")
    assert page.inner_text("#patients tbody tr:first-child th") == "D01"
    assert page.get_attribute("#patients thead th:first-child", "aria-sort") == "ascending"


def test_printed_it_is_the_patient_alone_the_box_first_then_the_picture_on_one_page(
    page: sync_api.Page, reports: dict[str, Path], tmp_path: Path
) -> None:
    page.goto(reports["en"].as_uri())
    page.click("#patients tbody tr:nth-child(3) a")
    page.wait_for_selector("#patient svg")
    page.emulate_media(media="print")
    assert not page.is_visible("#overview")
    assert not page.is_visible("#patient details")
    page.set_viewport_size({"width": 718, "height": 1047})  # A4 without its margins, in CSS pixels
    box = page.evaluate("document.querySelector('.box').getBoundingClientRect().bottom + scrollY")
    assert box < 1047
    assert page.evaluate("document.querySelector('figure').getBoundingClientRect().bottom + scrollY") - box < 1047
    page.pdf(path=str(tmp_path / "patient.pdf"), prefer_css_page_size=True)
    assert (tmp_path / "patient.pdf").read_bytes().startswith(b"%PDF")
