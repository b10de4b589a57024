from datetime import UTC, datetime, timedelta

from dreambot.jobs.files import RetentionLimits, expired_keys
from dreambot.jobs.storage import StoredFile

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LIMITS = RetentionLimits(timedelta(hours=24), timedelta(days=7), 100)


def file(key: str, hours: float, size: int = 10) -> StoredFile:
    return StoredFile(key, size, NOW - timedelta(hours=hours))


def test_each_kind_has_its_time() -> None:
    files = [
        file("a/source", 23),
        file("b/source", 25),
        file("b/dream.png", 25),
        file("c/dream.gif", 7 * 24 + 1),
        file("left by an older bot", 7 * 24 + 1),
    ]
    gone = {"b/source", "c/dream.gif", "left by an older bot"}
    assert set(expired_keys(files, LIMITS, NOW, unfinished={"b", "c"})) == gone
    assert expired_keys([], LIMITS, NOW, ()) == []


def test_the_oldest_go_first_and_no_more_than_must() -> None:
    files = [file(f"j{hours}/source", hours, 30) for hours in (5, 3, 1, 4, 2)]
    assert expired_keys(files, LIMITS, NOW, ()) == ["j5/source", "j4/source"]


def test_what_goes_by_age_makes_room() -> None:
    files = [file("old/source", 25, 90), file("young/source", 1, 90)]
    assert expired_keys(files, LIMITS, NOW, ()) == ["old/source"]


def test_unfinished_jobs_keep_theirs_longest() -> None:
    files = [file("waiting/source", 20, 60), file("over/source", 1, 60), file("over/dream.png", 2, 60)]
    assert expired_keys(files, LIMITS, NOW, {"waiting"}) == ["over/dream.png", "over/source"]
    files.append(file("waiting/dream.png", 19, 60))
    assert expired_keys(files, LIMITS, NOW, {"waiting"})[2:] == ["waiting/source"]


def test_a_job_too_young_to_be_known_is_taken_for_unfinished() -> None:
    files = [file("new/source", 0.1, 60), file("over/source", 1, 60)]
    assert expired_keys(files, LIMITS, NOW, ()) == ["over/source"]
