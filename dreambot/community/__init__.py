"""What servers, channels and people have settled, kept in the jobs' database."""

from dreambot.community.autodream import AutoDream
from dreambot.community.book import Community
from dreambot.community.guild import GuildSettings, RoleLimits
from dreambot.community.person import PersonSettings

__all__ = ["AutoDream", "Community", "GuildSettings", "PersonSettings", "RoleLimits"]
