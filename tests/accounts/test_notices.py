import pytest

from accounts.models import Notice, User
from accounts.notices import notify

pytestmark = pytest.mark.django_db


def test_a_user_sees_the_own_notices_only(client, user):
    other = User.objects.create_user("other", must_change_password=False)
    notify([user.pk], text="向阳小学的教师花名册已退回，请修改后重新上传。", url="/ledgers/1/")
    notify([other.pk], text="别人的消息。")
    client.force_login(user)
    text = client.get("/accounts/notices/").content.decode()
    assert "向阳小学的教师花名册已退回" in text and 'href="/ledgers/1/"' in text and "别人的消息" not in text


def test_an_unread_notice_of_the_same_key_is_not_repeated(user):
    for _ in range(2):
        notify([user.pk, user.pk], text="请填报。", key="filing:7")
    assert Notice.objects.count() == 1
    notify([user.pk], text="一。")
    notify([user.pk], text="二。")
    assert Notice.objects.count() == 3


def test_reading_marks_the_own_ones_and_lets_the_key_speak_again(client, user):
    other = User.objects.create_user("other", must_change_password=False)
    notify([user.pk, other.pk], text="请填报。", key="filing:7")
    client.force_login(user)
    assert client.get("/accounts/notices/read/").status_code == 405
    client.post("/accounts/notices/read/")
    assert list(Notice.objects.filter(read_at=None).values_list("user_id", flat=True)) == [other.pk]
    notify([user.pk], text="请填报。", key="filing:7")
    assert Notice.objects.filter(user=user).count() == 2
