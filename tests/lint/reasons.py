"""Every reason id has the form family.what (those of the log's checks: E_WHAT), and every family stands in the manual."""
import re

import tree

CALL = re.compile(r"\berror_set\(")
ID = re.compile(r'"([^"]*)"')
FORM = re.compile(r"[a-z]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*|E_[A-Z]+")
FAMILIES = re.compile(r"^\.It Sy (.+)$", re.MULTILINE)


def arguments(text, start):
    """The arguments of the call that opens before start, split at its own commas."""
    depth, piece, pieces, quoted = 0, "", [], False
    for at in range(start, len(text)):
        char = text[at]
        if char == '"' and text[at - 1] != "\\":
            quoted = not quoted
        if not quoted:
            if char in "([{":
                depth += 1
            elif char in ")]}":
                if depth == 0:
                    return [*pieces, piece]
                depth -= 1
            elif char == "," and depth == 0:
                pieces.append(piece)
                piece = ""
                continue
        piece += char
    return pieces


def main():
    findings = tree.Findings("reasons")
    manual = tree.read("cli/man/yicang.1.in")
    known = {word for line in FAMILIES.findall(manual) for word in re.split(r"[ ,]+", line)}
    seen = set()
    for path in tree.paths(endings=(".c",)):
        text = tree.without_comments(tree.read(path))
        for call in CALL.finditer(text):
            given = arguments(text, call.end())
            line = text.count("\n", 0, call.start()) + 1
            for reason in ID.findall(given[2]) if len(given) > 3 else ():
                if "%" in reason:
                    continue  # made of a policy's condition: loan.over-household-limit
                family = "E_*" if reason.startswith("E_") else reason.split(".")[0]
                if not FORM.fullmatch(reason):
                    findings.add(path, line, f"{reason} is not of the form family.what")
                elif family not in known and family not in seen:
                    seen.add(family)
                    findings.add(path, line, f"the manual does not explain the reasons {family}.*")
    findings.end()


main()
