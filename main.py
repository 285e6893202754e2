"""`python main.py` opens the app."""

import sys

from vidcache_gui.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
