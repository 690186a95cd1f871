"""What the API keeps beside the desk's own things."""

from newsdesk.api.models.idempotency import GivenAnswer
from newsdesk.api.models.token import ApiToken, digest_of, make_token
from newsdesk.api.models.webhook import Delivery, Webhook, new_secret

__all__ = [
    "ApiToken",
    "Delivery",
    "GivenAnswer",
    "Webhook",
    "digest_of",
    "make_token",
    "new_secret",
]
