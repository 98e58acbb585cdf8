"""All items as one page: what is asked, when, of whom, what makes it done, and by which source."""

from collections.abc import Iterator, Sequence

from cytovigil.followup.items import GROUPS, VERDICTS, Decide, Drive, How, Item, Repeat, Until
from cytovigil.logic.text import cite, in_words, markdown_table
from cytovigil.model.told import Say

HEADS = ("Id", "What", "When", "Of whom", "What makes it done", "Source", "Evidence", "Note")
SIDES = ("Source", "What it says, in our words", "How it is decided", "Evidence", "Note")


def followup_markdown(items: Sequence[Item], say: Say = str) -> str:
    """The page in Markdown: a table a group, and below it the sources of each decision side by side."""
    lines = [f"# {say('Long-term follow-up')}", "", say(_ABOUT)]
    for group, title in GROUPS.items():
        mine = [one for one in items if one.group == group]
        lines += ["", f"## {say(title)[0].upper()}{say(title)[1:]}", ""]
        lines += markdown_table([say(head) for head in HEADS], [_row(one, say) for one in mine])
        for one in mine:
            if rows := list(_sides(one.how, say)):
                lines += ["", f"### {say(one.what)} (`{one.id}`)", ""]
                lines += markdown_table([say(head) for head in SIDES], rows)
    return "\n".join(lines) + "\n"


_ABOUT = (
    "Every item that `cytovigil followup` looks at, made from the items themselves. Where sources disagree they stand "
    "side by side, and the item is due where one of them asks for it. Due days after which it is overdue, and what is "
    "marked as our reading, await review."
)


def _row(item: Item, say: Say) -> list[str]:
    question = f"{say('Open question')}: {say(item.open_question)}" if item.open_question else ""
    notes = "; ".join(filter(None, [say(item.note) if item.note else "", question]))
    whom = in_words(item.to, say) if item.to is not None else say("everybody")
    cells = [f"`{item.id}`", say(item.what), say(item.when), whom, done_by(item.how, say)]
    return [*cells, cite(item.source), say(item.status), notes]


def done_by(how: How, say: Say = str) -> str:
    """What makes an item done, or ends it."""
    match how:
        case Repeat():
            rows = f" {say('or')} ".join(how.rows) if how.any_of else ", ".join(how.rows)
            stop = "" if how.stop is None else "; " + say("until: {what}").format(what=in_words(how.stop, say))
            return rows + stop
        case Decide() if how.doses:
            return say("{count} doses of {rows}").format(count=how.doses, rows=", ".join(how.rows))
        case Decide() if how.rows:
            return ", ".join(how.rows)
        case Until():
            return say("the last of the days below")
        case Drive():
            return say("the day of the record")
    return say("nothing that is charted")


def _sides(how: How, say: Say) -> Iterator[list[str]]:
    """A row a source."""
    if isinstance(how, Until):
        for bound in how.bounds:
            nation = say("only in {nation}").format(nation=bound.nation) if bound.nation else ""
            yield [cite(bound.source), say(bound.says), nation, say(bound.status), ""]
    if isinstance(how, Decide):
        for one in how.opinions:
            decided = [f"{say(VERDICTS[verdict])}: {in_words(when, say)}" for verdict, when in one.verdicts]
            decided.append(f"{say('else')}: {say(VERDICTS[one.otherwise])}")
            yield [
                cite(one.source),
                say(one.says),
                "; ".join(decided),
                say(one.status),
                say(one.note) if one.note else "",
            ]
