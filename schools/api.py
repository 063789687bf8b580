"""API of the registers: counties and their schools, as far as the caller may see them."""

from __future__ import annotations

from django.urls import path
from rest_framework import generics, serializers

from . import access
from .codes import AREAS, SCHOOL_TYPES, SPONSORS
from .models import County, School


class CountySerializer(serializers.ModelSerializer):
    """A county; `data_version` rises with every change of its standing data."""

    class Meta:
        model = County
        fields = ["code", "name", "data_version"]


class SchoolSerializer(serializers.ModelSerializer):
    """A school, campus or teaching point as it is today; codes with their words."""

    parent = serializers.CharField(source="parent.code", default=None)
    township = serializers.CharField(source="township.name", default=None)
    type = serializers.SerializerMethodField()
    sponsor = serializers.SerializerMethodField()
    area = serializers.SerializerMethodField()

    class Meta:
        model = School
        fields = [
            "code", "name", "kind", "parent", "township", "type_code", "type", "sponsor_code", "sponsor", "area_code", "area",
            "built_year", "is_boarding", "is_dense_centre", "opened_on", "closed_on",
        ]  # fmt: skip

    def get_type(self, school: School) -> str:
        return SCHOOL_TYPES.get(school.type_code, "")

    def get_sponsor(self, school: School) -> str:
        return SPONSORS.get(school.sponsor_code, "")

    def get_area(self, school: School) -> str:
        return AREAS.get(school.area_code, "")


class CountyList(generics.ListAPIView):
    """The counties you have to do with."""

    serializer_class = CountySerializer

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return County.objects.none()
        return access.counties_of(access.actor_of(self.request))


class CountyDetail(generics.RetrieveAPIView):
    """One county."""

    serializer_class = CountySerializer
    queryset = County.objects.none()

    def get_object(self):
        return access.get_county(access.actor_of(self.request), self.kwargs["code"])


class SchoolList(generics.ListAPIView):
    """The schools of a county that you may see."""

    serializer_class = SchoolSerializer

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return School.objects.none()
        actor = access.actor_of(self.request)
        return access.schools_of(actor, access.get_county(actor, self.kwargs["code"]))


class SchoolDetail(generics.RetrieveAPIView):
    """One school."""

    serializer_class = SchoolSerializer
    queryset = School.objects.none()

    def get_object(self):
        actor = access.actor_of(self.request)
        return access.get_school(actor, access.get_county(actor, self.kwargs["code"]), self.kwargs["school"])


urlpatterns = [
    path("counties/", CountyList.as_view(), name="counties"),
    path("counties/<str:code>/", CountyDetail.as_view(), name="county"),
    path("counties/<str:code>/schools/", SchoolList.as_view(), name="schools"),
    path("counties/<str:code>/schools/<str:school>/", SchoolDetail.as_view(), name="school"),
]
