from django.urls import path

from evidence import views

app_name = "evidence"
PLACE = "<str:code>/<year:year>/<str:standard>/"

urlpatterns = [
    path("<str:code>/files/<int:document>/", views.file, name="file"),
    path(PLACE, views.catalogue, name="catalogue"),
    path(PLACE + "documents/", views.document, name="document"),
    path(PLACE + "tables/<str:kind>/", views.table, name="table"),
    path(PLACE + "items/<str:item>/", views.item, name="item"),
]
