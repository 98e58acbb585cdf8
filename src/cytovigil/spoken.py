"""The command line in the language of who reads it: help, usage and errors. English is what is written in the code."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from cytovigil.model.told import Say
from cytovigil.report.language import Language

LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set, as POSIX has it
NO_SPACE = "the temporary folder failed ({error}): free space there, or set TMPDIR to another place"
NO_MEMORY = "memory is short: close other programs and start again"
INTERNAL = "internal error ({error} in {place}): nothing was written; please report it"
_HEADINGS = re.compile(r"^(Usage|Arguments|Options|Commands)(?=:)", re.MULTILINE)
_IN_HELP = re.compile(r"(?<=\[)(?:required|default)(?=[]:])|Show this message and exit\.")
# Sentences of Typer, which has no other language.
USAGE = (
    "Missing command",
    "Missing argument {name}",
    "Missing option {name}",
    "No such command {name}",
    "No such option: {name} Did you mean {other}?",
    "No such option: {name} (Possible options: {known})",
    "No such option: {name}",
    "Invalid value for {name}: Value error, {why}",
    "Invalid value for {name}: {why}",
    "{name} is not one of {known}",
    "Option {name} requires an argument",
    "Got unexpected extra argument(s) ({known})",
)


class Languages(NamedTuple):
    """The language of the terminal, and that of files: these never follow the locale."""

    terminal: Language
    files: Language


def choose_languages(arguments: Sequence[str], environment: Mapping[str, str]) -> Languages:
    """The language of the last `--lang`; without one the terminal's is that of the locale."""
    words = [word for one in arguments for word in one.split("=", 1)]
    given = [value for option, value in pairwise(words) if option == "--lang" and value in ("en", "nl")]
    locale = next((environment[name] for name in LOCALE if environment.get(name)), "").lower()
    terminal: Language = "nl" if (given[-1] == "nl" if given else locale.startswith("nl")) else "en"
    return Languages(terminal, terminal if given else "en")


def translate_help(command: Any, say: Say) -> None:
    """Help texts of a command and of those below it."""
    if command.help:
        command.help = "\n\n".join(say(" ".join(part.split())) for part in command.help.split("\n\n"))
    for parameter in command.params:
        parameter.help = say(parameter.help) if parameter.help else parameter.help
    english: Callable[[Any], str] = command.get_help
    command.get_help = lambda context: _words(english(context), say)
    for one in getattr(command, "commands", {}).values():
        translate_help(one, say)


def translate_usage(sentence: str, say: Say) -> str:
    """A sentence of Typer about wrong usage; one that is not known here stays English."""
    for template in USAGE:
        if found := _pattern(template).fullmatch(sentence):
            parts = {name: translate_usage(part, say) for name, part in found.groupdict().items()}
            return say(template).format(**parts) if parts else say(template)
    return sentence


def tell_error(error: Exception, say: Say) -> str:
    """The sentence of an error we expect; of any other its kind and place, and nothing about a patient."""
    if show := getattr(error, "format_message", None):
        return f"{translate_usage(str(show()).rstrip('.'), say)}: {say('see cytovigil --help')}"
    from cytovigil.app import KNOWN_ERRORS

    if isinstance(error, KNOWN_ERRORS):
        return error.tell(say)
    if isinstance(error, MemoryError):
        return say(NO_MEMORY)
    kind = type(error).__name__
    if isinstance(error, OSError) or type(error).__module__.split(".")[0] in ("duckdb", "_duckdb"):
        return say(NO_SPACE).format(error=kind)
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name} line {trace.tb_lineno}" if trace else "?"
    return say(INTERNAL).format(error=kind, place=place)


def _words(text: str, say: Say) -> str:
    text = _HEADINGS.sub(lambda found: say(found[0]), text)
    return _IN_HELP.sub(lambda found: say(found[0]), text)


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(template)), re.DOTALL)
