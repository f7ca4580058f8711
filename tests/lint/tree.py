"""The source tree as lint sees it: files, and their text without comments and literals.

An exception is a comment with a reason on the line itself or the one before it:
    /* lint: libyaml hands over a plain pointer */
"""
import os
import re
import sys

ROOT = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".")
SOURCE_FOLDERS = ("ledger", "rules", "reports", "cli")
_TOKEN = re.compile(
    r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL
)
_EXCEPTION = re.compile(r"/\*.*\blint: \w+")


def paths(folders=SOURCE_FOLDERS, endings=(".c", ".h")):
    """Paths below ROOT, sorted; generated files and bad examples are not looked at."""
    found = []
    for folder in folders:
        for where, names, files in os.walk(os.path.join(ROOT, folder)):
            names[:] = [n for n in names if n not in ("build", ".git")]
            if os.path.relpath(where, ROOT).startswith("tests/lint/bad"):
                continue
            found += [
                os.path.relpath(os.path.join(where, name), ROOT)
                for name in files
                if name.endswith(endings)
            ]
    return sorted(found)


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8", errors="replace") as file:
        return file.read()


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    def replace(match):
        token = match.group()
        return _blank(token) if token.startswith("/") else token

    return _TOKEN.sub(replace, text)


def code(text):
    """The text with comments and literals blanked; lines stay where they were."""
    return _TOKEN.sub(lambda match: _blank(match.group()), text)


def literals(text):
    """(line, content) of every string literal outside comments."""
    for match in _TOKEN.finditer(text):
        if match.group().startswith('"'):
            yield text.count("\n", 0, match.start()) + 1, match.group()[1:-1]


def is_excused(lines, number):
    return any(_EXCEPTION.search(lines[i]) for i in (number - 1, number - 2) if i >= 0)


class Findings:
    def __init__(self, name):
        self.name = name
        self.count = 0

    def add(self, path, line, text):
        self.count += 1
        print(f"{path}:{line}: {text}")

    def search(self, path, pattern, say):
        """Every match in code that has no exception beside it."""
        text = read(path)
        lines = text.split("\n")
        for number, line in enumerate(code(text).split("\n"), 1):
            for match in pattern.finditer(line):
                if not is_excused(lines, number):
                    self.add(path, number, say(match))

    def end(self):
        print(f"{self.name}: {self.count} findings" if self.count else f"{self.name}: clean")
        sys.exit(1 if self.count else 0)
