"""Every shell and bats script passes shellcheck."""
import os
import subprocess

import tree

FIRST_LINES = ("#!/bin/sh", "#!/bin/bash", "#!/usr/bin/env bash", "#!/usr/bin/env bats")


def scripts():
    for path in tree.paths(("scripts", ".ci", "tests"), ("",)):
        with open(os.path.join(tree.ROOT, path), "rb") as file:
            first = file.readline().decode("utf-8", "replace").rstrip()
        if path.endswith((".sh", ".bash", ".bats")) or first.startswith(FIRST_LINES):
            yield path


def main():
    findings = tree.Findings("shell")
    found = list(scripts())
    if not found:
        findings.add("scripts", 1, "no scripts found")
    result = subprocess.run(
        ["shellcheck", "--format=gcc", "--external-sources", *found],
        cwd=tree.ROOT, capture_output=True, text=True, check=False,
    )
    for line in result.stdout.splitlines():
        path, number, _, text = line.split(":", 3)
        findings.add(path, number, text.strip())
    if result.returncode > 1:
        findings.add("shellcheck", 0, result.stderr.strip())
    findings.end()


main()
