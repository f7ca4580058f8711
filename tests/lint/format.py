"""Every C file is as clang-format would write it."""
import subprocess

import tree


def main():
    findings = tree.Findings("format")
    sources = tree.paths((*tree.SOURCE_FOLDERS, "tests"))
    result = subprocess.run(
        ["clang-format", "--dry-run", "-Werror", *sources],
        cwd=tree.ROOT, capture_output=True, text=True, check=False,
    )
    seen = set()
    for line in result.stderr.splitlines():
        place = line.split(":")
        if len(place) > 3 and " error" in line and place[0] not in seen:
            seen.add(place[0])
            findings.add(place[0], place[1], "not formatted: clang-format -i")
    if result.returncode != 0 and not seen:
        findings.add("clang-format", 0, result.stderr.strip())
    findings.end()


main()
