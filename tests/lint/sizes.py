"""Files, functions and their branches stay within what a reader holds in mind."""
import os
import subprocess

import tree

FILE_LINES = 500
FUNCTION_LINES = 60
COMPLEXITY = 20  # clang-tidy also holds cognitive complexity to 15


def check_functions(findings, sources):
    result = subprocess.run(
        ["pmccabe", *sources], cwd=tree.ROOT, capture_output=True, text=True, check=True
    )
    for row in result.stdout.splitlines():
        modified, _, _, line, length, place = row.split("\t")
        path, name = place.split("(")[0], place.split(": ")[1]
        if int(length) > FUNCTION_LINES:
            findings.add(path, line, f"{name}() has {length} lines, at most {FUNCTION_LINES}")
        if int(modified) > COMPLEXITY:
            findings.add(path, line, f"{name}() has complexity {modified}, at most {COMPLEXITY}")


def main():
    findings = tree.Findings("sizes")
    for path in tree.paths():
        lines = tree.read(path).count("\n")
        if lines > FILE_LINES:
            findings.add(path, 1, f"{lines} lines, at most {FILE_LINES}")
    for path in tree.paths():
        if os.path.basename(path).split(".")[0] in ("util", "utils", "common", "helper", "helpers"):
            findings.add(path, 1, "a file is named after its noun")
    check_functions(findings, tree.paths(endings=(".c",)))
    findings.end()


main()
