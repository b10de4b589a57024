"""The sandbox's exceptions: errors of the API, and actions that Discord's client rejects."""

from typing import Any


class SandboxError(Exception):
    """Base class of the sandbox's exceptions."""


class CannotListen(SandboxError):
    """The server cannot listen on its address.

    Args:
        host: The address.
        port: The port, for example one that another program uses.
    """

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"Port {port} of {host} is taken or not allowed.")
        self.host = host
        self.port = port


class ApiError(SandboxError):
    """A request that the API refuses.

    Args:
        status: The HTTP status.
        code: Discord's JSON error code; 0 for errors without one.
        message: Discord's message for the code.
        errors: Errors by field, for code 50035.
    """

    def __init__(self, status: int, code: int, message: str, errors: dict[str, Any] | None = None) -> None:
        super().__init__(f"{status} {message} ({code})")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def json(self) -> dict[str, Any]:
        """Returns the body of the response."""
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        return body if self.errors is None else {**body, "errors": self.errors}


class RejectedByClient(SandboxError):
    """An action that Discord's own client would not allow. The text says why, and what would work."""


_KNOWN_ERRORS: dict[int, tuple[int, str]] = {
    10002: (404, "Unknown Application"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10014: (400, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10060: (404, "Unknown sticker"),
    10063: (404, "Unknown application command"),
    30010: (400, "Maximum number of reactions reached (20)"),
    30032: (400, "Maximum number of application commands reached (100)."),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    40094: (400, "This interaction has reached the maximum number of follow-up messages"),
    50001: (403, "Missing Access"),
    50003: (403, "Cannot execute action on a DM channel"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50027: (401, "Invalid Webhook Token"),
    50034: (400, "A message provided was too old to bulk delete"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    160002: (400, "Cannot reply without permission to read message history"),
    160005: (400, "Thread is locked"),
    200000: (400, "Message was blocked by automatic moderation"),
    200001: (400, "Title was blocked by automatic moderation"),
    240000: (400, "Message blocked by harmful links filter"),
}


def api_error(code: int) -> ApiError:
    """Returns the error for one of Discord's JSON error codes.

    Args:
        code: The code; one without a known text becomes a 400.
    """
    status, message = _KNOWN_ERRORS.get(code, (400, "Refused"))
    return ApiError(status, code, message)


def plain_api_error(status: int, reason: str) -> ApiError:
    """Returns an error without a JSON code of its own, such as `401: Unauthorized`.

    Args:
        status: The HTTP status.
        reason: The reason phrase.
    """
    return ApiError(status, 0, f"{status}: {reason}")
