"""Secrets that a person asked to keep: in the system's keyring and nowhere else."""

from typing import Final, Protocol

import keyring
from keyring.errors import KeyringError, PasswordDeleteError

from storage.errors import StorageError

SERVICE: Final = "Blink SCIM Desk"
"""Under this name the keyring lists them."""


class KeyringUnavailable(StorageError):
    """The system has no keyring, or it is locked."""

    def __init__(self) -> None:
        super().__init__(
            "This system has no keyring that could keep the token, or it is locked: unlock it, "
            "or give the token anew each time."
        )


class Keyring(Protocol):
    """What a backend of the package ``keyring`` does."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return a secret."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a secret."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget a secret."""


class Secrets:
    """Secrets by name, such as the API token of a tenant by its domain.

    Every method may raise ``KeyringUnavailable``. The first use may ask the person to unlock the
    keyring, so it belongs in a job.
    """

    def __init__(self, backend: Keyring | None = None) -> None:
        """``backend`` is the system's keyring, found at the first use, unless another is given."""
        self._backend = backend

    def get(self, name: str) -> str | None:
        """Return the secret of a name."""
        try:
            return self._keyring().get_password(SERVICE, name)
        except (KeyringError, OSError) as error:
            raise KeyringUnavailable from error

    def set(self, name: str, secret: str) -> None:
        """Keep a secret, in the place of the one before."""
        try:
            self._keyring().set_password(SERVICE, name, secret)
        except (KeyringError, OSError) as error:
            raise KeyringUnavailable from error

    def delete(self, name: str) -> None:
        """Forget the secret of a name if there is one."""
        try:
            backend = self._keyring()
            if backend.get_password(SERVICE, name) is not None:
                backend.delete_password(SERVICE, name)
        except PasswordDeleteError:
            return
        except (KeyringError, OSError) as error:
            raise KeyringUnavailable from error

    def _keyring(self) -> Keyring:
        if self._backend is None:
            self._backend = keyring.get_keyring()
        return self._backend
