from django.urls import path

from .views import counties, people, register, rules
from .views.common import first_county

app_name = "schools"
urlpatterns = [
    path("counties/", counties.counties, name="counties"),
    path("register/", first_county("schools:register", "edit_register"), name="registers"),
    path("users/", first_county("schools:people", "manage_users"), name="users"),
    path("rules/", first_county("schools:rules", "edit_rules"), name="rulebooks"),
    path("<str:code>/register/", register.register, name="register"),
    path("<str:code>/register/workbook/", register.download, name="register-download"),
    path("<str:code>/register/upload/", register.upload, name="register-upload"),
    path("<str:code>/register/<str:school>/", register.school, name="school-edit"),
    path("<str:code>/register/<str:school>/events/", register.event, name="school-event"),
    path("<str:code>/townships/", register.townships, name="townships"),
    path("<str:code>/calendar/<year:year>/", register.calendar, name="calendar"),
    path("<str:code>/users/", people.people, name="people"),
    path("<str:code>/users/add/", people.add, name="person-add"),
    path("<str:code>/users/<int:user>/reset/", people.reset, name="person-reset"),
    path("<str:code>/users/<int:user>/give/", people.give, name="person-give"),
    path("<str:code>/users/<int:user>/<str:verb>/", people.change, name="person-change"),
    path("<str:code>/memberships/<int:membership>/end/", people.end, name="membership-end"),
    path("<str:code>/rules/", rules.rules, name="rules"),
    path("<str:code>/rules/add/", rules.add, name="rule-add"),
    path("<str:code>/rules/<int:rule>/withdraw/", rules.withdraw, name="rule-withdraw"),
    path("<str:code>/rules/packs/<str:pack>/", rules.pack, name="rule-pack"),
    path("<str:code>/rules/packs/<str:pack>/withdraw/", rules.end_pack, name="rule-pack-end"),
    path("<str:code>/sources/", rules.source, name="source"),
]
