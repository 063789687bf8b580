"""GET counties/{code}/snapshots/{standard}/{year}/: the stored result, as the `snapshot` command prints it."""
from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from indicators import snapshots
from indicators.standards import STANDARDS
from schools import access


@extend_schema(
    operation_id="snapshot",
    summary="一个县一个学年一项标准的结果",
    parameters=[OpenApiParameter("frozen", OpenApiTypes.BOOL, description="1：取最近一次定版的结果；缺省取当前结果")],
    responses={200: OpenApiTypes.OBJECT, 404: OpenApiTypes.OBJECT},
)
@api_view(["GET"])
def snapshot(request: Request, code: str, standard: str, year: int) -> Response:
    """The current result, or with ?frozen=1 the last frozen one; a school's own people get the rows of their schools."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code)
    if standard not in STANDARDS:
        raise NotFound(f"没有代码为“{standard}”的标准，可用的有：{'、'.join(STANDARDS)}。")
    if request.query_params.get("frozen") in ("1", "true"):
        found = next(iter(snapshots.frozen_list(county, standard, year)), None)
    else:
        found = snapshots.current(county, standard, year)
    if found is None:
        raise NotFound("这个学年还没有计算结果，请在台账审核通过后查看。")
    content = snapshots.payload(found)
    if access.may(actor, "view_results", county=county):
        return Response(content)
    own = access.codes_of(access.schools_of(actor, county, "view_school"))
    if not own:
        raise PermissionDenied("您的角色不能查看计算结果。")
    return Response(snapshots.visible(content, own))


urlpatterns = [
    path("counties/<str:code>/snapshots/<str:standard>/<year:year>/", snapshot, name="snapshot"),
]
