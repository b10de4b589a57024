"""URLs of the sandbox's CDN. Attachment links are signed and expire, as Discord's do."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping

from dreambot.sandbox.clock import Clock
from dreambot.sandbox.models import Attachment

LINK_LIFETIME_S = 24 * 3600


class CdnLinks:
    """Makes and checks links. `base` is the server's own address, known once it listens."""

    def __init__(self, clock: Clock) -> None:
        self.base = ""
        self._clock = clock
        self._secret = secrets.token_bytes(16)

    def attachment(self, attachment: Attachment) -> str:
        """A link to an attachment that works for 24 hours."""
        issued = int(self._clock.now())
        expires = issued + LINK_LIFETIME_S
        path = attachment_path(attachment)
        return f"{self.base}{path}?ex={expires:x}&is={issued:x}&hm={self._sign(path, expires, issued)}&"

    def valid(self, path: str, query: Mapping[str, str]) -> bool:
        """Whether `path` with this query was made here and has not expired."""
        try:
            expires, issued = int(query["ex"], 16), int(query["is"], 16)
        except (KeyError, ValueError):
            return False
        right = hmac.compare_digest(self._sign(path, expires, issued), query.get("hm", ""))
        return right and self._clock.now() < expires

    def _sign(self, path: str, expires: int, issued: int) -> str:
        return hmac.new(self._secret, f"{path}|{expires}|{issued}".encode(), hashlib.sha256).hexdigest()


def attachment_path(attachment: Attachment) -> str:
    """Where an attachment lies. What only one person sees lies apart, as with Discord."""
    folder = "ephemeral-attachments" if attachment.ephemeral else "attachments"
    return f"/{folder}/{attachment.channel_id}/{attachment.id}/{attachment.filename}"
