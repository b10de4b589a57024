"""Reads fields of a request body and collects errors by field, in the format of Discord's error 50035."""

from typing import Any

from dreambot.sandbox.errors import ApiError

FieldPath = tuple[str | int, ...]


class FormValidator:
    """Reads fields and collects their errors.

    The readers return None for a field that is absent, null or invalid. Their parameter `at` is the path of
    `body` in the request's body, for error messages.
    """

    def __init__(self) -> None:
        self._errors: dict[str, Any] = {}

    def add_error(self, path: FieldPath, code: str, message: str) -> None:
        """Records an error of a field.

        Args:
            path: The path of the field.
            code: Discord's code for the error.
            message: Discord's message for the error.
        """
        node = self._errors
        for key in path:
            node = node.setdefault(str(key), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def raise_errors(self) -> None:
        """Raises the collected errors, if there are any.

        Raises:
            ApiError: 50035, at least one field is invalid.
        """
        if self._errors:
            raise ApiError(400, 50035, "Invalid Form Body", self._errors)

    def require(self, body: dict[str, Any], key: str, at: FieldPath = ()) -> bool:
        """Returns whether a field is present, and records an error if it is not.

        Args:
            body: The object.
            key: The field.
            at: The path of the object.
        """
        if body.get(key) is None:
            self.add_error((*at, key), "BASE_TYPE_REQUIRED", "This field is required")
            return False
        return True

    def string(
        self,
        body: dict[str, Any],
        key: str,
        at: FieldPath = (),
        *,
        min_length: int = 0,
        max_length: int,
        required: bool = False,
    ) -> str | None:
        """Returns a string.

        Args:
            body: The object.
            key: The field.
            at: The path of the object.
            min_length: The minimum length in characters.
            max_length: The maximum length in characters.
            required: Whether a missing field is an error.
        """
        value = body.get(key)
        if value is None:
            if required:
                self.require(body, key, at)
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.add_error(
                (*at, key), "STRING_TYPE_CONVERT", f"Could not interpret {_shortened(value)} as string."
            )
            return None
        text = str(value)
        if min_length <= len(text) <= max_length:
            return text
        if min_length:
            reason = f"Must be between {min_length} and {max_length} in length."
            self.add_error((*at, key), "BASE_TYPE_BAD_LENGTH", reason)
        else:
            self.add_error((*at, key), "BASE_TYPE_MAX_LENGTH", f"Must be {max_length} or fewer in length.")
        return None

    def integer(
        self,
        body: dict[str, Any],
        key: str,
        at: FieldPath = (),
        *,
        low: int | None = None,
        high: int | None = None,
    ) -> int | None:
        """Returns an integer. Numeric strings are accepted, as Discord accepts them.

        Args:
            body: The object.
            key: The field.
            at: The path of the object.
            low: The minimum.
            high: The maximum.
        """
        value = body.get(key)
        if value is None:
            return None
        try:
            number = int(value) if not isinstance(value, bool) and float(value).is_integer() else None
        except (TypeError, ValueError, OverflowError):
            number = None
        if number is None:
            self.add_error((*at, key), "NUMBER_TYPE_COERCE", f'Value "{_shortened(value)}" is not int.')
        elif low is not None and number < low:
            reason = f"int value should be greater than or equal to {low}."
            self.add_error((*at, key), "NUMBER_TYPE_MIN", reason)
        elif high is not None and number > high:
            self.add_error(
                (*at, key), "NUMBER_TYPE_MAX", f"int value should be less than or equal to {high}."
            )
        else:
            return number
        return None

    def boolean(self, body: dict[str, Any], key: str, at: FieldPath = ()) -> bool | None:
        """Returns a boolean.

        Args:
            body: The object.
            key: The field.
            at: The path of the object.
        """
        value = body.get(key)
        if value is None or isinstance(value, bool):
            return value
        self.add_error((*at, key), "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
        return None

    def snowflake(self, body: dict[str, Any], key: str, at: FieldPath = ()) -> int:
        """Returns a required id; 0 if it is missing or invalid.

        Args:
            body: The object.
            key: The field.
            at: The path of the object.
        """
        if not self.require(body, key, at):
            return 0
        value = str(body[key])
        if value.isdecimal() and int(value) < 1 << 63:
            return int(value)
        self.add_error((*at, key), "NUMBER_TYPE_COERCE", f'Value "{_shortened(value)}" is not snowflake.')
        return 0

    def object_list(
        self, body: dict[str, Any], key: str, at: FieldPath = (), *, max_items: int
    ) -> list[dict[str, Any]]:
        """Returns a list of objects; empty if it is absent or invalid.

        Args:
            body: The object.
            key: The field.
            at: The path of the object.
            max_items: The maximum length.
        """
        value = body.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.add_error((*at, key), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        if len(value) > max_items:
            self.add_error((*at, key), "BASE_TYPE_MAX_LENGTH", f"Must be {max_items} or fewer in length.")
            return []
        for index, one in enumerate(value):
            if not isinstance(one, dict):
                reason = "Only dictionaries may be used in a ModelType"
                self.add_error((*at, key, index), "MODEL_TYPE_CONVERT", reason)
        return value if all(isinstance(one, dict) for one in value) else []

    def choice(self, value: Any, allowed: tuple[int, ...], path: FieldPath) -> bool:
        """Returns whether a value is allowed, and records an error if it is not.

        Args:
            value: The value.
            allowed: The allowed values.
            path: The path of the field.
        """
        if isinstance(value, int) and not isinstance(value, bool) and value in allowed:
            return True
        shown = "(" + ", ".join(str(one) for one in allowed) + ")"
        self.add_error(path, "BASE_TYPE_CHOICES", f"Value must be one of {shown}.")
        return False


def _shortened(value: Any) -> str:
    return str(value)[:100]
