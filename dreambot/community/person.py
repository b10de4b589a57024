"""What a person has settled for themselves."""

from pydantic import BaseModel, ConfigDict


class PersonSettings(BaseModel):
    """untouchable: nobody dreams their pictures but they themselves. previews: pictures of work in progress,
    which cost data. ping: to be mentioned when a dream that took long is done."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    untouchable: bool = False
    previews: bool = True
    ping: bool = False
