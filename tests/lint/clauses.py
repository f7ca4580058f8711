"""Every title, message and clause of a shipped policy stands in Chinese and in English."""
import re

import tree

TEXT = re.compile(r"( *)(?:- )?(title|message|clause):(.*)")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LANGUAGE = re.compile(r"(?:^|[\s{,])(zh|en):")


def texts(lines):
    """Line number, key and everything that stands below it."""
    for number, line in enumerate(lines, 1):
        match = TEXT.fullmatch(line)
        if not match:
            continue
        below = [match[3]]
        for following in lines[number:]:
            if following.strip() and len(following) - len(following.lstrip()) <= len(match[1]):
                break
            below.append(following)
        yield number, match[2], "\n".join(below)


def halves(text):
    """{"zh": text, "en": text} as far as they are there."""
    pieces = LANGUAGE.split(text)
    return dict(zip(pieces[1::2], pieces[2::2]))


def main():
    findings = tree.Findings("clauses")
    for path in tree.paths(("rules/policies",), (".yaml",)):
        if path.endswith(".tests.yaml"):
            continue
        for number, key, text in texts(tree.read(path).split("\n")):
            half = halves(text)
            if not CHINESE.search(half.get("zh", "")):
                findings.add(path, number, f"{key} is not there in Chinese")
            if not re.search("[a-z]", half.get("en", "")) or CHINESE.search(half["en"]):
                findings.add(path, number, f"{key} is not there in English")
    findings.end()


main()
