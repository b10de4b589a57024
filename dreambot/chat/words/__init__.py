"""What the bot says, in the languages it speaks."""

from dreambot.chat.words.catalogue import FALLBACK, LOCALES, Words, words, words_in
from dreambot.chat.words.measures import duration, listing
from dreambot.chat.words.told import Told

__all__ = ["FALLBACK", "LOCALES", "Told", "Words", "duration", "listing", "words", "words_in"]
