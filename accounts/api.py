"""Who calls the API: "Authorization: Token …" (contracts.md §1)."""

from __future__ import annotations

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from accounts.models import ApiToken
from accounts.secrets import digest_of

urlpatterns: list = []  # this room adds no address of its own


class TokenAuthentication(BaseAuthentication):
    """Finds the user of a token by its digest. A token works at once and until it is revoked or its user disabled."""

    keyword = "Token"

    def authenticate(self, request):
        """(user, ApiToken), None without such a header; raises AuthenticationFailed (401) for a wrong one."""
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != self.keyword.lower().encode():
            return None
        if len(words) != 2:
            raise AuthenticationFailed("Authorization 头应为“Token 令牌”，请检查后重试。")
        digest = digest_of(words[1].decode("latin-1"))
        token = ApiToken.objects.select_related("user").filter(digest=digest, revoked_at=None).first()
        if token is None or not token.user.is_active:
            raise AuthenticationFailed("令牌不正确或已失效，请向管理员索取新的令牌。")
        return token.user, token

    def authenticate_header(self, request) -> str:
        """With this header DRF answers 401, not 403, to who has not said who they are."""
        return self.keyword
