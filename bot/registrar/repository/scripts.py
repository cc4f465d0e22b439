"""Reads which files of its own repository a script of a job names: words as a shell splits them, no more of a shell.

What a variable says, what a loop makes, and what a program finds by itself (`make`, `npm test`) is not seen.
"""

import re
import shlex
from collections.abc import Callable, Iterator
from posixpath import basename, join, normpath

from registrar.core.setup_jobs import Used

_KEYWORDS = frozenset(
    {"if", "then", "elif", "else", "while", "until", "do", "!", "{", "time", "exec", "env", "sudo", "nohup"}
)
_RUNNERS = frozenset(
    {
        "sh",
        "bash",
        "dash",
        "ksh",
        "zsh",
        "source",
        "python",
        "node",
        "deno",
        "ruby",
        "perl",
        "Rscript",
        "make",
        "pip",
        "uv",
        "npx",
        "xargs",
    }
)
_BETWEEN = "();<>|&\n"
_SEPARATORS = "();|&\n"  # of commands
_CHECKOUT = re.compile(
    r"\$\{\{\s*github\.workspace\s*\}\}|\$(?:(?:GITHUB_WORKSPACE|CI_PROJECT_DIR)\b|\{(?:GITHUB_WORKSPACE|CI_PROJECT_DIR)\})"
)
_VERSION = re.compile(r"[0-9.]+$")


def files_in(script: str, is_file: Callable[[str], bool], *, folder: str = "") -> Iterator[Used]:
    """The files among its words, and whether they are run, or may only be read; it starts in this folder."""
    text = _CHECKOUT.sub("//", script).replace("\\\n", " ")
    words, is_sure = _words(text)
    for command in _commands(words):
        runs = _VERSION.sub("", basename(command[0])) in _RUNNERS or command[0] == "."
        for position, word in enumerate(command):
            paths = (path for path in _meant(word, command[position - 1], folder) if is_file(path))
            yield from (Used(path, is_run=is_sure and (runs or not position)) for path in paths)
        if command[0] == "cd" and len(command) > 1:
            folder = _at(folder, command[1])


def _words(script: str) -> tuple[list[str], bool]:
    """As a shell splits it, lines and all; where it is none, such as a text with an apostrophe, at every blank."""
    lexer = shlex.shlex(script, posix=True, punctuation_chars=_BETWEEN)
    lexer.whitespace, lexer.commenters, lexer.whitespace_split = " \t\r", "", True
    try:
        return [*lexer], True
    except ValueError:
        return [word.strip("'\"") for word in script.split()], False


def _commands(words: list[str]) -> Iterator[list[str]]:
    command: list[str] = []
    is_remark = False
    for word in (*words, "\n"):
        is_remark = "\n" not in word and (is_remark or word.startswith("#"))
        if word.strip(_SEPARATORS):
            command += () if is_remark else (word,)
            continue
        while command and (command[0] in _KEYWORDS or "=" in command[0]):
            command = command[1:]
        if command:
            yield command
        command = []


def _meant(word: str, before: str, folder: str) -> Iterator[str]:
    yield _at(folder, word.partition("=")[2] if word.startswith("-") else word)
    if before == "-m":  # a module of Python's
        module = _at(folder, word.replace(".", "/"))
        yield from (f"{module}.py", f"{module}/__main__.py")


def _at(folder: str, word: str) -> str:
    """A path in the repository; empty for one outside of it."""
    path = normpath(word.lstrip("/") if word.startswith("//") else join(folder, word))
    return "" if path.startswith(("/", "..")) or path == "." else path
