"""What the bot says, in the languages it speaks."""

from dreambot.chat.words.catalogue import FALLBACK, LOCALES, Words, words, words_in

__all__ = ["FALLBACK", "LOCALES", "Words", "words", "words_in"]
