"""Which kind of work a job is: all are shown in one list, told apart by their numbers."""

from enum import StrEnum


class Work(StrEnum):
    """The value is the verb of its progress."""

    ADDING = "Adding"  # the library's queue: above 0
    BULK = "Done"  # its bulk jobs: their numbers, below 0

    @classmethod
    def of(cls, job_id: int) -> "Work":
        return cls.ADDING if job_id >= 0 else cls.BULK
