"""Reads Swift sources for scripts/structure: tokens, and what a file declares at file scope and in its types.

Strings (raw, of several lines, with interpolations), nested comments and names in backticks are understood, regular
expression literals are not. Braces have to be balanced in each branch of `#if`.
"""

import re
from dataclasses import dataclass, replace

DIRECTIVE = r"#(?:if|elseif|else|endif|sourceLocation|error|warning)\b[^\n]*"
TOKEN = re.compile(
    r"(?P<space>[ \t\r\f]+)|(?P<newline>\n[ \t\r\n]*)|(?P<comment>//[^\n]*)|(?P<block>/\*)"
    rf"|(?P<directive>{DIRECTIVE})"
    r'|(?P<string>#*"(?:"")?)'
    r"|(?P<word>`[^`\n]+`|\$?[^\W\d]\w*|\$\d+)|(?P<number>\d\w*(?:\.\d\w*)?)"
    r"|(?P<other>->|\.\.\.|\.\.<|[=!<>]=+|&&|\|\||.)")
BLOCK = re.compile(r"/\*|\*/")
CLOSING = {"(": ")", "[": "]", "{": "}"}


class Unbalanced(Exception):
    """A bracket without its counterpart."""

    def __init__(self, line, bracket):
        super().__init__(f"'{bracket}' has no counterpart")
        self.line = line


class Tokens:
    """The code of a Swift file as parallel lists, without comments and the text of string literals."""

    def __init__(self, text):
        self.source = text
        self.text = []  # a string literal is `"`, followed by `(`, code, `)` for each interpolation
        self.line = []
        self.is_word = []
        self.literals = []  # (line, text up to an interpolation, with its `\\(`, or to the end)
        self.docs = set()  # lines of documentation comments
        self.comments = {}  # line: other comments with no code before them
        self.directives = set()  # lines of #if and the like
        self._current = 1
        self._code(0, nested=False)
        # So that looking a few tokens ahead never leaves the lists.
        for _ in range(3):
            self._add("")
        self.match = self._pairs()

    def _add(self, text, word=False):
        self.text.append(text)
        self.line.append(self._current)
        self.is_word.append(word)

    def _code(self, position, nested):
        """Reads code to its end: of the file or, if it is an interpolation, behind the closing parenthesis."""
        depth = 0
        source, end, match = self.source, len(self.source), TOKEN.match
        while position < end:
            found = match(source, position)
            kind, text = found.lastgroup, found.group()
            position = found.end()
            if kind == "space":
                pass
            elif kind == "word":
                self._add(text.strip("`"), True)
            elif kind == "newline":
                self._current += text.count("\n")
            elif kind == "comment":
                if not self.line or self.line[-1] != self._current:
                    is_doc = text.startswith("///") and not text.startswith("////")
                    self.docs.add(self._current) if is_doc else self.comments.setdefault(self._current, text)
            elif kind == "block":
                position = self._block(position)
            elif kind == "string":
                position = self._string(position, text)
            elif kind == "directive":
                self.directives.add(self._current)
            else:
                self._add(text)
                if nested and text == "(":
                    depth += 1
                elif nested and text == ")":
                    depth -= 1
                    if depth == 0:
                        return position
        return position

    def _block(self, position):
        """Reads a block comment, in which others may nest."""
        begin, depth, first = position - 2, 1, self._current
        while depth and (found := BLOCK.search(self.source, position)):
            depth += 1 if found.group() == "/*" else -1
            position = found.end()
        if depth:
            position = len(self.source)
        self._current += self.source.count("\n", begin, position)
        alone = not self.line or self.line[-1] != first
        if alone and self.source.startswith("/**", begin) and position - begin > 4:
            self.docs.update(range(first, self._current + 1))
        return position

    def _string(self, position, opening):
        """Reads a string literal: of one or several lines, raw or not."""
        hashes = opening.rstrip('"')
        quotes = opening[len(hashes):]
        self._add('"')
        if quotes == '"""':
            stops = rf'"""{hashes}|\\{hashes}\(|\\{hashes}.'
        else:
            # `""` not followed by a third quote is an empty string.
            stops = rf'"{hashes}|\\{hashes}\(|\\{hashes}.|\n'
        stop = re.compile(stops, re.DOTALL)
        begin = position
        while found := stop.search(self.source, position):
            if found.group().endswith("(") and found.group().startswith("\\"):
                self._literal(begin, found.start(), "\\(")
                position = begin = self._code(found.end() - 1, nested=True)
            elif found.group().startswith("\\"):
                position = found.end()
            else:
                self._literal(begin, found.start())
                return found.end() if found.group() != "\n" else found.start()
        self._literal(begin, len(self.source))
        return len(self.source)

    def _literal(self, begin, end, behind=""):
        text = self.source[begin:end]
        self.literals.append((self._current, text + behind))
        self._current += text.count("\n")

    def after(self, index):
        """The index behind a token, or behind the group that it opens."""
        return self.match[index] + 1 if self.text[index] in CLOSING else index + 1

    def _pairs(self):
        """For each bracket the index of the one that belongs to it."""
        match, open_brackets = {}, []
        for index, text in enumerate(self.text):
            if text in CLOSING:
                open_brackets.append(index)
            elif text in (")", "]", "}"):
                if not open_brackets or CLOSING[self.text[open_brackets[-1]]] != text:
                    raise Unbalanced(self.line[index], text)
                match[open_brackets[-1]] = index
                match[index] = open_brackets.pop()
        if open_brackets:
            raise Unbalanced(self.line[open_brackets[-1]], self.text[open_brackets[-1]])
        return match


MODIFIERS = set(
    "public open package internal private fileprivate static class final lazy override mutating nonmutating nonisolated "
    "unowned weak indirect convenience required consuming borrowing dynamic optional prefix postfix infix isolated "
    "distributed sending".split())
TYPES = {"struct", "class", "enum", "actor", "protocol"}
KEYWORDS = TYPES | {
    "extension", "func", "init", "deinit", "subscript", "var", "let", "case", "typealias", "associatedtype", "import",
    "macro", "operator", "precedencegroup"}


@dataclass
class Declaration:
    """What is declared at file scope or in a type; what functions declare is not looked at."""

    kind: str  # the keyword; `generic` is a generic parameter of a type
    name: str
    at: int  # index of the name
    scope: str  # the type it is in, by its full name; empty at file scope
    line: int
    modifiers: frozenset
    first: int  # index of its first token: an attribute, modifier or keyword
    body: tuple = None  # indices of the braces
    parameters: tuple = ()  # (label, name, whether it has a default)
    header: int = None  # of a type: index of what follows its name
    bases: tuple = ()  # of a type: what it inherits from or conforms to

    @property
    def full_name(self):
        return f"{self.scope}.{self.name}" if self.scope else self.name

    @property
    def is_private(self):
        return bool(self.modifiers & {"private", "fileprivate"})

    @property
    def is_public(self):
        return bool(self.modifiers & {"public", "open"})


class Declarations:
    """Reads the declarations of a file from its tokens."""

    def __init__(self, tokens):
        self.tokens = tokens
        self.text = tokens.text
        self.found = []
        self._scope(0, len(tokens.text), "", in_protocol=False)

    def _scope(self, index, end, scope, in_protocol):
        """Reads the declarations directly in a file or in the body of a type."""
        text, match = self.text, self.tokens.match
        variable, has_value, first, modifiers = None, False, None, set()
        while index < end:
            word = text[index]
            before = text[index - 1] if index else ""
            if word == "@":
                first = index if first is None else first
                index += 2
                while index < end and text[index] == ".":
                    index += 2
                if index < end and text[index] == "(" and self._touches(index):
                    index = match[index] + 1
                continue
            is_word = self.tokens.is_word[index] and before != "."
            if is_word and word in MODIFIERS and (first is not None or self._begins(index)) \
                    and (word != "class" or self._is_modifier(index)):
                first = index if first is None else first
                # `private(set)` restricts only the setter.
                if index + 1 < end and text[index + 1] == "(":
                    index = match[index + 1] + 1
                else:
                    modifiers.add(word)
                    index += 1
                continue
            if is_word and word in KEYWORDS and not (word == "actor" and not self._is_name(index + 1)):
                start = index if first is None else first
                declaration = Declaration(
                    word, "", index, scope, self.tokens.line[index], frozenset(modifiers), start)
                index = self._declaration(declaration, index, end, in_protocol)
                variable, has_value = (declaration, False) if word in ("var", "let") else (None, False)
            elif word == "{":
                accessors = not has_value or text[index + 1] in ("didSet", "willSet")
                if variable and accessors and not in_protocol and variable.body is None:
                    variable.body = (index, match[index])
                index = match[index] + 1
            elif word in ("(", "["):
                index = self.tokens.after(index)
            else:
                if word == "=":
                    has_value = True
                elif word == "," and variable and self._is_name(index + 1) and text[index + 2] in (":", "="):
                    variable = self._another(variable, index + 1)
                    has_value = False
                index += 1
            first, modifiers = None, set()

    def _another(self, declaration, at):
        """A further name of a declaration, as in `let a, b`."""
        self.found.append(replace(declaration, name=self.text[at], at=at, line=self.tokens.line[at], body=None))
        return self.found[-1]

    def _begins(self, index):
        """Whether a token can be the first of a declaration: it is the first of its line, or of a block."""
        return index == 0 or self.text[index - 1] in ("{", "}", ";") or not self._touches(index)

    def _touches(self, index):
        """Whether a token stands on the line of the one before it."""
        return self.tokens.line[index] == self.tokens.line[index - 1]

    def _is_name(self, index):
        return index < len(self.text) and self.tokens.is_word[index]

    def _is_modifier(self, index):
        return index + 1 < len(self.text) and (self.text[index + 1] in MODIFIERS | (KEYWORDS - TYPES))

    def _declaration(self, declaration, index, end, in_protocol):
        """Reads what follows a keyword; returns where to go on."""
        text, match, kind = self.text, self.tokens.match, declaration.kind
        index += 1
        if kind == "import":
            while index < end and text[index] in TYPES | {"func", "var", "let", "typealias"}:
                index += 1
            declaration.name = text[index] if index < end else ""
            self.found.append(declaration)
            return index + 1
        if kind in TYPES or kind == "extension":
            return self._type(declaration, index, end)
        if kind in ("func", "init", "subscript", "deinit", "macro"):
            return self._function(declaration, index, end, in_protocol)
        if kind == "case":
            return self._cases(declaration, index, end)
        if index < end and text[index] == "(":
            # `let (a, b) = …`
            for inner in range(index + 1, match[index]):
                if self.tokens.is_word[inner]:
                    self._another(declaration, inner)
            return match[index] + 1
        declaration.name, declaration.at = text[index] if index < end else "", index
        self.found.append(declaration)
        return index + 1

    def _type(self, declaration, index, end):
        text = self.text
        declaration.at = index
        name = [text[index]] if index < end else []
        while declaration.kind == "extension" and index + 2 < end and text[index + 1] == ".":
            index += 2
            name.append(text[index])
        index += 1
        declaration.header = index
        bases, generics, angle, in_bases = [], [], 0, False
        while index < end and text[index] != "{":
            word = text[index]
            if angle == 1 and not in_bases and text[index - 1] in ("<", ",") and declaration.kind != "extension":
                generics.append(index)
            if word == "<":
                angle += 1
            elif word == ">":
                angle -= 1
            elif word == ":" and angle == 0:
                in_bases = True
            elif word == "where":
                in_bases = False
            elif in_bases and angle == 0 and self.tokens.is_word[index]:
                bases.append(word)
            index = self.tokens.after(index)
        declaration.name = ".".join(name)
        declaration.bases = tuple(bases)
        self.found.append(declaration)
        for generic in generics:
            self.found.append(
                Declaration("generic", text[generic], generic, declaration.full_name, declaration.line, frozenset(),
                            generic))
        if index >= end:
            return end
        close = self.tokens.match[index]
        declaration.body = (index, close)
        self._scope(index + 1, close, declaration.full_name, declaration.kind == "protocol")
        return close + 1

    def _function(self, declaration, index, end, in_protocol):
        text, match = self.text, self.tokens.match
        declaration.name = declaration.kind
        if declaration.kind in ("func", "macro"):
            declaration.name, declaration.at = text[index] if index < end else "", index
            index += 1
        self.found.append(declaration)
        if declaration.kind != "deinit":
            while index < end and text[index] != "(":
                index += 1
            if index >= end:
                return end
            declaration.parameters = tuple(parameters(self.tokens, index))
            index = match[index] + 1
        if in_protocol:
            # A subscript of a protocol says `{ get }`; what else is left of the line names no declaration.
            return index
        while index < end and text[index] != "{":
            starts = self.tokens.line[index] != self.tokens.line[index - 1]
            if text[index] == "}" or starts and (text[index] in MODIFIERS | KEYWORDS | {"@"}):
                return index
            index = self.tokens.after(index)
        if index >= end:
            return end
        declaration.body = (index, match[index])
        return match[index] + 1

    def _cases(self, declaration, index, end):
        """Each case of `case a, b(c: Int) = 1`."""
        while index < end and self.tokens.is_word[index]:
            self._another(declaration, index)
            index += 1
            if index < end and self.text[index] == "(":
                index = self.tokens.match[index] + 1
            while index < end and self.text[index] in ("=", '"', "-") or self._is_number(index):
                index += 1
            if index >= end or self.text[index] != ",":
                break
            index += 1
        return index

    def _is_number(self, index):
        return index < len(self.text) and self.text[index][:1].isdigit()


def parameters(tokens, opening):
    """The parameters in a list: (label or None, name, whether there is a default)."""
    found, index, close = [], opening + 1, tokens.match[opening]
    while index < close:
        words, has_default, in_type = [], False, False
        while index < close and tokens.text[index] != ",":
            text = tokens.text[index]
            if text == ":":
                in_type = True
            elif text == "=":
                has_default = True
            elif not in_type and tokens.is_word[index] and tokens.text[index - 1] != "@":
                words.append(text)
            if text == "<" and in_type:
                index = angle_end(tokens, index, close)
            index = tokens.after(index)
        if words:
            label = None if words[0] == "_" else words[0]
            found.append((label, words[-1], has_default))
        index += 1
    return found


def angle_end(tokens, index, limit):
    """The `>` that belongs to a `<`; the `<` itself if it is an operator."""
    depth = 0
    for position in range(index, limit):
        text = tokens.text[position]
        depth += (text == "<") - (text == ">")
        if depth == 0:
            return position
        if text in ("{", "}", "&&", "||", ";"):
            break
    return index
