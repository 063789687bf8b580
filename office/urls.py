"""Pages that join rooms. Every address with a county or school code answers 404 to strangers."""

from django.urls import path

from office.views import (
    audit,
    classes,
    county,
    figure,
    goals,
    home,
    items,
    matrix,
    money,
    rotation,
    school,
    search,
    staff,
    style,
    table,
    trends,
)

app_name = "office"
RESULT = "counties/<str:code>/<year:year>/<str:standard>/"

urlpatterns = [
    path("", home.show_home, name="home"),
    path("help/", home.show_help, name="help"),
    path("membership/", home.switch_membership, name="membership"),
    path("progress/<int:job_id>/", home.show_job, name="job"),
    path("style/", style.show_style, name="style"),
    path("logs/", audit.show_audit, name="audit"),
    path("search/", search.search_schools, name="search"),
    path("counties/<str:code>/", county.show_county, name="county"),
    path("counties/<str:code>/results/", county.go_to_results, name="results"),
    path("counties/<str:code>/trends/<str:standard>/", trends.show_trends, name="trends"),
    path("counties/<str:code>/money/", money.show_money, name="money"),
    path("counties/<str:code>/rotation/", rotation.show_rotation, name="rotation"),
    path("counties/<str:code>/staff/", staff.show_staff, name="staff"),
    path("counties/<str:code>/goals/", goals.show_goals, name="goals"),
    path("counties/<str:code>/goals/save/", goals.save_goal, name="goal-save"),
    path("counties/<str:code>/classes/", classes.show_classes, name="classes"),
    path("counties/<str:code>/reports/", county.go_to_reports, name="reports"),
    path("counties/<str:code>/matrix/", matrix.show_matrix, name="matrix"),
    path("counties/<str:code>/schools/", school.list_schools, name="schools"),
    path("counties/<str:code>/schools/<str:school>/", school.show_school, name="school"),
    path(RESULT + "schools/", table.show_table, name="table"),
    path(RESULT + "items/", items.show_items, name="items"),
    path(RESULT + "items/<str:item>/", items.show_item, name="item"),
    path(RESULT + "freeze/", table.freeze_results, name="freeze"),
    path(RESULT + "working/<str:stage>/<str:indicator>/", figure.show_working, name="working"),
    path(RESULT + "schools/<str:school>/<str:stage>/<str:indicator>/", figure.show_figure, name="figure"),
]
