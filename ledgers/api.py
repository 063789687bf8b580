"""API of the ledgers: uploads, jobs, filings and their verbs, templates. The permission is the pages' own."""
from __future__ import annotations

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import path
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.commands import FIRST_YEAR, LAST_YEAR
from files.serve import attachment
from files.store import StorageError
from jobs import queue
from jobs.handlers import Refused
from jobs.models import Job
from ledgers import verdicts
from ledgers.blanks import XLSX, template_response
from ledgers.models import Channel, Filing
from ledgers.services import FilingError, act, get_filing, get_version, receive_many, report_zero, visible_filings
from ledgers.services.giving import can_mark, give_marked, marked_name, order_marked
from ledgers.services.queries import get_job
from ledgers.throttle import UploadThrottle
from schools import access


class FilingSerializer(serializers.ModelSerializer):
    """One slot and where it stands."""

    county = serializers.CharField(source="county.code")
    school = serializers.CharField(source="school.code", default=None)
    school_name = serializers.CharField(source="school.name", default=None)
    year = serializers.IntegerField(source="period.year")
    period = serializers.CharField()
    state = serializers.CharField(source="latest.state", default=None)
    version = serializers.IntegerField(source="latest.number", default=None)
    open = serializers.IntegerField(source="open.number", default=None)
    standing = serializers.IntegerField(source="standing.number", default=None)

    class Meta:
        model = Filing
        fields = [
            "id", "county", "school", "school_name", "ledger", "year", "period", "state", "version", "open", "standing", "locked",
            "unlock_requested", "changed_at",
        ]  # fmt: skip


class UploadSerializer(serializers.Serializer):
    """One workbook or several (`file` repeated) for a ledger or the package; without `school` the codes in the sheet decide."""

    file = serializers.FileField(allow_empty_file=True, required=False)
    ledger = serializers.CharField(max_length=40)
    county = serializers.CharField(max_length=6)
    year = serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR)
    school = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    zero = serializers.BooleanField(required=False, default=False, help_text="零报告：本期没有此类情况，不附文件")

    def validate(self, data: dict) -> dict:
        if not data["zero"] and "file" not in data:
            raise serializers.ValidationError({"file": "没有选择文件，请附上填好的工作簿。"})
        return data


class ReceiptSerializer(serializers.Serializer):
    """What was made of an upload: ask jobs/{job}/ for progress, filings/{filing}/versions/{version}/ for the verdict."""

    filing = serializers.IntegerField()
    version = serializers.IntegerField()
    job = serializers.IntegerField(allow_null=True)
    receipts = serializers.ListField(child=serializers.DictField(), required=False, help_text="several files at once: one receipt each, in their order")


class JobStatusSerializer(serializers.Serializer):
    """`state` waiting, running, done or failed; `place` 1 = next, 0 = not waiting."""

    state = serializers.CharField()
    progress = serializers.DictField()
    place = serializers.IntegerField()
    result = serializers.DictField(allow_null=True)


class CellSerializer(serializers.Serializer):
    """A cell meant by a return."""

    sheet = serializers.CharField(max_length=120)
    cell = serializers.CharField(max_length=12)
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class VerbSerializer(serializers.Serializer):
    """`version`: the number the caller saw. `explanations`: {group key: text} for explain."""

    version = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    cells = CellSerializer(many=True, required=False, default=list)
    explanations = serializers.DictField(child=serializers.CharField(max_length=500), required=False, default=dict)


class FilingFilter(filters.FilterSet):
    """?county=&year=&ledger=&state=&school="""

    county = filters.CharFilter("county__code")
    year = filters.NumberFilter("period__start__year", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    ledger = filters.CharFilter("ledger")
    school = filters.CharFilter("school__code")
    state = filters.CharFilter("latest__state")

    class Meta:
        model = Filing
        fields = ["county", "year", "ledger", "school", "state"]


def refused(error: FilingError) -> Response:
    """The refusal of a verb: the sentence, its code, and what it names."""
    return Response({"detail": str(error), "code": error.code, **error.detail}, status=error.status)


class UploadView(APIView):
    """POST: send a workbook; the answer comes before it is checked."""

    parser_classes = [MultiPartParser]
    throttle_classes = [UploadThrottle]

    @extend_schema(operation_id="upload", request={"multipart/form-data": UploadSerializer}, responses={202: ReceiptSerializer})
    def post(self, request: Request) -> Response:
        form = UploadSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data, actor = form.validated_data, access.actor_of(request)
        county = access.get_county(actor, data["county"])
        school = access.get_school(actor, county, data["school"]) if data["school"] else None
        files = [(file.name, file.read()) for file in request.FILES.getlist("file")]
        try:
            if data["zero"]:
                version = report_zero(county=county, ledger=data["ledger"], year=data["year"], school=school, by=actor)
                return Response({"filing": version.filing_id, "version": version.number, "job": None}, status=status.HTTP_202_ACCEPTED)
            receipts = receive_many(
                files, county=county, ledger=data["ledger"], year=data["year"], school=school, channel=Channel.API, by=actor,
            )  # fmt: skip
        except FilingError as error:
            return refused(error)
        except StorageError as error:
            return Response({"detail": str(error), "code": "storage"}, status=status.HTTP_503_SERVICE_UNAVAILABLE)
        answers = [
            {"filing": receipt.version.filing_id, "version": receipt.version.number, "job": receipt.job.pk if receipt.job else None}
            for receipt in receipts
        ]
        body = answers[0] if len(answers) == 1 else {**answers[0], "receipts": answers}
        return Response(body, status=status.HTTP_202_ACCEPTED)


class JobView(APIView):
    """GET: where a job stands, for its owner and for those who may see the filing it works on."""

    @extend_schema(operation_id="job", responses={200: JobStatusSerializer})
    def get(self, request: Request, job: int) -> Response:
        found = get_job(access.actor_of(request), job)
        progress = {"done": found.progress_done, "total": found.progress_total, "text": found.progress_text}
        result = found.result if found.state != Job.State.FAILED else {"error": found.error}
        return Response({"state": found.state, "progress": progress, "place": queue.place(found), "result": result})


class FilingList(generics.ListAPIView):
    """GET: the filings you may see, the last changed first."""

    serializer_class = FilingSerializer
    filterset_class = FilingFilter

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Filing.objects.none()
        return visible_filings(access.actor_of(self.request))


class FilingView(APIView):
    """GET: one filing."""

    @extend_schema(operation_id="filing", responses={200: FilingSerializer})
    def get(self, request: Request, filing: int) -> Response:
        return Response(FilingSerializer(get_filing(access.actor_of(request), filing)).data)


class VersionView(APIView):
    """GET: the verdict on one version, as import_ledger prints it."""

    @extend_schema(operation_id="filing_version", responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, filing: int, number: int) -> Response:
        version = get_version(access.actor_of(request), filing, number)
        return Response(verdicts.payload([version]))


class MarkedView(APIView):
    """GET: the workbook with its problems marked; 202 with the job when it is large and has to be made first."""

    @extend_schema(
        operation_id="filing_version_marked",
        responses={(200, XLSX): OpenApiTypes.BINARY, (202, "application/json"): OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, filing: int, number: int) -> HttpResponseBase:
        actor = access.actor_of(request)
        version = get_version(actor, filing, number)
        try:
            return attachment(give_marked(version, by=actor), name=marked_name(version), content_type=XLSX)
        except LookupError as error:
            if not can_mark(version):
                raise Http404 from error
            return Response({"job": order_marked(version, by=actor).pk}, status=status.HTTP_202_ACCEPTED)
        except Refused as error:
            return Response({"detail": str(error), "code": "cannot-mark"}, status=status.HTTP_409_CONFLICT)


class VerbView(APIView):
    """POST: do a verb to the version you saw. 409 when it is no longer the one in hand."""

    @extend_schema(
        operation_id="filing_verb", request=VerbSerializer, responses={200: FilingSerializer, 409: OpenApiTypes.OBJECT},
        parameters=[OpenApiParameter("verb", OpenApiTypes.STR, OpenApiParameter.PATH, description="explain、submit、confirm、pass、approve、return、withdraw、lock、unlock、request-unlock")],
    )  # fmt: skip
    def post(self, request: Request, filing: int, verb: str) -> Response:
        actor = access.actor_of(request)
        found = get_filing(actor, filing)
        form = VerbSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        try:
            act(verb, filing=found, number=data["version"], by=actor, reason=data["reason"], cells=data["cells"], texts=data["explanations"])
        except FilingError as error:
            return refused(error)
        return Response(FilingSerializer(get_filing(actor, filing)).data)


class TemplateView(APIView):
    """GET: the blank workbook of a ledger, with the school's codes filled in when one is named."""

    @extend_schema(
        operation_id="ledger_template", responses={(200, XLSX): OpenApiTypes.BINARY},
        parameters=[OpenApiParameter("county"), OpenApiParameter("school"), OpenApiParameter("year", int)],
    )  # fmt: skip
    def get(self, request: Request, ledger: str) -> HttpResponseBase:
        return template_response(access.actor_of(request), ledger, request.query_params)


urlpatterns = [
    path("uploads/", UploadView.as_view(), name="uploads"),
    path("jobs/<int:job>/", JobView.as_view(), name="job"),
    path("filings/", FilingList.as_view(), name="filings"),
    path("filings/<int:filing>/", FilingView.as_view(), name="filing"),
    path("filings/<int:filing>/versions/<int:number>/", VersionView.as_view(), name="filing-version"),
    path("filings/<int:filing>/versions/<int:number>/marked/", MarkedView.as_view(), name="filing-version-marked"),
    path("filings/<int:filing>/<str:verb>/", VerbView.as_view(), name="filing-verb"),
    path("ledgers/<str:ledger>/template/", TemplateView.as_view(), name="ledger-template"),
]
