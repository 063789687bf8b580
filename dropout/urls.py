from django.urls import path

from dropout.views import aid, care, child, disabled, gifts, warnings

app_name = "dropout"

urlpatterns = [
    path("<str:code>/care/", care.overview, name="care"),
    path("<str:code>/care/overdue/", care.duties, name="care-duties"),
    path("<str:code>/care/helpers/", care.helpers, name="care-helpers"),
    path("<str:code>/care/groups/<str:category>/", care.group, name="care-group"),
    path("<str:code>/children/", care.children, name="children"),
    path("<str:code>/children/<int:child>/", child.child, name="child"),
    path("<str:code>/children/<int:child>/open/", child.open_details, name="child-open"),
    path("<str:code>/children/<int:child>/contacts/", child.open_contacts, name="child-contacts"),
    path("<str:code>/children/<int:child>/card/", child.card, name="child-card"),
    path("<str:code>/children/<int:child>/tags/", child.add_tag, name="tag-add"),
    path("<str:code>/children/<int:child>/tags/<int:tag>/end/", child.end_tag, name="tag-end"),
    path("<str:code>/children/<int:child>/pair/", child.pairing, name="pairing"),
    path("<str:code>/children/<int:child>/pairings/<int:pairing>/end/", child.end_pairing, name="pairing-end"),
    path("<str:code>/children/<int:child>/pairings/<int:pairing>/contact/", child.contact, name="contact"),
    path("<str:code>/children/<int:child>/plan/", child.plan, name="plan"),
    path("<str:code>/children/<int:child>/lessons/", child.home_lesson, name="home-lesson"),
    path("<str:code>/children/<int:child>/erase/", child.erase, name="child-erase"),
    path("<str:code>/disabled/", disabled.overview, name="disabled"),
    path("<str:code>/disabled/rooms/", disabled.room, name="resource-room"),
    path("<str:code>/warnings/", warnings.listing, name="warnings"),
    path("<str:code>/warnings/run/", warnings.run, name="warnings-run"),
    path("<str:code>/warnings/<int:flag>/", warnings.flag, name="warning"),
    path("<str:code>/warnings/<int:flag>/case/", warnings.make_case, name="warning-case"),
    path("<str:code>/gifts/", gifts.books, name="gifts"),
    path("<str:code>/gifts/add/", gifts.add, name="gift-add"),
    path("<str:code>/gifts/<int:gift>/strike/", gifts.strike, name="gift-strike"),
    path("<str:code>/gifts/publish/", gifts.publish, name="gifts-publish"),
    path("<str:code>/gifts/published/", gifts.published, name="gifts-published"),
    path("<str:code>/aid/", aid.overview, name="aid"),
]
