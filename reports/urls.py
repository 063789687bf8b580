from django.urls import path

from . import views

app_name = "reports"
urlpatterns = [
    path("reports/", views.newest, name="list"),
    path("counties/<str:county>/<year:year>/reports/", views.index, name="index"),
    path("counties/<str:county>/<year:year>/reports/make/", views.make, name="make"),
    path("reports/making/<int:job>/", views.making, name="making"),
    path("reports/<uuid:paper>/", views.paper, name="paper"),
    path("reports/<uuid:paper>/file/", views.download, name="download"),
    path("verify/<str:code>", views.verify, name="verify"),
]
