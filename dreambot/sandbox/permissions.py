"""Discord's permission bits, and how roles and overwrites combine in a channel."""

from enum import IntFlag

from dreambot.sandbox.models import Channel, Guild, Member


class Permission(IntFlag):
    """Discord's permission bits."""

    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    SEND_TTS_MESSAGES = 1 << 12
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CONNECT = 1 << 20
    SPEAK = 1 << 21
    CHANGE_NICKNAME = 1 << 26
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40
    USE_EXTERNAL_APPS = 1 << 50


NO_PERMISSIONS = Permission(0)
ALL_PERMISSIONS = Permission(sum(bit.value for bit in Permission))
EVERYONE_PERMISSIONS = (
    Permission.CREATE_INSTANT_INVITE
    | Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_EXTERNAL_EMOJIS
    | Permission.CONNECT
    | Permission.SPEAK
    | Permission.CHANGE_NICKNAME
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.USE_EXTERNAL_APPS
)
DEFAULT_BOT_PERMISSIONS = ALL_PERMISSIONS & ~Permission.ADMINISTRATOR
DM_PERMISSIONS = EVERYONE_PERMISSIONS & ~(Permission.CREATE_INSTANT_INVITE | Permission.CREATE_PUBLIC_THREADS)
_MODERATOR_PERMISSIONS = (
    Permission.KICK_MEMBERS
    | Permission.BAN_MEMBERS
    | Permission.MANAGE_CHANNELS
    | Permission.MANAGE_GUILD
    | Permission.MANAGE_MESSAGES
    | Permission.MANAGE_ROLES
    | Permission.MODERATE_MEMBERS
)
_TIMED_OUT_PERMISSIONS = Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY


def send_permission(channel: Channel) -> Permission:
    """Returns the permission that sending messages needs: threads have their own.

    Args:
        channel: The channel or thread.
    """
    return Permission.SEND_MESSAGES if channel.parent is None else Permission.SEND_MESSAGES_IN_THREADS


def guild_permissions(guild: Guild, member: Member) -> Permission:
    """Returns a member's permissions from roles alone.

    Args:
        guild: The guild.
        member: A member of it.
    """
    if guild.owner is member.user:
        return ALL_PERMISSIONS
    bits = guild.roles[guild.id].permissions
    for role in member.roles:
        bits |= guild.roles[role].permissions
    return ALL_PERMISSIONS if bits & Permission.ADMINISTRATOR else Permission(bits & ALL_PERMISSIONS)


def member_rank(guild: Guild, member: Member) -> str:
    """Returns a member's rank: "owner", "administrator", "moderator" or "member".

    Args:
        guild: The guild.
        member: A member of it.
    """
    if guild.owner is member.user:
        return "owner"
    has = guild_permissions(guild, member)
    if has & Permission.ADMINISTRATOR:
        return "administrator"
    return "moderator" if has & _MODERATOR_PERMISSIONS else "member"


def channel_permissions(channel: Channel, member: Member, now: float) -> Permission:
    """Returns a member's permissions in a guild's channel.

    Overwrites apply in this order: @everyone, the member's roles together, the member. A member who cannot
    view the channel has no permissions in it; one in a timeout has few.

    Args:
        channel: The channel or thread.
        member: A member of its guild.
        now: Unix seconds, to compare with the end of a timeout.
    """
    guild = channel.guild
    if guild is None:
        return DM_PERMISSIONS
    if channel.parent is not None:
        return channel_permissions(channel.parent, member, now)
    bits = guild_permissions(guild, member)
    if bits == ALL_PERMISSIONS:
        return ALL_PERMISSIONS
    steps = [[guild.id], member.roles, [member.user.id]]
    for ids in steps:
        found = [channel.overwrites[one] for one in ids if one in channel.overwrites]
        deny = allow = NO_PERMISSIONS
        for overwrite in found:
            deny |= Permission(overwrite.deny & ALL_PERMISSIONS)
            allow |= Permission(overwrite.allow & ALL_PERMISSIONS)
        bits = (bits & ~deny) | allow
    if member.timed_out_until > now:
        bits &= _TIMED_OUT_PERMISSIONS
    if not bits & Permission.VIEW_CHANNEL:
        return NO_PERMISSIONS
    if not bits & Permission.SEND_MESSAGES:
        bits &= ~(Permission.EMBED_LINKS | Permission.ATTACH_FILES | Permission.MENTION_EVERYONE)
    return bits
