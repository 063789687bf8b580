"""What drf-spectacular cannot see by itself: how the token of contracts.md §1 is sent."""
from __future__ import annotations

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class TokenScheme(OpenApiAuthenticationExtension):
    """`Authorization: Token …`; registered by being defined (config/urls.py imports this module)."""

    target_class = "accounts.api.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema) -> dict:
        """The OpenAPI security scheme of the header."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "写作“Token 令牌”，令牌由 manage.py make_user 或管理员给出。",
        }
