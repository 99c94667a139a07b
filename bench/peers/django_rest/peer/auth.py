import hashlib

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission

from peer.models import ApiToken


class TokenAuthentication(BaseAuthentication):
    def authenticate(self, request):
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme not in ("Token", "Bearer"):
            return None
        digest = hashlib.sha256(token.encode()).hexdigest()
        found = ApiToken.objects.select_related("account").filter(
            token_hash=digest, state=1, account__state=1).first()
        if not found:
            raise AuthenticationFailed("Invalid token.")
        return found, found

    def authenticate_header(self, request):
        return "Token"


class OfTheAccount(BasePermission):
    def has_permission(self, request, view):
        return bool(request.user) and request.user.account_id == view.kwargs["account_id"]
