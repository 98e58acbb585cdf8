"""The merged protocol of a site as lines of text, each difference from the published one marked."""

from collections.abc import Iterator, Sequence

from cytovigil.guidance.site import Change, SiteProtocol
from cytovigil.logic.guidance import Protocol, Recommendation
from cytovigil.logic.guidance_text import about, interval, recommends
from cytovigil.logic.text import cite, in_words
from cytovigil.model.told import Say

CHANGED, ADDED, LEFT_OUT, SAME = "~", "+", "-", " "
LEGEND = "~ changed by the site, + added by its choice, - left out; all else as published"
SETTINGS = {"mg": "mg", "mg_per_kg": "mg/kg", "every_h": "hours between doses", "days": "days"}


def site_lines(site: SiteProtocol, say: Say = str) -> list[str]:
    """Title, source, choices, then every recommendation of the base and every one added, one mark a line."""
    lines = [_title(site.protocol, say), _laid_over(site, say), say(LEGEND)]
    for name, option in site.choices.items():
        lines.append(f"{name} = {option.name}: {say(option.says)} [{say(option.status)}] ({cite(option.source)})")
    merged = {one.id: one for one in site.protocol.recommendations}
    added = [merged[change.recommendation] for change in site.changes if change.kind == "added"]
    for one in site.base.recommendations:
        mine = [change for change in site.changes if change.recommendation == one.id and change.kind != "added"]
        gone = any(change.kind in ("left out", "replaced") for change in mine)
        lines += _recommendation(LEFT_OUT, one, say) if gone else _kept(merged[one.id], one, mine, say)
    return lines + [line for one in added for line in _recommendation(ADDED, one, say)]


def protocol_lines(protocol: Protocol, say: Say = str) -> list[str]:
    """A protocol without marks: what is known of it, then its recommendations."""
    lines = [_title(protocol, say), *about(protocol, say)]
    return lines + [line for one in protocol.recommendations for line in _recommendation(SAME, one, say)]


def remarks_of(site: SiteProtocol, say: Say = str) -> dict[tuple[str, str], list[str]]:
    """Each difference in a line, by the ids of the merged protocol and of the recommendation it is about.

    What it is laid over has an empty id.
    """
    published = {one.id: one for one in site.base.recommendations}
    found = {(site.protocol.id, ""): [_laid_over(site, say), say(LEGEND)]}
    for change in site.changes:
        lines = found.setdefault((site.protocol.id, change.recommendation), [])
        if change.kind in ("number", "always"):
            lines.append(f"{CHANGED} {_differs(change, published[change.recommendation], say)}")
        elif change.kind == "added":
            lines.append(f"{ADDED} {say('added by a choice of the site')}")
    return found


def _title(protocol: Protocol, say: Say) -> str:
    return f"{say(protocol.title)}  ({protocol.id}, {say('version')} {protocol.version})"


def _laid_over(site: SiteProtocol, say: Say) -> str:
    sentence = say("laid over {title} ({name}); {source}")
    return sentence.format(title=say(site.base.title), name=site.base.id, source=cite(site.base.source))


def _kept(one: Recommendation, published: Recommendation, changes: Sequence[Change], say: Say) -> Iterator[str]:
    yield from _recommendation(CHANGED if changes else SAME, one, say)
    yield from (f"{CHANGED}     {_differs(change, published, say)}" for change in changes)


def _differs(change: Change, published: Recommendation, say: Say) -> str:
    """How a recommendation that stays differs from the published one."""
    if change.kind == "always":
        return say("in the source: {was}").format(was=say(published.strength))
    was, now = interval(change.was, say), interval(change.now, say)
    return say("{name}: {now}; in the source {was}").format(name=say(SETTINGS[change.name]), now=now, was=was)


def _recommendation(mark: str, one: Recommendation, say: Say) -> Iterator[str]:
    yield f"{mark} {one.id}  {recommends(one, say)}  [{say(one.status)}]"
    yield f"{mark}     {say('when {condition}').format(condition=in_words(one.when, say))}"
    if one.where:
        yield f"{mark}     {one.where}"
