"""What an operator meets when setting dreambot up."""

import os
from pathlib import Path

import pytest

from dreambot.config import ENV_PREFIX, SECRETS, ConfigError, Settings, load_settings, require_token

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in list(os.environ):
        if key.startswith(ENV_PREFIX):
            monkeypatch.delenv(key)


def test_the_environment_goes_before_env_file_and_toml(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dreambot.toml").write_text('device = "cpu"\nqueue_size = 3\nmax_pixels = 100000\n')
    (tmp_path / ".env").write_text("DREAMBOT_QUEUE_SIZE=4\nDREAMBOT_MAX_PIXELS=200000\nOTHER=1\n")
    monkeypatch.setenv("DREAMBOT_MAX_PIXELS", "300000")
    settings = load_settings(tmp_path)
    assert (settings.device, settings.queue_size, settings.max_pixels) == ("cpu", 4, 300_000)


def test_every_mistake_is_named_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dreambot.toml").write_text('que_size = 3\ndevice = "gpu"\n')
    (tmp_path / ".env").write_text("DREAMBOT_LOGLEVEL=INFO\n")
    monkeypatch.setenv("DREAMBOT_TOKN", "x")
    monkeypatch.setenv("DREAMBOT_MAX_PIXELS", "many")
    monkeypatch.setenv("DREAMBOT_TEST_REQUIRE", "chromium")
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path)
    said = str(caught.value)
    assert "que_size" in said
    assert "did you mean queue_size?" in said
    assert "did you mean DREAMBOT_LOG_LEVEL?" in said
    assert "did you mean DREAMBOT_TOKEN?" in said
    assert "DREAMBOT_MAX_PIXELS is “many”: expected a whole number." in said
    assert "DREAMBOT_DEVICE is “gpu”: expected auto, cpu" in said
    assert "TEST_REQUIRE" not in said


def test_unreadable_toml_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "dreambot.toml").write_text("device = \n")
    with pytest.raises(ConfigError, match=r"dreambot\.toml cannot be read"):
        load_settings(tmp_path)


@pytest.mark.parametrize(
    ("api", "good"),
    [
        ("https://discord.com/api/v10", True),
        ("http://127.0.0.1:8765/api/v10", True),
        ("http://[::1]:8765/api/v10", True),
        ("http://localhost:1/api/v10/", True),
        ("http://example.org/api/v10", False),
        ("http://127.0.0.1.example.org/api", False),
        ("https://someone:secret@example.org/api", False),
        ("ftp://127.0.0.1/api", False),
        ("discord.com", False),
    ],
)
def test_the_token_never_travels_in_the_open(
    api: str, good: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DREAMBOT_DISCORD_API", api)
    if good:
        assert load_settings(tmp_path).discord_api == api.rstrip("/")
    else:
        with pytest.raises(ConfigError, match="DREAMBOT_DISCORD_API"):
            load_settings(tmp_path)


def test_secrets_are_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DREAMBOT_TOKEN", "very-secret")
    monkeypatch.setenv("DREAMBOT_DATABASE_URL", "postgresql+asyncpg://me:very-secret@db/dreams")
    settings = load_settings(tmp_path)
    assert "very-secret" not in repr(settings) + str(settings)
    assert settings.database == "postgresql+asyncpg://me:very-secret@db/dreams"


def test_a_newline_after_a_secret_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DREAMBOT_TOKEN", "secret\n")
    monkeypatch.setenv("DREAMBOT_DATABASE_URL", " postgresql://me@db/dreams\n")
    settings = load_settings(tmp_path)
    assert require_token(settings) == "secret"
    assert settings.database == "postgresql+asyncpg://me@db/dreams"


@pytest.mark.parametrize("url", ["mysql://me:very-secret@db/dreams", "very-secret", "https://db/very-secret"])
def test_a_database_that_is_not_supported(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DREAMBOT_DATABASE_URL", url)
    with pytest.raises(ConfigError, match=r"DREAMBOT_DATABASE_URL: expected .*postgresql://") as raised:
        load_settings(tmp_path)
    assert "very-secret" not in str(raised.value)


def test_the_number_of_cpu_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings(tmp_path).cpu_workers == "auto"
    monkeypatch.setenv("DREAMBOT_CPU_WORKERS", "2")
    assert load_settings(tmp_path).cpu_workers == 2
    for wrong in ("0", "65", "1.5", "all", ""):
        monkeypatch.setenv("DREAMBOT_CPU_WORKERS", wrong)
        with pytest.raises(ConfigError, match=f"CPU_WORKERS is “{wrong}”: expected auto or a whole number"):
            load_settings(tmp_path)


def test_settings_made_in_code_ignore_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DREAMBOT_DEVICE", "cuda:7")
    assert Settings().device == "auto"


def test_env_example_names_every_setting_with_its_description() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    named = [
        line.removeprefix("#").partition("=")[0]
        for line in lines
        if line.startswith(("#DREAMBOT_", "DREAMBOT_"))
    ]
    assert named == [f"{ENV_PREFIX}{name.upper()}" for name in Settings.model_fields]
    for name, field in Settings.model_fields.items():
        above = lines[next(i for i, line in enumerate(lines) if f"{ENV_PREFIX}{name.upper()}=" in line) - 1]
        assert above == f"# {field.description}"


def test_env_example_as_it_stands_is_valid(tmp_path: Path) -> None:
    text = (ROOT / ".env.example").read_text("utf-8")
    (tmp_path / ".env").write_text(text.replace("#DREAMBOT_", "DREAMBOT_"))
    settings = load_settings(tmp_path)
    assert settings.model_copy(update={"token": None, "data_dir": Settings().data_dir}) == Settings()


def test_variables_that_kubernetes_sets_for_services_are_not_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = {
        "SERVICE_HOST": "10.0.0.1",
        "SERVICE_PORT": "8080",
        "SERVICE_PORT_HTTP": "8080",
        "PORT": "tcp://10.0.0.1:8080",
        "PORT_8080_TCP": "tcp://10.0.0.1:8080",
        "PORT_8080_TCP_ADDR": "10.0.0.1",
        "DB_SERVICE_HOST": "10.0.0.2",
        "DB_PORT_5432_TCP_PROTO": "tcp",
        # A Service `dreambot-http`.
        "HTTP_PORT": "tcp://10.0.0.3:80",
    }
    for name, value in links.items():
        monkeypatch.setenv(f"DREAMBOT_{name}", value)
    assert load_settings(tmp_path).http_port is None
    monkeypatch.setenv("DREAMBOT_HTTP_PORT", "8080")
    assert load_settings(tmp_path).http_port == 8080
    monkeypatch.setenv("DREAMBOT_SERVICE", "x")
    with pytest.raises(ConfigError, match="DREAMBOT_SERVICE in the environment"):
        load_settings(tmp_path)


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_may_stand_in_a_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, file = f"DREAMBOT_{name.upper()}", tmp_path / "secret"
    file.write_text("postgresql://a:b@c/d\n")
    monkeypatch.setenv(f"{key}_FILE", str(file))
    assert getattr(load_settings(tmp_path), name).get_secret_value() == "postgresql://a:b@c/d"
    monkeypatch.setenv(key, "another")
    with pytest.raises(ConfigError, match=f"{key} and {key}_FILE are both set") as caught:
        load_settings(tmp_path)
    assert "another" not in str(caught.value)
    monkeypatch.delenv(key)
    monkeypatch.setenv(f"{key}_FILE", str(tmp_path / "missing"))
    with pytest.raises(ConfigError, match=f"{key}_FILE: .*missing cannot be read"):
        load_settings(tmp_path)
    (tmp_path / ".env").write_text(f"{key}_FILE={file}\n")
    monkeypatch.delenv(f"{key}_FILE")
    assert getattr(load_settings(tmp_path), name).get_secret_value() == "postgresql://a:b@c/d"


def test_a_gallery_needs_a_port_and_an_address_that_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DREAMBOT_GALLERY", "on")
    with pytest.raises(ConfigError, match="DREAMBOT_GALLERY needs DREAMBOT_HTTP_PORT"):
        load_settings(tmp_path)
    monkeypatch.setenv("DREAMBOT_HTTP_PORT", "0")
    for address in ("example.org", "ftp://example.org", "https://example.org/?x", "https://example.org/a b"):
        monkeypatch.setenv("DREAMBOT_GALLERY_URL", address)
        with pytest.raises(ConfigError, match="DREAMBOT_GALLERY_URL"):
            load_settings(tmp_path)
    monkeypatch.setenv("DREAMBOT_GALLERY_URL", "https://example.org/dreams/")
    settings = load_settings(tmp_path)
    assert (settings.gallery, settings.gallery_url) == (True, "https://example.org/dreams")
