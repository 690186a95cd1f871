"""Django's PostgreSQL, with a look at kept connections that costs nothing."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Before each request Django asks the server for a row, to see whether it is still there. But
    an idle connection has nothing to say: where there is something, the server has ended it, and
    only then is it asked."""

    def is_usable(self) -> bool:
        if self.connection is None or self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection, select.POLLIN)
        return not poll.poll(0) or super().is_usable()
