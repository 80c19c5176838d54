"""Command line over environment over file over default; and errors that name key, value, expectation."""

from pathlib import Path

import pytest

from indexer.errors import SettingsError
from search_api.settings import Settings, load_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "wenzheng.toml"
    path.write_text('port = 9001\nhost = "10.0.0.1"\ncors_origins = ["https://a.example"]\n')
    return path


def test_defaults_are_for_one_machine():
    settings = load_settings()
    assert (settings.host, settings.port, settings.index) == ("127.0.0.1", 8000, Path(".index"))
    assert settings.cors_origins == ()
    assert settings.api_key is None
    assert not settings.log_questions


def test_each_source_wins_over_the_ones_below(file: Path, monkeypatch):
    assert load_settings(file).port == 9001
    monkeypatch.setenv("WENZHENG_PORT", "9002")
    assert load_settings(file).port == 9002
    assert load_settings(file, port=9003).port == 9003
    assert load_settings(file, port=None).port == 9002
    assert load_settings(file).host == "10.0.0.1"


def test_an_empty_variable_is_not_set(file: Path, monkeypatch):
    monkeypatch.setenv("WENZHENG_PORT", "")
    assert load_settings(file).port == 9001


def test_the_file_may_be_named_by_the_environment(file: Path, monkeypatch):
    monkeypatch.setenv("WENZHENG_CONFIG", str(file))
    assert load_settings().port == 9001


def test_origins_are_a_list_in_the_file_and_commas_in_the_environment(file: Path, monkeypatch):
    assert load_settings(file).cors_origins == ("https://a.example",)
    monkeypatch.setenv("WENZHENG_CORS_ORIGINS", "https://b.example, http://c.example:8080")
    assert load_settings(file).cors_origins == ("https://b.example", "http://c.example:8080")


@pytest.mark.parametrize(
    ("given", "key", "value", "expected"),
    [
        ({"port": 70_000}, "--port", "70000", "65535"),
        ({"port": "many"}, "--port", "'many'", "integer"),
        ({"question_length": 0}, "--question-length", "0", "greater than or equal to 1"),
        ({"cors_origins": "www.example.org"}, "--cors-origins", "www.example.org", "a scheme and a host"),
        ({"log_level": "loud"}, "--log-level", "'loud'", "'debug'"),
    ],
)
def test_a_bad_value_names_key_value_and_expectation(given: dict, key: str, value: str, expected: str):
    with pytest.raises(SettingsError) as raised:
        load_settings(**given)
    for part in (key, value, expected):
        assert part in str(raised.value)


def test_a_bad_value_says_where_it_was_set(tmp_path: Path, monkeypatch):
    path = tmp_path / "settings.toml"
    path.write_text('port = "many"\n')
    with pytest.raises(SettingsError, match=r"port in .*settings\.toml"):
        load_settings(path)
    monkeypatch.setenv("WENZHENG_PORT", "more")
    with pytest.raises(SettingsError, match="WENZHENG_PORT"):
        load_settings(path)


def test_a_key_is_never_shown():
    with pytest.raises(SettingsError) as raised:
        load_settings(api_key="hunter2")
    assert "hunter2" not in str(raised.value)
    assert "correct horse" not in repr(load_settings(api_key="correct horse"))


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"port = ", "is not TOML"), (b"\xff\xfe", "is not TOML"), (b"prot = 1", "Did you mean 'port'")],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, content: bytes, message: str):
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=message):
        load_settings(path)


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path / "none.toml")


def test_every_setting_says_what_it_is():
    assert all(field.description for field in Settings.model_fields.values())
