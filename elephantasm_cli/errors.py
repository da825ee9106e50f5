"""What can go wrong, as one tree. Every message is one line and names what to do next.

ElephantasmError                    exit 1
 +-- UsageError                     exit 2   the call itself is wrong
 |    +-- UnknownFormatError                 an input format nobody has heard of
 |    +-- InvalidNameError                   an agent name that cannot be a file name
 +-- NotFoundError                  exit 3   no such row
 |    +-- AgentNotFoundError                 no such agent
 |    +-- AmbiguousIdError                   a prefix that fits several ids
 +-- VerificationError              exit 4   the log and the tables disagree
 +-- StorageError                   exit 5   the file cannot be used as it is
 |    +-- ReadOnlyError                      no permission to write
 |    +-- OutOfSpaceError                    the disk is full
 +-- DatabaseError                  exit 1
 |    +-- NewerDatabaseError                 written by a newer version
 |    +-- OlderDatabaseError                 a reader met a file that wants migrating
 |    +-- CorruptDatabaseError               not a database, or a damaged one
 |    +-- DriverError                        no SQLite driver that is safe to use
 +-- LineageError                            a derived row without a path to an event
 +-- ConflictError                           inputs changed between reading and writing
 +-- ErasurePendingError                     forgotten, but a reader still holds the old pages
 +-- InputError                              input that could not be read
 +-- ModelError
 |    +-- ModelFileError                     a missing, truncated or altered model file
 |    +-- ModelOutputError                   an answer that failed its checks twice
 |    +-- EngineError                        llama.cpp could not load or run
 |    +-- EmbeddingMismatchError             the file's vectors are of another model
 +-- ScheduleError                           no scheduler, or one that refused
 +-- DreamLockedError                        another dream is running (the CLI says so and exits 0)
"""

from __future__ import annotations


class ElephantasmError(Exception):
    """Base of every error that is the user's to act on; anything else is a bug and keeps its traceback."""

    exit_code = 1


class UsageError(ElephantasmError):
    """The call itself is wrong."""

    exit_code = 2


class UnknownFormatError(UsageError):
    """An input format that no reader handles."""


class InvalidNameError(UsageError):
    """An agent name that does not match ``[a-z0-9][a-z0-9_-]{0,63}``."""


class NotFoundError(ElephantasmError):
    """No row has this id."""

    exit_code = 3


class AgentNotFoundError(NotFoundError):
    """No file for this agent."""


class AmbiguousIdError(NotFoundError):
    """The prefix fits more than one id."""


class VerificationError(ElephantasmError):
    """The log and the tables disagree."""

    exit_code = 4


class StorageError(ElephantasmError):
    """The file, or the disk below it, cannot be used as it is."""

    exit_code = 5


class ReadOnlyError(StorageError):
    """The database file or its folder cannot be written."""


class OutOfSpaceError(StorageError):
    """The disk is full; nothing unacknowledged was kept."""


class DatabaseError(ElephantasmError):
    """The database cannot be opened."""


class NewerDatabaseError(DatabaseError):
    """The file was written by a newer version and is left untouched."""


class OlderDatabaseError(DatabaseError):
    """A reader met a file of an older version."""


class CorruptDatabaseError(DatabaseError):
    """The file is not a database, or a damaged one."""


class DriverError(DatabaseError):
    """No SQLite driver on this machine is safe to use."""


class LineageError(ElephantasmError):
    """A derived row would be committed without a path to an event."""


class ConflictError(ElephantasmError):
    """The rows a step was computed from have changed since it read them."""


class ErasurePendingError(ElephantasmError):
    """What was forgotten is out of reach, but its old pages are not written over yet."""


class InputError(ElephantasmError):
    """Input that could not be read at all."""


class ModelError(ElephantasmError):
    """A model could not do its work."""


class ModelFileError(ModelError):
    """A model file is missing, truncated or not the file it claims to be."""


class ModelOutputError(ModelError):
    """A model's answer failed its checks, and failed them again."""


class EngineError(ModelError):
    """llama.cpp could not be loaded or stopped working."""


class EmbeddingMismatchError(ModelError):
    """The vectors in the file were made by another embedding model."""


class ScheduleError(ElephantasmError):
    """Neither cron nor systemd is usable here, or it refused what it was given."""


class DreamLockedError(ElephantasmError):
    """Another dream holds the lock of this agent."""
