"""The Spark engine in this process, local with all cores: seconds of one `grade` after the session has started.

python -m benchmarks.spark FOLDER OUTPUT SCALES: prints the seconds of the first run, and the median of those after it.
"""

import argparse
import statistics
import time
from pathlib import Path

from cytovigil import app
from cytovigil.spark import LOCAL, open_session

RUNS = 4  # the first one starts the workers


def main() -> None:
    """Start the session, then grade again and again."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("scales")
    chosen = parser.parse_args()
    found = []
    with open_session(LOCAL):
        for _ in range(RUNS):
            begun = time.perf_counter()
            app.grade([chosen.folder], chosen.output, chosen.scales, engine="spark", spark_master=LOCAL)
            found.append(time.perf_counter() - begun)
    print(found[0], statistics.median(found[1:]))


if __name__ == "__main__":
    main()
