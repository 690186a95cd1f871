"""The identifiers in the names that others call our things by. Pure."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def uuid_in(name: Any) -> UUID | None:
    """The last UUID in a name or address, which is that of the thing itself; None where there is
    none."""
    found = _UUID.findall(name) if isinstance(name, str) else None
    return UUID(found[-1]) if found else None
