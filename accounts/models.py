"""Users, tokens, the audit trail and notices."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac


class UserManager(BaseUserManager):
    """Finds and makes users; `accounts.passwords.create_user` is the verb that also logs."""

    def create_user(self, username: str, password: str | None = None, **fields) -> User:
        """Insert one user; without a password the user cannot log in until one is set."""
        if not username:
            raise ValueError("username is required")
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """One person who logs in. What the person may do is said by memberships (schools), never here."""

    username = models.CharField("用户名", max_length=64, unique=True)
    display_name = models.CharField("姓名", max_length=64, blank=True)
    is_active = models.BooleanField("启用", default=True)
    is_demo = models.BooleanField("演示用户", default=False)
    must_change_password = models.BooleanField("下次登录须改密码", default=True)
    password_changed_at = models.DateTimeField("密码修改时间", default=timezone.now)
    second_factor_required = models.BooleanField("须用动态口令", default=False)
    session_generation = models.PositiveIntegerField("会话代次", default=0)
    last_seen = models.DateTimeField("最近活动", null=True, blank=True)
    created_at = models.DateTimeField("建立时间", default=timezone.now, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = "用户"
        verbose_name_plural = "用户"

    def __str__(self) -> str:
        return self.display_name or self.username

    def _get_session_auth_hash(self, secret=None) -> str:
        # The generation joins the hash, so that raising it ends every session of the user at once
        # (role change, disabling) without searching the session table.
        return salted_hmac(
            "accounts.models.User.get_session_auth_hash",
            f"{self.password}|{self.session_generation}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


class PasswordHistory(models.Model):
    """A former password's hash, so that the last five are refused (等保 2.0)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="former_passwords", verbose_name="用户")
    password = models.CharField("密码散列", max_length=128)
    set_at = models.DateTimeField("设置时间", default=timezone.now)

    class Meta:
        verbose_name = "历史密码"
        verbose_name_plural = "历史密码"
        indexes = [models.Index(fields=["user", "-set_at"], name="password_history_newest")]


class ApiToken(models.Model):
    """A token of the API: only its SHA-256 is kept, the token itself is shown once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens", verbose_name="用户")
    digest = models.CharField("令牌摘要", max_length=64, unique=True)
    created_at = models.DateTimeField("签发时间", default=timezone.now)
    revoked_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        verbose_name = "接口令牌"
        verbose_name_plural = "接口令牌"


class AuditEvent(models.Model):
    """One thing that happened. Inserted with the change it tells of, never changed or deleted (triggers refuse).

    Ids and codes are plain values, not foreign keys: a row must stay readable, and unchanged, when its user is gone.
    `content_hash` is the row's own SHA-256 (`accounts.audit.content_hash`); the chain over committed rows is
    sealed elsewhere, so nobody waits for it.
    """

    occurred_at = models.DateTimeField("时间")
    user_id = models.BigIntegerField("用户编号", null=True)
    username = models.CharField("用户名", max_length=64, blank=True)
    kind = models.CharField("主体", max_length=16)
    role = models.CharField("角色", max_length=32, blank=True)
    scope = models.CharField("范围", max_length=128, blank=True)
    address = models.CharField("地址", max_length=64, blank=True)
    session = models.CharField("会话摘要", max_length=64, blank=True)
    action = models.CharField("动作", max_length=64)
    object = models.CharField("对象", max_length=200, blank=True)
    county = models.CharField("县代码", max_length=12, blank=True)
    result = models.CharField("结果", max_length=32)
    request_id = models.CharField("请求编号", max_length=64, blank=True)
    detail = models.JSONField("详情", default=dict)
    content_hash = models.CharField("内容散列", max_length=64)

    class Meta:
        verbose_name = "审计记录"
        verbose_name_plural = "审计记录"
        indexes = [
            models.Index(fields=["county", "-occurred_at"], name="audit_county_time"),
            models.Index(fields=["username", "-occurred_at"], name="audit_user_time"),
            models.Index(fields=["action", "-occurred_at"], name="audit_action_time"),
            models.Index(fields=["object"], name="audit_object"),
            models.Index(fields=["-occurred_at"], name="audit_time"),
        ]


class Notice(models.Model):
    """One line for one user: something happened that this user should look at."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notices", verbose_name="用户")
    text = models.CharField("内容", max_length=300)
    url = models.CharField("链接", max_length=200, blank=True)
    key = models.CharField("去重键", max_length=120, blank=True)
    created_at = models.DateTimeField("时间", default=timezone.now)
    read_at = models.DateTimeField("已读时间", null=True, blank=True)

    class Meta:
        verbose_name = "消息"
        verbose_name_plural = "消息"
        indexes = [models.Index(fields=["user", "-created_at"], name="notice_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"],
                condition=models.Q(read_at__isnull=True) & ~models.Q(key=""),
                name="one_unread_notice_per_key",
            )
        ]
