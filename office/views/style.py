"""The style page, for the system administrator."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from office.style import example
from schools.access import actor_of, require


def show_style(request: HttpRequest) -> HttpResponse:
    require(actor_of(request), "manage_users")
    return render(request, "office/style.html", example())
