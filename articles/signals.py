"""What `articles` tells those it does not know, inside its own transaction."""

from __future__ import annotations

from django.dispatch import Signal

# Arguments: revision, previous (the revision before it, or None).
revision_created = Signal()

# Argument: changes, the rows that this transaction adds to the log. Sent once, at its very end.
changes_recorded = Signal()
