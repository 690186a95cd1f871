"""What the API keeps beside the desk's own things."""

from newsdesk.api.models.token import ApiToken, digest_of, make_token

__all__ = ["ApiToken", "digest_of", "make_token"]
