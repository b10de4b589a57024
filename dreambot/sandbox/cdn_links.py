"""URLs of the sandbox's CDN. Attachment links are signed and expire, like Discord's."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping

from dreambot.sandbox.clock import Clock
from dreambot.sandbox.models import Attachment

LINK_LIFETIME_S = 24 * 3600


class CdnLinks:
    """Creates and checks links. `base` is the server's own URL, which is known once it listens.

    Args:
        clock: The clock that links expire by.
    """

    def __init__(self, clock: Clock) -> None:
        self.base = ""
        self._clock = clock
        self._secret = secrets.token_bytes(16)

    def attachment(self, attachment: Attachment) -> str:
        """Returns a link to an attachment that works for 24 hours.

        Args:
            attachment: The attachment.
        """
        issued = int(self._clock.now())
        expires = issued + LINK_LIFETIME_S
        path = attachment_path(attachment)
        return f"{self.base}{path}?ex={expires:x}&is={issued:x}&hm={self._sign(path, expires, issued)}&"

    def valid(self, path: str, query: Mapping[str, str]) -> bool:
        """Returns whether a link was signed by this server and has not expired.

        Args:
            path: The path of the link.
            query: The query parameters of the link.
        """
        try:
            expires, issued = int(query["ex"], 16), int(query["is"], 16)
        except (KeyError, ValueError):
            return False
        right = hmac.compare_digest(self._sign(path, expires, issued), query.get("hm", ""))
        return right and self._clock.now() < expires

    def _sign(self, path: str, expires: int, issued: int) -> str:
        return hmac.new(self._secret, f"{path}|{expires}|{issued}".encode(), hashlib.sha256).hexdigest()


def attachment_path(attachment: Attachment) -> str:
    """Returns the URL path of an attachment. As on Discord, ephemeral ones have their own folder.

    Args:
        attachment: The attachment.
    """
    folder = "ephemeral-attachments" if attachment.ephemeral else "attachments"
    return f"/{folder}/{attachment.channel_id}/{attachment.id}/{attachment.filename}"
