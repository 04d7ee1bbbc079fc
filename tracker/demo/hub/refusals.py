"""What the embedded Hub says when it cannot do what was asked."""


class BadRequest(Exception):
    """A parameter the Hub answers with status 400; the text is the body's `error`."""
