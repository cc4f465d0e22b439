"""Files of jobs as far as it takes to see what they are made of, whoever wrote them."""

import pytest

from registrar.repository.ci_yaml import documents
from registrar.repository.includes import scripted
from registrar.repository.workflows import used_by_workflows

BOMB = "a0: &a0 [x.sh]\n" + "".join(f"a{at}: &a{at} [*a{at - 1}, *a{at - 1}]\n" for at in range(1, 40))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"job: {{script: {'[' * 380}x.sh{']' * 380}}}", id="deep"),
        pytest.param(f"{BOMB}job: {{script: *a39}}", id="many times what stands there once"),
        pytest.param("job: &a {script: [*a, &b [*b, x.sh]], steps: *b}", id="in itself"),
    ],
)
def test_what_is_written_to_never_end_is_read(text: str) -> None:
    assert documents(text.encode())

    found = {used.path for used in scripted(text.encode(), {"x.sh"}.__contains__)}

    assert found == {"x.sh"}
    assert not used_by_workflows(
        {"x.yml": f"jobs:\n  {text}".encode()}, repository="acme/registry", read=lambda _: None, is_file=lambda _: False
    )
