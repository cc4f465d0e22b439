"""Every way the sandbox forge says no, in no forge's own words; each dialect turns them into its own answers."""


class Refusal(Exception):
    """The forge will not; the message says why."""


class BadCredentials(Refusal):
    """The token is nobody's, or none came where one is needed."""


class NotFound(Refusal):
    """There is no such thing, or the account may not know that there is."""


class Forbidden(Refusal):
    """The account may see it and may not do it."""


class Invalid(Refusal):
    """The request makes no sense; `field` is the part that does not."""

    def __init__(self, message: str, *, resource: str = "", field: str = "") -> None:
        self.resource = resource
        self.field = field
        super().__init__(message)


class Moved(Refusal):
    """The head is not what the request took it to be."""


class CannotMerge(Refusal):
    """Something that must hold before the merge does not."""
