"""Every write leaves by one place, which asks whether the work is still ours: two adapters, and git."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1] / "bot" / "registrar"

PUSHING = {("repository/git.py", "_move"), ("repository/git.py", "try_push")}  # the latter only asks


def functions(folder: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for file in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.FunctionDef):
                yield str(file.relative_to(ROOT)), node


def writing(folder: str, *names: str) -> set[tuple[str, str]]:
    """Where a method of these names is called for anything but to get something."""
    return {
        (file, function.name)
        for file, function in functions(folder)
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in names
        and ast.unparse(node.args[0]).upper() != "'GET'"
    }


def asks_first(folder: str, place: tuple[str, str]) -> bool:
    """Whether the function asks the fence before it does anything else."""
    (function,) = (found for file, found in functions(folder) if (file, found.name) == place)
    words = [ast.unparse(statement) for statement in function.body]
    tries = next(number for number, text in enumerate(words) if text.startswith(("with ", "try:")))
    return "self._fence()" in words[:tries]


def test_a_forge_is_written_to_in_one_place_of_each_adapter() -> None:
    by_github = writing("forges", "requestJsonAndCheck", "requestJson", "requestBlob", "_asked", "graphql_query")
    by_gitlab = writing("forges", "http_request", "http_post", "http_put", "http_patch", "http_delete", "_sent")

    # `graph` asks questions
    assert by_github == {("forges/github_api.py", name) for name in ("_asked", "send", "graph")}
    assert by_gitlab == {("forges/gitlab_api.py", name) for name in ("_sent", "send", "graph")}
    assert asks_first("forges", ("forges/github_api.py", "send"))
    assert asks_first("forges", ("forges/gitlab_api.py", "send"))


def test_nobody_but_a_person_who_sets_a_forge_up_writes_without_a_fence() -> None:
    without = {
        file
        for file, function in functions("")
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"GitHubApi", "GitLabApi"}
        if all(keyword.arg != "fence" for keyword in node.keywords)
    }

    assert without == {"forges/github_setup.py", "forges/gitlab_setup.py"}


def test_git_pushes_in_one_place() -> None:
    pushing = {
        (file, function.name)
        for file, function in functions("repository")
        for node in ast.walk(function)
        if isinstance(node, ast.Constant) and node.value == "push"
    }

    assert pushing == PUSHING
    assert asks_first("repository", ("repository/git.py", "_move"))


def test_a_handler_pushes_through_the_bot_which_forgets_what_was_read_before() -> None:
    pushing = {
        (file, function.name)
        for file, function in functions("handlers")
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and ast.unparse(node).endswith((".git.push", ".git.delete_branch"))
    }

    assert pushing == {("handlers/bot.py", "push"), ("handlers/bot.py", "drop_branch")}
