"""docs/attacks.md names tests that are registered, and codes that the files of those tests expect."""
import os
import re

import tree

PAGE = "docs/attacks.md"
ATTACKS = 30
REGISTERED = re.compile(r"\b(?:cmocka_unit_test\w*|(?:BOOK_)?TEST|WITH_BOOK)\(\s*(\w+)\s*[,)]")
ROW = re.compile(r"^\| (\d+) \| [^|]+ \| ([^|]*)\| ([^|]+) \|$")
CODE = re.compile(r"E_[A-Z]+")


def registered_tests():
    files = {}
    for path in tree.paths(("tests",), (".c",)):
        text = tree.read(path)
        for name in REGISTERED.findall(text):
            files.setdefault(name, []).append(text)
    return files


def main():
    findings = tree.Findings("attacks")
    tests = registered_tests()
    numbers = []
    for number, line in enumerate(tree.read(PAGE).split("\n"), 1):
        row = ROW.match(line)
        if not row:
            continue
        numbers.append(int(row.group(1)))
        named = re.findall(r"`([a-z0-9_/]+)`", row.group(3))
        texts = []
        for name in named:
            folder = "/" in name and os.path.isdir(os.path.join(tree.ROOT, name))
            if name not in tests and not folder:
                findings.add(PAGE, number, f"no test {name} is registered")
            texts += tests.get(name, [])
        for code in CODE.findall(row.group(2)):
            if not any(re.search(rf"\b{code}\b", text) for text in texts):
                findings.add(PAGE, number, f"no test of this row expects {code}")
        if not named:
            findings.add(PAGE, number, "no test is named")
    if numbers != list(range(1, ATTACKS + 1)):
        findings.add(PAGE, 1, f"attacks are not numbered 1 to {ATTACKS}")
    findings.end()


main()
