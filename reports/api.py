"""API of the papers: list, order, fetch. The same permission as the pages."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import path
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.commands import FIRST_YEAR, LAST_YEAR
from schools import access

from .definitions import REPORTS
from .models import Paper
from .report import BadOrder, CannotMake
from .services import get_paper, of_year, order_paper, papers_for, papers_of
from .views import _order as authorised_order
from .views import download


class PaperSerializer(serializers.ModelSerializer):
    """One made paper; its bytes are at reports/{id}/file/."""

    county = serializers.CharField(source="county.code")
    school = serializers.CharField(source="school.code", default=None)
    year = serializers.IntegerField(allow_null=True)

    class Meta:
        model = Paper
        fields = [
            "id", "report", "title", "county", "year", "school", "format", "ruleset", "draft", "code", "data_version", "sha256",
            "made_at",
        ]  # fmt: skip


class OrderSerializer(serializers.Serializer):
    """What to make."""

    report = serializers.ChoiceField(choices=sorted(REPORTS))
    school = serializers.CharField(required=False, allow_blank=True, default="")
    format = serializers.ChoiceField(choices=["pdf", "xlsx"], default="pdf")
    standard = serializers.CharField(required=False, allow_blank=True, default="")
    ruleset = serializers.ChoiceField(choices=["national", "local"], default="national")
    which = serializers.ChoiceField(choices=["", "frozen", "current"], default="")
    month = serializers.RegexField(r"^\d{4}-\d{2}$", required=False, allow_blank=True, default="")


class PlacedOrderSerializer(OrderSerializer):
    """What to make, and of which county and school year."""

    county = serializers.CharField(max_length=6)
    year = serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR)


class JobSerializer(serializers.Serializer):
    """The job that makes it; ask jobs/{id}/ for its progress, its result names the paper."""

    job = serializers.IntegerField()


class PaperFilter(filters.FilterSet):
    """?county=&year=&report=&school="""

    county = filters.CharFilter("county__code")
    year = filters.NumberFilter(method="of_year", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    report = filters.CharFilter("report")
    school = filters.CharFilter("school__code")

    class Meta:
        model = Paper
        fields = ["county", "year", "report", "school"]

    def of_year(self, papers: QuerySet[Paper], name: str, year: int) -> QuerySet[Paper]:
        """The papers of one school year."""
        return of_year(papers, int(year))


def place_order(request: Request, county: str, year: int, order: dict) -> Response:
    """202 with the job; 400 for an order that no such report takes, 409 while there is nothing to make it of."""
    actor = access.actor_of(request)
    try:
        job = order_paper(authorised_order(actor, access.get_county(actor, county), year, order), by=actor)
    except BadOrder as reason:
        return Response({"detail": str(reason)}, status=status.HTTP_400_BAD_REQUEST)
    except CannotMake as reason:
        return Response({"detail": str(reason)}, status=status.HTTP_409_CONFLICT)
    return Response({"job": job.pk}, status=status.HTTP_202_ACCEPTED)


class AllPapers(generics.ListAPIView):
    """GET: every paper you may have, the last made first. POST: order one."""

    serializer_class = PaperSerializer
    filterset_class = PaperFilter

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Paper.objects.none()
        actor = access.actor_of(self.request)
        if not access.may(actor, "make_report"):
            raise PermissionDenied
        return papers_for(actor)

    @extend_schema(request=PlacedOrderSerializer, responses={202: JobSerializer})
    def post(self, request: Request) -> Response:
        order = PlacedOrderSerializer(data=request.data)
        order.is_valid(raise_exception=True)
        data = order.validated_data
        return place_order(request, data["county"], data["year"], data)


class PaperList(generics.ListAPIView):
    """GET: the papers of a county and school year that you may have. POST: order one."""

    serializer_class = PaperSerializer

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Paper.objects.none()
        actor = access.actor_of(self.request)
        county = access.get_county(actor, self.kwargs["county"])
        if not access.may(actor, "make_report"):
            raise PermissionDenied
        whole = access.may(actor, "make_report", county=county)
        papers = papers_of(county, None if whole else access.schools_of(actor, county, "make_report"))
        return of_year(papers, self.kwargs["year"])

    @extend_schema(request=OrderSerializer, responses={202: JobSerializer})
    def post(self, request: Request, county: str, year: int) -> Response:
        access.get_county(access.actor_of(request), county)
        order = OrderSerializer(data=request.data)
        order.is_valid(raise_exception=True)
        return place_order(request, county, year, order.validated_data)


class PaperDetail(APIView):
    """GET: one paper."""

    @extend_schema(operation_id="paper", responses={200: PaperSerializer})
    def get(self, request: Request, paper: str) -> Response:
        return Response(PaperSerializer(get_paper(access.actor_of(request), paper)).data)


class PaperFile(APIView):
    """GET: the file itself."""

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, paper: str) -> HttpResponse:
        return download(request._request, paper)


urlpatterns = [
    path("reports/", AllPapers.as_view(), name="all-papers"),
    path("reports/<uuid:paper>/", PaperDetail.as_view(), name="paper"),
    path("reports/<uuid:paper>/file/", PaperFile.as_view(), name="paper-file"),
    path("counties/<str:county>/reports/<year:year>/", PaperList.as_view(), name="papers"),
]
