import json

from django.db import connection, transaction
from django.db.models import F
from django.http import Http404
from rest_framework import generics, views
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from peer.models import Account, AuditEntry, Job, Run
from peer.serializers import RunSerializer

FILTERS = {"id": int, "project_id": int, "environment_id": int, "job_definition_id": int, "status": int}
COLUMNS = {"job_definition_id": "job_id"}
ORDERS = {"id", "created_at", "finished_at", "started_at", "status"}
NULLABLE = {"finished_at", "started_at"}


def envelope(data, extra=None):
    status = {"code": 200, "is_success": True, "user_message": "Success!", "developer_message": ""}
    return Response({"status": status, "data": data, "extra": extra or {}})


def runs_of(account_id):
    return Run.objects.select_related("lease").filter(account_id=account_id)


class RunList(views.APIView):
    def get(self, request, account_id):
        runs = runs_of(account_id)
        filters = {}
        for name, convert in FILTERS.items():
            if name in request.query_params:
                try:
                    filters[name] = convert(request.query_params[name])
                except ValueError:
                    raise ValidationError({name: "must be a whole number"}) from None
                runs = runs.filter(**{COLUMNS.get(name, name): filters[name]})
        order = request.query_params.get("order_by", "id")
        if order.removeprefix("-") not in ORDERS:
            raise ValidationError({"order_by": "is not a field to order by"})
        limit = min(int(request.query_params.get("limit", 100)), 100)
        offset = int(request.query_params.get("offset", 0))
        total = runs.count()
        # In the order that Millwright has, and its indexes: what has not ended yet comes last.
        column, down = order.removeprefix("-"), order.startswith("-")
        first = F(column).desc(nulls_last=True) if down and column in NULLABLE else order
        by = [first, "-id" if down else "id"]
        page = list(runs.order_by(*by)[offset:offset + limit])
        data = RunSerializer(page, many=True).data
        return envelope(data, {"filters": {"limit": limit, "offset": offset, **filters}, "order_by": order,
                               "pagination": {"count": len(page), "total_count": total}})


class RunDetail(generics.GenericAPIView):
    def get(self, request, account_id, run_id):
        run = runs_of(account_id).filter(id=run_id).first()
        if not run:
            raise Http404
        return envelope(RunSerializer(run).data)


class TriggerJob(views.APIView):
    def post(self, request, account_id, job_id):
        cause = request.data.get("cause")
        if not isinstance(cause, str) or not cause:
            raise ValidationError({"cause": "must be a text"})
        with transaction.atomic():
            job = Job.objects.select_related("environment").filter(
                id=job_id, account_id=account_id, state=1).first()
            if not job:
                raise Http404
            account = Account.objects.select_for_update(no_key=True).get(id=account_id)
            if Run.objects.filter(account_id=account_id, status=1).count() >= account.queue_limit:
                raise ValidationError("the queue is full")
            run = self.insert(request, job, cause)
        return envelope(RunSerializer(run).data)

    def insert(self, request, job, cause):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO runs (account_id, project_id, environment_id, job_id, trigger, dbt_version) "
                "VALUES (%s, %s, %s, %s, %s::jsonb, %s) RETURNING id",
                [job.account_id, job.project_id, job.environment_id, job.id,
                 json.dumps({"cause": cause, "cause_category": "api"}),
                 job.dbt_version or job.environment.dbt_version])
            run_id = cursor.fetchone()[0]
            cursor.execute("SELECT pg_notify('run_queue', '')")
        AuditEntry.objects.create(account_id=job.account_id, actor_type="user", actor_id=request.user.user_id,
                                  actor_name=request.user.name, event="run.created", subject_type="run",
                                  subject_id=run_id, internal_data={"cause": cause})
        return runs_of(job.account_id).get(id=run_id)
