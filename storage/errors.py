"""What can go wrong with the files: each text is one sentence for a person, with the cure."""

from pathlib import Path


class StorageError(Exception):
    """The store cannot do what was asked; the text says what happened and what to do."""


class NewerDatabase(StorageError):
    """The file was written by a newer version of the program."""

    def __init__(self, path: Path, found: int, known: int) -> None:
        super().__init__(
            f"{path} was written by a newer version of Blink SCIM Desk (its format is {found}, "
            f"this program knows {known}): update the program, or choose another database."
        )


class NotOurDatabase(StorageError):
    """The file is not SQLite, or it belongs to another application."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is not a database of Blink SCIM Desk: choose another file, or a new name."
        )


class DamagedDatabase(StorageError):
    """The directory's file is damaged; ``backup`` is the newest backup beside it, if any."""

    def __init__(self, path: Path, problem: str, backup: Path | None) -> None:
        cure = (
            f"put the newest backup, {backup.name}, in its place"
            if backup
            else "there is no backup beside it, so restore it from one of your own"
        )
        super().__init__(f"{path} is damaged ({problem}): close the program and {cure}.")
        self.backup = backup


class CannotOpen(StorageError):
    """The file or its folder cannot be read or written."""


class InvalidName(StorageError):
    """A name is empty, too long, or holds control characters."""


class NameTaken(StorageError):
    """Another organization has this name, maybe in another letter case."""


class NoSuchOrganization(StorageError):
    """The organization does not exist, or no longer."""


class NoSuchToken(StorageError):
    """The token does not exist, or cannot be used for this any more."""


class InvalidAttribute(StorageError):
    """A custom attribute cannot be as it was given."""


class NoSuchAttribute(StorageError):
    """The custom attribute does not exist, or no longer."""


class NoSuchMappings(StorageError):
    """The mapping set does not exist, or no longer."""


class NoSuchPerson(StorageError):
    """The person does not exist, or no longer."""


class PersonRefused(StorageError):
    """A person cannot be as they were given."""


class PeopleChanged(StorageError):
    """Somebody changed the people of an organization while others were imported."""

    def __init__(self) -> None:
        super().__init__(
            "The people were changed while the others were read, so that nothing was imported: "
            "import them again."
        )


class Interrupted(StorageError):
    """A query was interrupted on request."""

    def __init__(self) -> None:
        super().__init__("The search was interrupted.")
