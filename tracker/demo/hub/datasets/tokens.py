"""Trusted publishing: an identity that a CI vouches for becomes a token of an hour."""

from tracker.demo.hub.datasets.asked import Asked
from tracker.demo.hub.datasets.store import Refusal
from tracker.demo.hub.responses import Answer, json_answer

_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
UNTRUSTED = "untrusted"
"""The identity that is refused; every other is believed."""


def exchange(asked: Asked) -> Answer:
    """A token for a resource. Raises Refusal (400) for another grant, a missing name, or the untrusted identity."""
    told = asked.json()
    if told.get("grant_type") != _GRANT or not told.get("resource"):
        raise Refusal(400, "invalid_request")
    if told.get("subject_token") in (None, UNTRUSTED):
        raise Refusal(400, "invalid_grant: no trusted publisher matches the claims")
    return json_answer({"access_token": "hf_jwt_embedded", "token_type": "bearer", "expires_in": 3600})
