import pytest
from keyring.backends import fail
from keyring.errors import KeyringLocked, PasswordDeleteError

from storage.secrets import SERVICE, KeyringUnavailable, Secrets


class MemoryKeyring:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("no such password")


class LockedKeyring(MemoryKeyring):
    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("locked")


def test_a_secret_is_kept_under_the_program_s_name_and_forgotten() -> None:
    backend = MemoryKeyring()
    secrets = Secrets(backend)
    secrets.set("acme.okta.com", "first")
    secrets.set("acme.okta.com", "second")
    assert backend.kept == {(SERVICE, "acme.okta.com"): "second"}
    assert secrets.get("acme.okta.com") == "second"
    secrets.delete("acme.okta.com")
    secrets.delete("acme.okta.com")
    assert secrets.get("acme.okta.com") is None
    assert "second" not in repr(secrets)


def test_a_system_without_a_keyring_is_told_in_a_sentence() -> None:
    secrets = Secrets(fail.Keyring())
    for use in (
        lambda: secrets.get("acme.okta.com"),
        lambda: secrets.set("acme.okta.com", "token"),
        lambda: secrets.delete("acme.okta.com"),
    ):
        with pytest.raises(KeyringUnavailable, match=r"no keyring.*each time\.$"):
            use()


def test_a_locked_keyring_is_told_in_a_sentence() -> None:
    with pytest.raises(KeyringUnavailable, match="locked"):
        Secrets(LockedKeyring()).get("acme.okta.com")
