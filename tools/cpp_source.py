"""C++ text for checks that need no compiler: what is code, what is text, where functions are.

A heuristic, and honest about it: it reads well-formed code in this project's style. Nothing here
knows types or macros.
"""

import bisect
import re

_TOKEN = re.compile(
    r"""//[^\n]*
      | /\*.*?\*/
      | R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)"
      | "(?:[^"\\\n]|\\.)*"
      | (?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)+'
    """,
    re.VERBOSE | re.DOTALL,
)

_SCOPE = re.compile(r"\b(namespace|class|struct|union|extern)\b")
_NO_FUNCTION = re.compile(r"(=|\breturn|\benum\b.*|\bco_return|,|\()\s*$", re.DOTALL)
_BRACES = re.compile(r"[{}();]")


class Source:
    """`text` as read; `code` with comments and the insides of literals blanked, same length."""

    def __init__(self, text):
        self.text = text
        self.literals = []  # (offset, text between the quotes)
        self.code = _TOKEN.sub(self._blank, text)
        self._line_starts = [0] + [m.end() for m in re.finditer("\n", text)]

    def _blank(self, match):
        token = match.group()
        if token[0] in "/":
            return re.sub(r"[^\n]", " ", token)
        first = token.index('"') if token[0] == "R" else 0
        inside = token[first + 1:-1]
        if token[0] != "'":
            self.literals.append((match.start(), inside))
        return token[:first + 1] + re.sub(r"[^\n]", " ", inside) + token[-1]

    def line_of(self, offset):
        return bisect.bisect_right(self._line_starts, offset)

    def functions(self):
        """(first line, last line, head) of each function body at namespace or class scope."""
        depth_of_parens, head_start, open_braces = 0, 0, []
        for match in _BRACES.finditer(self.code):
            sign, at = match.group(), match.start()
            if sign == "(":
                depth_of_parens += 1
            elif sign == ")":
                depth_of_parens -= 1
            elif sign == "{":
                head = self.code[head_start:at]
                open_braces.append((self._kind(open_braces, head, depth_of_parens), at, head_start))
                if open_braces[-1][0] == "scope":
                    head_start = at + 1
            elif sign == "}" and open_braces:
                kind, start, head_from = open_braces.pop()
                if open_braces and open_braces[-1][0] != "scope":
                    continue
                # `: member_{value}, …` and `(T x = {})` are no bodies: the head goes on.
                goes_on = self.code[at + 1:at + 40].lstrip()[:1] in tuple(",{")
                if depth_of_parens > 0 or (kind == "function" and goes_on):
                    head_start = head_from
                    continue
                if kind == "function":
                    head = self.code[head_from:start]
                    first = head_from + len(head) - len(head.lstrip())
                    yield self.line_of(first), self.line_of(at), " ".join(head.split())
                head_start = at + 1
            elif sign == ";" and depth_of_parens == 0:
                if not open_braces or open_braces[-1][0] == "scope":
                    head_start = at + 1

    @staticmethod
    def _kind(open_braces, head, depth_of_parens):
        """What a brace opens: a scope that may hold functions, a function, or something else."""
        if open_braces and open_braces[-1][0] != "scope":
            return "inside"
        if depth_of_parens > 0:
            return "other"
        plain = re.sub(r"<[^<>]*>", "", head)
        if "(" in head and ")" in head and not _NO_FUNCTION.search(plain):
            return "function"
        if _SCOPE.search(plain) and "=" not in plain:
            return "scope"
        return "other"


def argument_text(code, name):
    """(offset, text between the parentheses) of every call of `name`."""
    for match in re.finditer(rf"\b{name}\s*\(", code):
        depth, start = 1, match.end()
        for sign in re.finditer(r"[()]", code[start:]):
            depth += 1 if sign.group() == "(" else -1
            if depth == 0:
                yield match.start(), code[start:start + sign.start()]
                break
