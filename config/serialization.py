"""JSON for the shared cache: nothing that can carry code is ever read back from Redis (security.md)."""
from __future__ import annotations

import json
from typing import Any


class JSONSerializer:
    """What Django's Redis cache asks of a serializer. Whole numbers stay bare, so that INCR works on them."""

    def dumps(self, value: Any) -> bytes | int:
        """A cache value as bytes."""
        if type(value) is int:
            return value
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def loads(self, data: bytes) -> Any:
        """The value of such bytes."""
        return json.loads(data)
