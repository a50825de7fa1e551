"""`python -m eventsim`: the command line."""

import sys

from eventsim.cli.entry import main

if __name__ == "__main__":
    sys.exit(main())
