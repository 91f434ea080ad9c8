"""The gcloud commands that our documents and builds tell people and machines to type, as gcloud itself reads them."""

import re
import shlex
from collections.abc import Iterator

import yaml

from infra.pack import ROOT

DOCUMENTS = ("README.md", "infra/runbook.md", "infra/cloud/README.md")
# What a shell or a person puts in; what a shell puts in where nobody says otherwise.
_PUT_IN = re.compile(r"\$\((?!gcloud)[^()]*\)|\$\{\w+(?::-(?P<usual>\w+))?\}|\$\w+|<[^<>]+>")
_FENCED = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_STARTS = re.compile(r"(?<![\w./-])gcloud(?= [a-z-])")


def documented() -> Iterator[str]:
    """Each command in the documents' code, and in the build's scripts."""
    for name in DOCUMENTS:
        text = (ROOT / name).read_text("utf-8")
        for code in (*_FENCED.findall(text), *_SPAN.findall(_FENCED.sub("", text))):
            yield from commands_in(code)
    for step in yaml.safe_load((ROOT / "cloudbuild.yaml").read_text("utf-8"))["steps"]:
        yield from commands_in(step.get("script", ""))


def commands_in(code: str) -> Iterator[str]:
    """Each gcloud command of a piece of shell, with something where the shell or a person would put something in."""
    for line in code.replace("\\\n", " ").splitlines():
        told = _PUT_IN.sub(lambda found: found["usual"] or "school-rollcall", line)
        for start in _STARTS.finditer(told):
            yield shlex.join(_command(told[start.start() :]))


def _command(text: str) -> Iterator[str]:
    """The words up to where another command begins."""
    words = shlex.shlex(text, posix=True, punctuation_chars=True)
    words.whitespace_split = True
    for word in words:
        if set(word) <= set("();<>|&"):
            return
        yield word
