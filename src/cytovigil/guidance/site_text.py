"""The merged protocol of a site as lines of text, each difference from the published one marked."""

from collections.abc import Iterator, Sequence

from cytovigil.guidance.site import Change, SiteProtocol
from cytovigil.logic.guidance import Recommendation
from cytovigil.logic.guidance_text import interval, recommends
from cytovigil.logic.text import cite, in_words
from cytovigil.model.told import Say

CHANGED, ADDED, LEFT_OUT, SAME = "~", "+", "-", " "
LEGEND = "~ changed by the site, + added by its choice, - left out; all else as published"
SETTINGS = {"mg": "mg", "mg_per_kg": "mg/kg", "every_h": "hours between doses", "days": "days"}


def site_lines(site: SiteProtocol, say: Say = str) -> list[str]:
    """Title, source, choices, then every recommendation of the base and every one added, one mark a line."""
    lines = [
        f"{say(site.protocol.title)}  ({site.protocol.id}, {say('version')} {site.protocol.version})",
        say("laid over {title} ({name}); {source}").format(
            title=say(site.base.title), name=site.base.id, source=cite(site.base.source)
        ),
        say(LEGEND),
    ]
    for name, option in site.choices.items():
        lines.append(f"{name} = {option.name}: {say(option.says)} [{say(option.status)}] ({cite(option.source)})")
    merged = {one.id: one for one in site.protocol.recommendations}
    added = [merged[change.recommendation] for change in site.changes if change.kind == "added"]
    for one in site.base.recommendations:
        mine = [change for change in site.changes if change.recommendation == one.id and change.kind != "added"]
        gone = any(change.kind in ("left out", "replaced") for change in mine)
        lines += _recommendation(LEFT_OUT, one, say) if gone else _kept(merged[one.id], mine, say)
    return lines + [line for one in added for line in _recommendation(ADDED, one, say)]


def _kept(one: Recommendation, changes: Sequence[Change], say: Say) -> Iterator[str]:
    yield from _recommendation(CHANGED if changes else SAME, one, say)
    for change in changes:
        if change.kind == "number":
            template = say("{name}: {now}; in the source {was}")
            was, now = interval(change.was, say), interval(change.now, say)
            yield f"{CHANGED}     {template.format(name=say(SETTINGS[change.name]), now=now, was=was)}"


def _recommendation(mark: str, one: Recommendation, say: Say) -> Iterator[str]:
    yield f"{mark} {one.id}  {recommends(one, say)}  [{say(one.status)}]"
    yield f"{mark}     {say('when {condition}').format(condition=in_words(one.when, say))}"
    if one.where:
        yield f"{mark}     {one.where}"
