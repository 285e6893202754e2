"""Bulk jobs as the activity line and panel show jobs: beside those that bring things in.

Their numbers are shown below zero, so that they never meet those of the other queue.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidcache_gui.core.records import Job, JobState, Progress, SourceResult, Status

if TYPE_CHECKING:
    from vidcache_gui.core.bulk.records import BulkJob, BulkProgress, BulkResult
    from vidcache_gui.core.library import Library

ENDED = (JobState.DONE, JobState.CANCELLED)
STATUS = {"succeeded": Status.NEW, "skipped": Status.SKIPPED, "failed": Status.FAILED}
DID = {
    "put": "Put", "fetch": "Fetched", "export": "Exported", "tag": "Tagged",
    "delete": "In the trash", "pull": "Copied", "push": "Copied",
}  # fmt: skip


THERE = {"pull": "Already here", "push": "Already there"}


@dataclass(frozen=True, slots=True)
class Did(SourceResult):
    """What became of an item, with the word for it."""

    word: str = ""


def jobs_shown(library: "Library", limit: int) -> list[Job]:
    """Jobs of both kinds, the newest first."""
    jobs = library.jobs(limit) + [as_job(job) for job in library.bulk_jobs(limit)]
    return sorted(jobs, key=lambda job: job.created_at, reverse=True)[:limit]


def as_job(job: "BulkJob") -> Job:
    counts = {"succeeded": job.succeeded, "failed": job.failed, "skipped": job.skipped}
    return Job(
        -job.id, job.state, job.name, job.created_at, job.finished_at, job.total, job.done, counts,
        {"note": job.note or ""}, job.foreign,
    )  # fmt: skip


def as_progress(at: "BulkProgress") -> Progress:
    job = as_job(at.job)
    return Progress(
        job.id, job.state, False, job.sources_done, job.sources_total, at.size,
        at.expected, at.speed, seconds_left=at.seconds_left, current=at.current, counts=job.counts,
    )  # fmt: skip


def as_result(result: "BulkResult") -> SourceResult:
    word = DID.get(result.action, "Done") if result.status == "succeeded" else ""
    if result.status == "skipped":
        word = THERE.get(result.action, "")
    return Did(
        result.label, STATUS[result.status.value], reason=result.reason or result.path,
        item_id=result.item_id, size=result.size, position=result.position, word=word,
    )  # fmt: skip


def results_shown(
    library: "Library", job_id: int, after: int, failed_only: bool, limit: int = 500
) -> list[SourceResult]:
    """A page of what became of the items of a job of either kind, by position."""
    if job_id < 0:
        from vidcache_gui.core.bulk.records import BulkStatus

        status = BulkStatus.FAILED if failed_only else None
        return [as_result(one) for one in library.bulk_page(-job_id, after, limit, status)]
    found: list[SourceResult] = []
    while page := library.job_results(job_id, after, limit):
        found += [one for one in page if not failed_only or one.status is Status.FAILED]
        if len(found) >= limit or not failed_only:
            break
        after = page[-1].position
    return found


def steer(library: "Library", verb: str, job_id: int) -> None:
    """Pause, resume, cancel or retry a job of either kind."""
    if job_id > 0:
        getattr(library, f"{verb}_job")(job_id)
        return
    acts = {
        "pause": library.pause_bulk, "resume": library.resume_bulk, "cancel": library.stop_bulk,
        "retry": library.retry_bulk,
    }  # fmt: skip
    acts[verb](library.bulk_by_id(-job_id).name)


def forget_ended(library: "Library") -> None:
    library.forget_jobs()
    for job in library.bulk_jobs(10_000):
        if job.state in ENDED:
            library.remove_bulk(job.name)
