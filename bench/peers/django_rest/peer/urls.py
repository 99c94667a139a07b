from django.urls import path

from peer import views

ACCOUNT = "api/v2/accounts/<int:account_id>/"

urlpatterns = [
    path(ACCOUNT + "runs/", views.RunList.as_view()),
    path(ACCOUNT + "runs/<int:run_id>/", views.RunDetail.as_view()),
    path(ACCOUNT + "jobs/<int:job_id>/run/", views.TriggerJob.as_view()),
]
