"""clang-tidy over the sources, two files at a time.

    tidy.py ROOT BUILD
"""
import concurrent.futures
import subprocess
import sys

import tree


# The build's compiler may be gcc, with warnings that clang has never heard of.
TIDY = ("clang-tidy", "--quiet", "--extra-arg=-Wno-unknown-warning-option")


def main():
    findings = tree.Findings("tidy")

    def run(path):
        return path, subprocess.run(
            [*TIDY, "-p", sys.argv[2], path],
            cwd=tree.ROOT, capture_output=True, text=True, check=False,
        )

    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        for path, result in pool.map(run, tree.paths(endings=(".c",))):
            if result.returncode != 0:
                findings.add(path, 1, result.stdout.strip() or result.stderr.strip())
    findings.end()


main()
