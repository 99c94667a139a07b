"""Millwright's tables, as its migrations make them."""

from django.db import models


class Account(models.Model):
    name = models.TextField()
    state = models.IntegerField()
    queue_limit = models.IntegerField()

    class Meta:
        managed = False
        db_table = "accounts"


class ApiToken(models.Model):
    account = models.ForeignKey(Account, models.DO_NOTHING)
    user_id = models.BigIntegerField(null=True)
    name = models.TextField()
    token_hash = models.TextField()
    state = models.IntegerField()
    is_authenticated = True

    class Meta:
        managed = False
        db_table = "api_tokens"


class Environment(models.Model):
    account_id = models.BigIntegerField()
    name = models.TextField()
    dbt_version = models.TextField()

    class Meta:
        managed = False
        db_table = "environments"


class Job(models.Model):
    account_id = models.BigIntegerField()
    project_id = models.BigIntegerField()
    environment = models.ForeignKey(Environment, models.DO_NOTHING)
    name = models.TextField()
    dbt_version = models.TextField(null=True)
    threads = models.IntegerField()
    target_name = models.TextField()
    state = models.IntegerField()

    class Meta:
        managed = False
        db_table = "jobs"


class Run(models.Model):
    account_id = models.BigIntegerField()
    project_id = models.BigIntegerField()
    environment_id = models.BigIntegerField()
    job_id = models.BigIntegerField()
    trigger_id = models.BigIntegerField(db_default=models.Value(0))
    trigger = models.JSONField()
    status = models.IntegerField()
    status_message = models.TextField(null=True)
    dbt_version = models.TextField()
    git_branch = models.TextField(null=True)
    git_sha = models.TextField(null=True)
    retrying_run_id = models.BigIntegerField(null=True)
    deferring_run_id = models.BigIntegerField(null=True)
    artifacts_saved = models.BooleanField()
    has_docs_generated = models.BooleanField()
    has_sources_generated = models.BooleanField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    should_start_at = models.DateTimeField()
    dequeued_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "runs"


class Lease(models.Model):
    run = models.OneToOneField(Run, models.DO_NOTHING, primary_key=True, related_name="lease")
    worker = models.TextField()
    heartbeat_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "run_leases"


class AuditEntry(models.Model):
    account_id = models.BigIntegerField()
    actor_type = models.TextField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.TextField()
    event = models.TextField()
    subject_type = models.TextField()
    subject_id = models.BigIntegerField()
    internal_data = models.JSONField()

    class Meta:
        managed = False
        db_table = "audit_log"
