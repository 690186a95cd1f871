"""`python -m newsdesk`: the whole desk in one terminal."""

from __future__ import annotations

import sys

from newsdesk.supervisor import main

if __name__ == "__main__":
    sys.exit(main())
