"""Runs pytest against many mutants from one process: collects the tests once, then forks for each mutant.

Inside `mutants/`, which mutmut has written: `python ../tests/mutation/forked.py [--sample 300] [--only engine.rows]`.
Each mutant is tried on the tests that reach its function, quickest first, until one fails. Results go to
`forked.json`: killed, survived or timeout.
"""

import argparse
import gc
import json
import os
import random
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FunctionType

import mutmut.mutation.trampoline
import pytest

WORKERS = os.cpu_count() or 1
TESTS = ("tests/spec", "tests/golden", "tests/engines")
MOST_MEMORY = 4 * 2**30  # bytes of address space; a mutant that never ends may fill the machine
CONTROL = "control"  # no mutant: must pass all tests
KILLED, SURVIVED, TIMEOUT = "killed", "survived", "timeout"

mutated: list[tuple[FunctionType, dict[str, FunctionType]]] = []  # each function of the engine, its mutants by name


def no_trampoline(mutants: dict[str, FunctionType], is_classmethod: bool = False) -> Callable[[FunctionType], object]:
    """Stands in for mutmut's decorator, which asks at each call which mutant runs: here a function stays itself."""

    def decorate(function: FunctionType) -> FunctionType:
        mutated.append((function, mutants))
        return function

    assert not is_classmethod, "a class method cannot be mutated this way"
    return decorate


def plant(mutant: str) -> None:
    """Give a function the code of its mutant, wherever the function has been imported to."""
    module, _, name = mutant.rpartition(".")
    function, code = next((one, them[name]) for one, them in mutated if one.__module__ == module and name in them)
    function.__code__ = code.__code__
    function.__defaults__, function.__kwdefaults__ = code.__defaults__, code.__kwdefaults__


def mutants() -> list[str]:
    """Names of the mutants that mutmut wrote."""
    metas = sorted(Path("src").rglob("*.meta"))
    return [name for meta in metas for name in json.loads(meta.read_text())["exit_code_by_key"]]


def function_of(mutant: str) -> str:
    """`package.module.x_name__mutmut_3` without its number."""
    return mutant.rpartition("__mutmut_")[0]


class Forked:
    """A pytest plugin: its test loop tries mutants instead of running the tests."""

    def __init__(self, names: list[str]) -> None:
        self.names, self.results = names, dict[str, str]()
        stats = json.loads(Path("mutmut-stats.json").read_text())
        self.reach, self.seconds = stats["tests_by_mangled_function_name"], stats["duration_by_test"]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Fork for each mutant, no more than WORKERS at a time."""
        items = sorted(session.items, key=lambda item: self.seconds.get(item.nodeid, 0.0))
        running: dict[int, str] = {}
        gc.freeze()  # what is loaded is shared with every fork
        for name in self.names:
            while len(running) >= WORKERS:
                self._reap(running)
            tests = set(self.reach.get(function_of(name), ()))
            child = os.fork()
            if child == 0:
                self._try(name, [one for one in items if name == CONTROL or one.nodeid in tests or self._new(one)])
            running[child] = name
        while running:
            self._reap(running)
        return True

    def _new(self, item: pytest.Item) -> bool:
        """True for a test written after mutmut looked which function it reaches."""
        return item.nodeid not in self.seconds

    def _reap(self, running: dict[int, str]) -> None:
        child, status = os.wait()
        name = running.pop(child)
        code = os.waitstatus_to_exitcode(status)
        self.results[name] = {0: SURVIVED, 1: KILLED}.get(code, TIMEOUT if code < 0 else KILLED)
        Path("forked.json").write_text(json.dumps(self.results, indent=1))

    def _try(self, name: str, items: list[pytest.Item]) -> None:
        limit = int(10 + 4 * sum(self.seconds.get(item.nodeid, 0.1) for item in items))
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        failed = False
        try:
            if name != CONTROL:
                plant(name)
            for item, following in zip(items, [*items[1:], None], strict=True):
                signal.setitimer(signal.ITIMER_PROF, 5 + 10 * self.seconds.get(item.nodeid, 0.1))  # ends the process
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                failed = item.session.testsfailed > 0
                if failed:
                    break
        except BaseException:
            failed = True
        os._exit(int(failed))


def main() -> int:
    """Try all mutants, or a sample, and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=0, help="how many, drawn with a fixed seed; 0: all")
    parser.add_argument("--only", nargs="*", default=[""], help="modules or functions, by a part of their name")
    chosen = parser.parse_args()
    names = [name for name in mutants() if any(part in name for part in chosen.only)]
    if chosen.sample and chosen.sample < len(names):
        names = random.Random(7).sample(names, chosen.sample)
    sys.path.insert(0, str(Path("src").resolve()))
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    mutmut.mutation.trampoline.wrap_in_trampoline = no_trampoline
    plugin = Forked([CONTROL, *names])
    options = ("--rootdir=.", "-p", "no:cacheprovider", "-p", "no:terminal", "-o", "addopts=")
    pytest.main([*options, *TESTS], plugins=[plugin])
    if plugin.results.pop(CONTROL, KILLED) != SURVIVED:
        print("engine: the tests fail with no mutant", file=sys.stderr)
        return 2
    left = [name for name, result in plugin.results.items() if result == SURVIVED]
    print(*(f"survived {name}" for name in left), sep="\n")
    print(f"engine: {len(names) - len(left)} of {len(names)} killed, {100 - 100 * len(left) / len(names):.1f} %")
    return 0 if len(left) <= 0.05 * len(names) else 1


if __name__ == "__main__":
    raise SystemExit(main())
