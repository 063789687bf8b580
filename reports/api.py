"""API of the papers: list, order, fetch. The same permission as the pages."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from schools import access

from .definitions import REPORTS
from .models import Paper
from .report import CannotMake
from .services import order_paper, papers_of
from .views import _order as authorised_order
from .views import download


class PaperSerializer(serializers.ModelSerializer):
    """One made paper."""

    county = serializers.CharField(source="county.code")
    school = serializers.CharField(source="school.code", default=None)

    class Meta:
        model = Paper
        fields = [
            "id",
            "report",
            "title",
            "county",
            "school",
            "format",
            "ruleset",
            "draft",
            "code",
            "data_version",
            "sha256",
            "made_at",
        ]


class OrderSerializer(serializers.Serializer):
    """What to make."""

    report = serializers.ChoiceField(choices=sorted(REPORTS))
    school = serializers.CharField(required=False, allow_blank=True, default="")
    format = serializers.ChoiceField(choices=["pdf", "xlsx"], default="pdf")
    standard = serializers.CharField(required=False, allow_blank=True, default="")
    ruleset = serializers.ChoiceField(choices=["national", "local"], default="national")
    which = serializers.ChoiceField(choices=["", "frozen", "current"], default="")
    month = serializers.RegexField(r"^\d{4}-\d{2}$", required=False, allow_blank=True, default="")


class JobSerializer(serializers.Serializer):
    """The job that makes it; ask jobs/{id}/ for its progress, its result names the paper."""

    job = serializers.IntegerField()


class PaperList(generics.ListAPIView):
    """GET: the papers of a county that you may have. POST: order one."""

    serializer_class = PaperSerializer

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Paper.objects.none()
        actor = access.actor_of(self.request)
        county = access.get_county(actor, self.kwargs["county"])
        if not access.may(actor, "make_report"):
            raise PermissionDenied
        whole = access.may(actor, "make_report", county=county)
        return papers_of(county, None if whole else access.schools_of(actor, county, "make_report"))

    @extend_schema(request=OrderSerializer, responses={202: JobSerializer})
    def post(self, request: Request, county: str, year: int) -> Response:
        actor = access.actor_of(request)
        found = access.get_county(actor, county)
        order = OrderSerializer(data=request.data)
        order.is_valid(raise_exception=True)
        try:
            job = order_paper(authorised_order(actor, found, year, order.validated_data), by=actor)
        except CannotMake as reason:
            return Response({"detail": str(reason)}, status=status.HTTP_409_CONFLICT)
        return Response({"job": job.pk}, status=status.HTTP_202_ACCEPTED)


class PaperFile(APIView):
    """GET: the file itself."""

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, paper: str) -> HttpResponse:
        return download(request._request, paper)


urlpatterns = [
    path("counties/<str:county>/reports/<year:year>/", PaperList.as_view(), name="papers"),
    path("reports/<uuid:paper>/file/", PaperFile.as_view(), name="paper-file"),
]
