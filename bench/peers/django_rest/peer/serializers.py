"""A run as JSON, field by field what Millwright gives."""

from datetime import timedelta

from django.utils import timezone
from rest_framework import serializers

from peer.models import Run

NAMES = {1: "Queued", 2: "Starting", 3: "Running", 10: "Success", 20: "Error", 30: "Cancelled"}
NOTHING = timedelta(0)


def clock(length):
    seconds = int(length.total_seconds())
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def words(length):
    seconds = int(length.total_seconds())
    named = [(seconds // 86400, "day"), (seconds // 3600 % 24, "hour"), (seconds // 60 % 60, "minute"),
             (seconds % 60, "second")]
    shown = [f"{count} {name}{'' if count == 1 else 's'}" for count, name in named if count]
    return ", ".join(shown[:2]) or "0 minutes"


class RunTime(serializers.DateTimeField):
    def to_representation(self, value):
        return value.isoformat(" ", "microseconds") if value else None


class RunSerializer(serializers.ModelSerializer):
    job_definition_id = serializers.IntegerField(source="job_id")
    created_at = RunTime()
    updated_at = RunTime()
    should_start_at = RunTime()
    dequeued_at = RunTime()
    started_at = RunTime()
    finished_at = RunTime()

    class Meta:
        model = Run
        fields = ["id", "trigger_id", "account_id", "environment_id", "project_id", "job_definition_id",
                  "job_id", "dbt_version", "git_branch", "git_sha", "deferring_run_id", "retrying_run_id",
                  "status", "status_message", "artifacts_saved", "has_docs_generated",
                  "has_sources_generated", "created_at", "updated_at", "dequeued_at", "started_at",
                  "finished_at", "should_start_at"]

    def to_representation(self, run):
        data = super().to_representation(run)
        now = timezone.now()
        lease = getattr(run, "lease", None)
        over = run.status >= 10
        data.update(
            owner_thread_id=None, executed_by_thread_id=lease and lease.worker, notifications_sent=False,
            deprecation=None, used_repo_cache=None, job=None, environment=None, trigger=None, audit=None,
            run_steps=[], blocked_by=[], last_checked_at=None,
            last_heartbeat_at=lease and lease.heartbeat_at.isoformat(" ", "microseconds"),
            href=f"https://localhost/deploy/{run.account_id}/projects/{run.project_id}/runs/{run.id}/",
            status_humanized=NAMES[run.status], in_progress=not over, is_complete=over,
            is_success=run.status == 10, is_error=run.status == 20, is_cancelled=run.status == 30,
            is_running=run.status == 3, can_retry=False, retry_not_supported_reason="RETRY_NOT_FAILED_RUN",
            artifact_s3_path=(f"accounts/{run.account_id}/runs/{run.id}/artifacts"
                              if run.artifacts_saved else None))
        end = run.finished_at or now
        began = run.started_at or end
        for name, length in (("duration", end - run.created_at), ("queued_duration", began - run.created_at),
                             ("run_duration", end - began)):
            length = max(length, NOTHING)
            data[name] = clock(length)
            data[f"{name}_humanized"] = words(length)
        data["created_at_humanized"] = words(now - run.created_at) + " ago"
        data["finished_at_humanized"] = (words(now - run.finished_at) + " ago" if run.finished_at
                                         else "0 minutes from now")
        return data
