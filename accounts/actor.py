"""Who acts: carried by every verb, written into every audit row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """A user acting under one membership, the operator of the machine, or the system itself.

    `scope` is the text form of the membership's scope ("999901", "999901/城关镇", "9999010001", "32", "portal").
    `kind` is "user", "operator" (management command without --as) or "system" (a job).
    """

    user_id: int | None = None
    username: str = ""
    display_name: str = ""
    role: str = ""
    scope: str = ""
    membership_id: int | None = None
    kind: str = "user"
    address: str = ""
    session: str = ""
    request_id: str = ""

    @classmethod
    def operator(cls) -> Actor:
        """Whoever runs a command on the machine itself; logged as such."""
        return cls(username="operator", display_name="系统操作员", role="operator", scope="portal", kind="operator")

    @classmethod
    def system(cls, name: str = "system") -> Actor:
        """A job acting on its own."""
        return cls(username=name, display_name="系统", role="system", scope="portal", kind="system")
