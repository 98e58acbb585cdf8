"""`make mutants`: faults planted in rules and engine, and the share that the tests notice; below 95 % it fails.

`run.py --sample 300` tries so many of each, drawn with a fixed seed. All of the engine takes hours.
"""

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ONE = "cytovigil.engine.segments.x_segments__mutmut_1"


def main() -> int:
    """Rules by our flips; the engine's functions by mutmut's mutants, tried by our loop, which is quicker."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=0, help="how many of each; 0: all")
    sample = str(parser.parse_args().sample)
    rules = subprocess.run([sys.executable, HERE / "planted.py", sample], check=False).returncode
    # mutmut writes all mutants and which test reaches which function; it needs one mutant to try.
    subprocess.run([Path(sys.executable).parent / "mutmut", "run", ONE], check=True, stdout=subprocess.DEVNULL)
    script = (HERE / "forked.py").resolve()
    engine = subprocess.run([sys.executable, script, "--sample", sample], cwd="mutants", check=False).returncode
    return int(bool(rules or engine))


if __name__ == "__main__":
    raise SystemExit(main())
