"""How often files may be sent: counted per school, or per person where no school is named; the rate is RATES["upload"]."""
from __future__ import annotations

from rest_framework.throttling import BaseThrottle

from accounts.actor import Actor
from accounts.throttle import wait_for
from schools import access


def upload_key(county: str, school: str, actor: Actor) -> str:
    """Whose uploads are counted together, by page and API alike."""
    return f"{county}/{school}" if school else f"user/{actor.user_id}"


class UploadThrottle(BaseThrottle):
    """The API's side of the same count."""

    def allow_request(self, request, view) -> bool:
        given = request.data
        who = upload_key(str(given.get("county", "")), str(given.get("school", "")), access.actor_of(request))
        self.seconds = wait_for("upload", who)
        return not self.seconds

    def wait(self) -> int:
        return self.seconds
