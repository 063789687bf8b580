from django.urls import path

from jobs import views

app_name = "jobs"
urlpatterns = [path("<int:job_id>/progress/", views.progress, name="progress")]
