"""Scales as one self-contained HTML page: no script, no network, legible in print and in black and white."""

import re
from collections.abc import Iterable, Sequence
from html import escape

from cytovigil.logic.edges import UNKNOWN, edge_rows
from cytovigil.logic.ladder import SOURCE_READ, Citation, Ladder
from cytovigil.logic.scale import Scale
from cytovigil.logic.score import Score, Unpublished
from cytovigil.logic.score_text import edge_parts, heading, score_parts
from cytovigil.logic.text import (
    EDGES,
    READINGS,
    RUNG_HEADS,
    SETTING_HEADS,
    UNCONFIRMED,
    assumptions,
    cite,
    course_lines,
    grade_rows,
    number,
    rung_rows,
)
from cytovigil.model.settings import Settings
from cytovigil.model.told import Say

FOOT = "For use by trained professionals. Not a certified medical device."
LANGUAGE = "en"  # the code of the language is one of its texts
CSS = """
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fff; --line: #767676; --soft: #efefef; --quiet: #4d4d4d;
  --link: #0b4f8a }
@media (prefers-color-scheme: dark) { :root { --ink: #ededed; --paper: #15181b; --line: #8d8d8d; --soft: #262b30;
  --quiet: #bdbdbd; --link: #8cc4ff } }
* { box-sizing: border-box }
body { margin: 0; padding: 24px; color: var(--ink); background: var(--paper); font: 16px/1.5 system-ui, sans-serif;
  font-variant-numeric: tabular-nums }
header, main, footer { max-width: 1120px; margin: 0 auto }
h1, h2, h3 { line-height: 1.25; margin: 32px 0 8px; font-size: 16px }
h1 { font-size: 24px; margin-top: 0 }
a { color: var(--link) }
p, li { max-width: 80ch }
table { border-collapse: collapse; margin: 8px 0 16px }
caption { text-align: left; color: var(--quiet); padding-bottom: 8px }
th, td { border: 1px solid var(--line); padding: 8px; text-align: left; vertical-align: top }
thead th { background: var(--soft) }
.grade { text-align: center; font-weight: 700; white-space: nowrap }
.g1 { border-left-width: 4px } .g2 { border-left-width: 8px } .g3 { border-left-width: 12px }
.g4, .g5 { border-left-width: 16px }
.hatched { background: repeating-linear-gradient(135deg, transparent 0 6px, var(--soft) 6px 12px); font-style: italic }
.weaker { border: 2px solid var(--ink); padding: 0 4px; font-weight: 700 }
.wide { overflow-x: auto }
.wide:focus { outline: 2px solid var(--link) }
article + article { border-top: 4px solid var(--line); margin-top: 48px; padding-top: 32px }
footer { border-top: 1px solid var(--line); margin-top: 32px; padding-top: 8px; color: var(--quiet) }
@media print { @page { size: A4; margin: 14mm } body { padding: 0; font-size: 10pt } .wide { overflow: visible }
  tr { break-inside: avoid } thead { display: table-header-group } h2, h3 { break-after: avoid }
  article + article { break-before: page; border: 0 } }
"""


def render_html(scales: Sequence[Scale], version: str, settings: Settings | None = None, say: Say = str) -> str:
    """Scales as one HTML page in UTF-8: table, conditions, notes, course, settings, edge tables.

    `version` is the version of the package, for the footer; `say` translates. The same arguments give the same text.
    """
    title = scales[0].title if len(scales) == 1 else "Rulebook"
    rules = "; ".join(f"{one.id} {say('version')} {one.version}" for one in scales)
    links = _items(f'<a href="#{one.id}">{escape(say(one.title))}</a>' for one in scales)
    contents = [f'<header><nav aria-label="{say("Scales")}">{links}</nav></header>'] if len(scales) > 1 else []
    body = [*contents, "<main>", *(_article(one, settings, say) for one in scales)]
    return _page(say(title), body, f"cytovigil {version}; {rules}", say)


def render_score_html(
    score: Score | Unpublished, version: str, settings: Settings | None = None, say: Say = str
) -> str:
    """A score as one HTML page, as `render_html` a scale."""
    name = score.id
    article = [
        "<main>",
        f'<article id="{name}" aria-labelledby="{name}-title">',
        f'<h1 id="{name}-title">{escape(say(score.title))}</h1>',
        f"<p><code>{name}</code>, {escape(heading(score, say))}.</p>",
        _source(score.source, say),
    ]
    for place, part in enumerate((*score_parts(score, settings, say), *edge_parts(score, say))):
        article.append(f"<h2>{escape(part.title)}</h2>")
        article += [_items(map(escape, part.sentences))] if part.sentences else []
        rows = [[_cell(cell, say) for cell in row] for row in part.table[1:]]
        article += [_table(f"{name}-{place}", part.title, part.table[0], rows)] if rows else []
    return _page(say(score.title), [*article, "</article>"], f"cytovigil {version}; {name}, {heading(score, say)}", say)


def _page(title: str, body: Sequence[str], made_by: str, say: Say) -> str:
    lines = [
        f'<!DOCTYPE html>\n<html lang="{say(LANGUAGE)}">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)} - cytovigil</title>\n<style>{CSS}</style>\n</head>\n<body>",
        *body,
        f"</main>\n<footer><p>{say(FOOT)} {say(UNCONFIRMED).capitalize()}. {made_by}.</p></footer>",
        "</body>\n</html>\n",
    ]
    return "\n".join(lines)


def _article(scale: Scale, settings: Settings | None, say: Say) -> str:
    """One scale. Ids start with its id, so that several fit on one page."""
    names = [name for name, _, _ in assumptions(scale, settings)]
    parts = [
        f'<article id="{scale.id}" aria-labelledby="{scale.id}-title">',
        f'<h1 id="{scale.id}-title">{escape(say(scale.title))}</h1>',
        f"<p><code>{scale.id}</code>, {say('version')} {escape(scale.version)}; {say(UNCONFIRMED)}.</p>",
        _source(scale.source, say),
        _grades(scale, say),
        f"<h2>{say('Conditions')}</h2>",
        *(_conditions(scale, ladder, say) for ladder in scale.domains),
        f"<h2>{say('Notes')}</h2>\n{_items(escape(say(note)) for note in scale.notes)}",
        f"<h2>{say('Course')}</h2>\n{_items(_linked(line, scale.id, names) for line in course_lines(scale, say))}",
        _settings(scale, settings, say),
        f"<h2>{say('Edges')}</h2>\n<p>{say(EDGES)}</p>",
        *(_edges(scale, ladder, say) for ladder in scale.domains),
        "</article>",
    ]
    return "\n".join(parts)


def _grades(scale: Scale, say: Say) -> str:
    rows = []
    for grade, cells, whole in grade_rows(scale, say):
        spanning = f'<td colspan="{len(scale.domains)}">{escape(cells[0])}</td>'
        rows.append([_grade(str(grade)), *([spanning] if whole else (_cell(cell, say) for cell in cells))])
    heads = [say("Grade"), *(say(ladder.title) for ladder in scale.domains)]
    return _table(f"{scale.id}-table", say(scale.combine.says), heads, rows)


def _conditions(scale: Scale, ladder: Ladder, say: Say) -> str:
    rows = [
        [
            _grade(grade),
            _cell(words, say),
            _cell(condition, say),
            f"<td>{_status(rung.status, say)}</td>",
            _cell(note, say),
        ]
        for rung, (grade, words, condition, _, note) in zip(ladder.rungs, rung_rows(ladder, say), strict=True)
    ]
    caption = f"{say(ladder.title)}: {say('conditions')}"
    table = _table(f"{scale.id}-{ladder.name}", caption, [say(head) for head in RUNG_HEADS], rows)
    return f"<h3>{escape(say(ladder.title))}</h3>\n{_source(ladder.source, say)}\n{table}"


def _settings(scale: Scale, settings: Settings | None, say: Say) -> str:
    rows = [
        [
            f'<th scope="row" id="{scale.id}-{name}"><code>{name}</code></th>',
            _cell(number(value, say), say),
            _cell(words, say),
        ]
        for name, value, words in assumptions(scale, settings, say)
    ]
    if not rows:
        return ""
    table = _table(f"{scale.id}-settings", say(READINGS), [say(head) for head in SETTING_HEADS], rows)
    return f"<h2>{say('Our readings')}</h2>\n{table}"


def _edges(scale: Scale, ladder: Ladder, say: Say) -> str:
    heads, *rows = edge_rows(ladder, say)
    cells = [[*(_cell(cell, say) for cell in row[:-1]), _grade(row[-1], "td")] for row in rows]
    caption = f"{say(ladder.title)}: {say('edges')}"
    return _table(f"{scale.id}-{ladder.name}-edges", caption, [*heads[:-1], say("Grade")], cells)


def _table(name: str, caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table that scrolls by itself on a narrow screen; cells come as HTML."""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "\n".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    return (
        f'<div class="wide" tabindex="0" role="region" aria-labelledby="{name}">\n<table>\n'
        f'<caption id="{name}">{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table>\n</div>"
    )


def _cell(text: str, say: Say) -> str:
    return f'<td class="hatched">{text}</td>' if text == say(UNKNOWN) else f"<td>{escape(text)}</td>"


def _grade(text: str, tag: str = "th") -> str:
    """A grade: its number, and a left border that grows with it; a range is hatched."""
    kind = "hatched" if ".." in text else f"g{text}"
    scope = ' scope="row"' if tag == "th" else ""
    return f'<{tag}{scope} class="grade {kind}">{text}</{tag}>'


def _status(status: str, say: Say) -> str:
    text = escape(say(status))
    return text if status == SOURCE_READ else f'<strong class="weaker">{text}</strong>'


def _source(source: Citation, say: Say) -> str:
    linked = re.sub(r"doi (10\.[^\s;]+)", r'<a href="https://doi.org/\1">doi \1</a>', escape(cite(source)))
    return f"<p>{say('Source')}: {linked}</p>"


def _linked(text: str, scale_id: str, names: Sequence[str]) -> str:
    """Text in which the name of a setting leads to its value."""
    if not names:
        return escape(text)
    found = re.compile(r"\b(" + "|".join(names) + r")\b")
    return found.sub(rf'<a href="#{scale_id}-\1"><code>\1</code></a>', escape(text))


def _items(items: Iterable[str]) -> str:
    return "<ul>\n" + "\n".join(f"<li>{item}</li>" for item in items) + "\n</ul>"
