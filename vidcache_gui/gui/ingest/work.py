"""Which kind of work a job is: all are shown in one list, told apart by their numbers."""

from enum import StrEnum

COPIES = -1_000_000_000  # copies from and to remotes count down from here


class Work(StrEnum):
    """The value is the verb of its progress."""

    ADDING = "Adding"  # the library's queue: above 0
    BULK = "Done"  # its bulk jobs: their numbers, below 0
    COPYING = "Copying"  # the window's own

    @classmethod
    def of(cls, job_id: int) -> "Work":
        if job_id >= 0:
            return cls.ADDING
        return cls.BULK if job_id > COPIES else cls.COPYING
