"""The exception for invalid requests and recipes, and how those of pydantic are translated to it."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from dreambot.errors import VERBATIM, Message, UserError

RequestT = TypeVar("RequestT", bound=BaseModel)


class RecipeError(UserError, ValueError):
    """A request or recipe that cannot be followed; the message says why in one sentence."""


def validate_options(
    request_type: type[RequestT], options: Mapping[str, Any], range_errors: Mapping[str, Message]
) -> RequestT:
    """Returns the request with these options.

    Args:
        request_type: Its type.
        options: The fields.
        range_errors: What to say of a field that is out of range.

    Raises:
        RecipeError: A value is out of range. The message says which.
    """
    try:
        return request_type.model_validate(options)
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        raise RecipeError.of(
            range_errors.get(field) or Message("errors-cannot-use", {"name": field})
        ) from error


def first_problem(error: ValidationError) -> Message:
    """Returns the first problem of a recipe, in our own words: those of pydantic are about its types.

    Args:
        error: What validating a `Recipe` raised.
    """
    first = error.errors(include_url=False, include_input=False)[0]
    # The first part is the kind.
    where = ".".join(str(part) for part in first["loc"][1:])[:60]
    limits = first.get("ctx", {})
    match first["type"]:
        case "value_error":
            cause = limits["error"]
            return (
                cause.message if isinstance(cause, RecipeError) else Message(VERBATIM, {"text": str(cause)})
            )
        case "less_than_equal":
            return Message("errors-problem-at-most", {"field": where, "most": limits["le"]})
        case "greater_than_equal":
            return Message("errors-problem-at-least", {"field": where, "least": limits["ge"]})
        case "less_than":
            return Message("errors-problem-below", {"field": where, "most": limits["lt"]})
        case "greater_than":
            return Message("errors-problem-above", {"field": where, "least": limits["gt"]})
        case "literal_error":
            return Message(
                "errors-problem-one-of", {"field": where, "values": limits["expected"].replace("'", "")}
            )
        case "missing":
            return Message("errors-problem-missing", {"field": where})
        case "extra_forbidden":
            return Message("errors-problem-unknown", {"field": where})
    return Message("errors-problem-value", {"field": where})
