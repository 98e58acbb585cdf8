"""Tries every flip of the rulebook on the tests of rules and their specification: `python tests/mutation/planted.py`.

The working tree is never changed: each flip lives in a process of its own. Prints the flips that no test noticed.
"""

import importlib.abc
import importlib.util
import os
import random
import resource
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import hypothesis  # noqa: F401  loaded once, for all forks
import pytest

import cytovigil.engine.reference  # noqa: F401
from cytovigil.logic.edges import edge_table

sys.path.insert(0, str(Path(__file__).parent))
from flips import Flip, flips

PACKAGE = Path("src/cytovigil/rules")
TESTS = ("tests/rules", "tests/docs/test_rulebook.py", "tests/spec")
SECONDS = 120
EDGES = Path("tests/rules/edges")


class Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from other source."""

    def __init__(self, name: str, source: str) -> None:
        self.name, self.source = name, source

    def find_spec(self, name: str, path: object, target: object = None) -> ModuleSpec | None:
        """This module is ours, no other."""
        del path, target
        return importlib.util.spec_from_loader(name, self) if name == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        """Run the flipped source."""
        exec(compile(self.source, self.name, "exec"), module.__dict__)


def survives(name: str, source: str) -> bool:
    """True where the tests pass with this source. Call in a process of its own."""
    for loaded in [one for one in sys.modules if one.startswith("cytovigil.rules")]:
        del sys.modules[loaded]
    sys.meta_path.insert(0, Mutated(name, source))
    options = ("-x", "-q", "--tb=native", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")
    return edges_are_as_signed() and pytest.main([*options, *TESTS]) == 0


def edges_are_as_signed() -> bool:
    """The quickest of the tests, without pytest: what most flips fail."""
    rules = importlib.import_module("cytovigil.rules")
    ladders = {f"{scale.id}.{ladder.name}": ladder for scale in rules.SCALES.values() for ladder in scale.domains}
    signed = {path.stem: path.read_text() for path in EDGES.glob("*.txt")}
    return {name: "\n".join(edge_table(ladder)) + "\n" for name, ladder in ladders.items()} == signed


def all_flips() -> Iterator[tuple[str, Flip]]:
    """Flips of every module but the package's own list of them, with the module's name."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(["cytovigil.rules", *(part for part in parts if part != "__init__")])
        yield from ((name, flip) for flip in flips(path.read_text()))


def run(chosen: list[tuple[str, Flip]]) -> list[tuple[str, Flip]]:
    """The flips that survive."""
    running: dict[int, tuple[str, Flip]] = {}
    found: list[tuple[str, Flip]] = []

    def reap() -> None:
        child, status = os.wait()
        one = running.pop(child)
        if status == 0:
            found.append(one)
            print(f"survived {one[0]}:{one[1].line}  {one[1].was}  ->  {one[1].now}", flush=True)

    for one in chosen:
        while len(running) >= (os.cpu_count() or 1):
            reap()
        child = os.fork()
        if child == 0:
            _in_child(one)
        running[child] = one
    while running:
        reap()
    return found


def _in_child(one: tuple[str, Flip]) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    code = 1
    try:
        code = 0 if survives(one[0], one[1].source) else 1
    finally:
        os._exit(code)


def main() -> int:
    """Try all flips, and count."""
    chosen = list(all_flips())
    sample = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    if sample and sample < len(chosen):
        chosen = random.Random(7).sample(chosen, sample)
    name, source = "cytovigil.rules.fields", (PACKAGE / "fields.py").read_text()
    if not run([(name, Flip(0, "control", "nothing flipped", source))]):
        print("rules: the tests fail with nothing flipped", file=sys.stderr)
        return 2
    left = len(run(chosen))
    print(f"rules: {len(chosen) - left} of {len(chosen)} killed, {100 - 100 * left / len(chosen):.1f} %")
    return 0 if left <= 0.05 * len(chosen) else 1


if __name__ == "__main__":
    raise SystemExit(main())
