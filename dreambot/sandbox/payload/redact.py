"""What a bot without the message content intent gets to see."""

from dreambot.sandbox.model import Json, Message, User

_EMPTY: Json = {"content": "", "embeds": [], "attachments": [], "components": []}


def may_read(message: Message, bot: User) -> bool:
    """Own messages, direct conversation and mentions are readable without the intent."""
    return message.author is bot or message.channel.guild is None or bot in message.mentions


def redact(body: Json, message: Message, bot: User) -> Json:
    """`body`, the JSON of `message`, emptied of what people put in; the message it replies to is judged by
    itself, so a mention shows the mention and not the picture it replies to."""
    if not may_read(message, bot):
        body = {**body, **_EMPTY}
        if "message_snapshots" in body:
            body["message_snapshots"] = [
                {"message": {**one["message"], **_EMPTY}} for one in body["message_snapshots"]
            ]
    target = message.channel.messages.get(message.reply_to or 0)
    nested = body.get("referenced_message")
    if target is not None and nested is not None:
        body = {**body, "referenced_message": redact(nested, target, bot)}
    return body
