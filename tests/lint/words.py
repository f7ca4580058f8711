"""Nothing is left for later without saying what and why elsewhere."""
import re

import tree

LATER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
FOLDERS = (*tree.SOURCE_FOLDERS, "tests", "scripts", "cmake", "docs", ".ci")
ENDINGS = (".c", ".h", ".sql", ".yaml", ".py", ".sh", ".bats", ".cmake", ".txt", ".md", ".in")


def main():
    findings = tree.Findings("words")
    for path in tree.paths(FOLDERS, ENDINGS):
        if path == "tests/lint/words.py":
            continue
        for number, line in enumerate(tree.read(path).split("\n"), 1):
            match = LATER.search(line)
            if match:
                findings.add(path, number, f"{match.group()} is left")
    findings.end()


main()
