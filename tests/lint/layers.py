"""Flow is one way: a file includes only what its target links in CMakeLists.txt."""
import os
import re

import tree

_LIBRARY = re.compile(r"^yicang_library\((\w+)\s+([^\s)]+)\s*([^)]*)\)", re.MULTILINE)
_INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')


def allowed_folders():
    """folder -> folders it may include from, itself among them."""
    targets = {
        name: (folder, [word for word in links.split() if word.startswith("yc_")])
        for name, folder, links in _LIBRARY.findall(tree.read("CMakeLists.txt"))
    }

    def reach(name, seen):
        if name not in seen:
            seen.add(name)
            for link in targets[name][1]:
                reach(link, seen)
        return seen

    return {
        folder: {targets[seen][0] for seen in reach(name, set())}
        for name, (folder, _) in targets.items()
    }


def main():
    findings = tree.Findings("layers")
    allowed = allowed_folders()
    for path in tree.paths():
        folder = os.path.dirname(path)
        if folder not in allowed:
            findings.add(path, 1, f"{folder} has no target in CMakeLists.txt")
            continue
        text = tree.without_comments(tree.read(path))
        for number, line in enumerate(text.split("\n"), 1):
            match = _INCLUDE.match(line)
            if match and os.path.dirname(match.group(1)) not in allowed[folder]:
                findings.add(path, number, f"{folder} must not include {match.group(1)}")
    findings.end()


main()
