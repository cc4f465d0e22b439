"""Why a pipeline is not created, in GitLab's words where it has some."""


class InvalidPipeline(ValueError):
    """A configuration that GitLab would refuse or that the sandbox cannot run, or a wish that does not fit it."""


class FilteredOut(InvalidPipeline):
    """What the configuration does not ask for: GitLab makes no pipeline then, where it makes a failed one else."""


class Unsupported(InvalidPipeline):
    """Something that GitLab would run, and the sandbox does not."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: the sandbox does not support {what}")
