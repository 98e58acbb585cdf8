"""The command `cytovigil`, and `python -m cytovigil`: a process that is wholly ours."""

import sys
from typing import NoReturn

from cytovigil.cli import main
from cytovigil.lean import without_pandas, without_tidying


def run() -> NoReturn:
    """Run the command line of this process."""
    without_tidying()
    if not any("spark" in one for one in sys.argv):
        without_pandas()
    main()


if __name__ == "__main__":
    run()
