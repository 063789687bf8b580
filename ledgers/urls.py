"""Pages of the ledgers. Foreign filings answer 404, missing rights 403."""
from django.urls import path

from ledgers import answering, arranging, views

app_name = "ledgers"
VERSION = "filings/<int:filing>/versions/<int:number>/"

urlpatterns = [
    path("", views.mine, name="mine"),
    path("inbox/", views.inbox, name="inbox"),
    path("workflow/<str:code>/", arranging.workflow, name="workflow"),
    path("received/", views.received, name="received"),
    path("filings/<int:filing>/", views.filing, name="filing"),
    path(VERSION, views.version, name="version"),
    path(VERSION + "progress/", views.progress, name="progress"),
    path(VERSION + "preview/", views.show_preview, name="preview"),
    path(VERSION + "problems/", views.problems, name="problems"),
    path(VERSION + "do/", views.do, name="do"),
    path(VERSION + "mend/", views.mend, name="mend"),
    path(VERSION + "answer/", answering.answer, name="answer"),
    path(VERSION + "forget/", answering.forget, name="forget"),
    path(VERSION + "header/", answering.header, name="header"),
    path(VERSION + "original/", views.original, name="original"),
    path(VERSION + "marked/", views.marked, name="marked"),
    path("<str:ledger>/upload/", views.upload, name="upload"),
    path("<str:ledger>/template/", views.template, name="template"),
]
