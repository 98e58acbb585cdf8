"""What the documents say exists and runs; what the contract asks for is in them."""

import re
from pathlib import Path

import pytest

from cytovigil import Settings, app
from cytovigil.cli import app as command_line
from cytovigil.model.settings import from_site
from cytovigil.rules import SCALES

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "GLOSSARY.md", "INTENDED_USE.md", "LICENSE"]
PAGES = [*(ROOT / name for name in DOCUMENTS if name != "LICENSE"), *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_readme_example_gives_what_it_shows(tmp_path: Path) -> None:
    patients, events, shown = blocks("csv")
    (tmp_path / "patients.csv").write_text(patients, "utf-8")
    (tmp_path / "events.csv").write_text(events, "utf-8")
    inputs = [tmp_path / "patients.csv", tmp_path / "events.csv"]
    report = app.grade(inputs, tmp_path / "graded", form="csv")
    assert report.problems == {}
    written = (tmp_path / "graded" / "timeline.csv").read_text("utf-8").splitlines()
    assert [line for line in shown.splitlines() if line not in written] == []
    found, settings = app.explain(inputs, "P1", "crs-astct-2019", "2026-03-02T10:00+01:00")
    assert "mar/7" in app.explanation_text(found, settings)


EXAMPLES = {
    page.name: found
    for page in PAGES
    if (found := re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL))
}


@pytest.mark.parametrize("page", EXAMPLES)
def test_every_python_example_runs_and_holds(page: str) -> None:
    for example in EXAMPLES[page]:
        exec(compile(example, page, "exec"), {})


def test_the_readme_settings_are_settings() -> None:
    import tomllib

    assert [from_site(tomllib.loads(text)) != Settings() for text in blocks("toml")] == [True]


def test_both_commands_come_before_everything_else() -> None:
    assert README.index("make demo") < README.index("make test") < README.index("## Example")


@pytest.mark.parametrize("target", ["demo", "test", "test-all", "lint", "format", "bench", "mutants"])
def test_make_targets_exist(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def test_every_make_target_that_is_named_exists() -> None:
    named = {name for page in PAGES for name in re.findall(r"`make ([a-z-]+)`", page.read_text("utf-8"))}
    made = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert named
    assert named <= made


def test_every_command_that_is_named_exists() -> None:
    commands = {one.name or one.callback.__name__ for one in command_line.registered_commands if one.callback}
    commands |= {one.name or "" for one in command_line.registered_groups}
    for page in PAGES:
        named = re.findall(r"(?:`|\$ )cytovigil ([a-z]+)", page.read_text("utf-8"))
        assert set(named) <= commands, page.name


def test_every_scale_that_is_named_exists() -> None:
    named = {
        name for page in PAGES for name in re.findall(r"(?:rules show|--scale) ([a-z0-9-]+)", page.read_text("utf-8"))
    }
    assert named
    assert named <= set(SCALES)


def test_every_link_leads_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
            assert target.startswith("http") or (page.parent / target).exists(), f"{page.name}: {target}"


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "decisions").glob("0*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_changelog_has_its_section_and_the_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert "### Grading changes" in text
    assert app.__version__ in text
