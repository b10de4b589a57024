"""Where a dream's words and picture go. Begin reading at `answer.py`.

Two ways lead out, no third: editing a message of ours (the interaction's original answer while its token
lives, or our reply), which Discord takes twice without harm; and a message with the job's id as its nonce,
which Discord sends once in a few minutes, and which is looked for in the channel before it is sent later.
"""

from dreambot.chat.answers.answer import Answer, Parcel, TooLarge, answer_to

__all__ = ["Answer", "Parcel", "TooLarge", "answer_to"]
