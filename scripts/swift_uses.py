"""Which files of a Swift target use which others: for scripts/structure, which says what counts as a use."""

from collections import defaultdict, deque

from swift_source import TYPES, angle_end, parameters

TYPE_NAMES = TYPES | {"typealias"}


class Uses:
    """Which files of a target use which others, and by what names."""

    def __init__(self, files, tree):
        self.files = files
        self.target = files[0].target if files else ""
        self.by_file = {}  # path: {path of the used file: {name: line of its first use}}
        self._global = defaultdict(list)  # name at file scope: (path, declaration)
        self._nested = defaultdict(list)  # full name of a type in a type: (path, declaration)
        self._members = defaultdict(set)  # full name of a type: names in it
        self._bases = defaultdict(set)
        self._families = {}
        for file in tree.files:
            for declaration in file.declarations:
                if declaration.scope:
                    self._members[declaration.scope].add(declaration.name)
                self._bases[declaration.full_name].update(declaration.bases)
        for file in files:
            for declaration in file.declarations:
                if not declaration.scope and declaration.kind not in ("import", "extension"):
                    self._global[declaration.name].append((file.path, declaration))
                elif declaration.scope and declaration.kind in TYPE_NAMES:
                    self._nested[declaration.full_name].append((file.path, declaration))
        # Types that nest others; they may come from another module.
        self._outer = {name.rpartition(".")[0] for name in self._nested}
        self._names = set(self._global) | {name.rpartition(".")[2] for name in self._nested} | self._outer
        for file in files:
            self.by_file[file.path] = self._uses(file)

    def _uses(self, file):
        uses = defaultdict(dict)
        tokens, bound = file.tokens, Bindings(file)
        types = {
            declaration.header: declaration for declaration in file.declarations
            if declaration.body and declaration.kind in TYPES | {"extension"}
        }
        enclosing = []  # types around the token: (index of the closing brace, full name)
        last = (-1, "")  # index of the last token that named a type, and the type's full name
        for index, text in enumerate(tokens.text):
            if index in types:
                enclosing.append((types[index].body[1], types[index].full_name))
            elif text == "}" and enclosing and enclosing[-1][0] == index:
                enclosing.pop()
            bound.visit(index)
            if text not in self._names or not tokens.is_word[index] or index in bound.declared:
                continue
            scopes = [name for _, name in reversed(enclosing)]
            if index and tokens.text[index - 1] == ".":
                name, paths = self._behind_dot(file, index, last, scopes)
            elif bound.is_label(index) or bound.hides(index):
                continue
            else:
                name, paths = self._alone(file, index, scopes)
            if name:
                last = (index, name)
            if len(paths) == 1 and file.path not in paths:
                uses[paths.pop()].setdefault(name or text, tokens.line[index])
        return dict(uses)

    # The following return the full name of the type that a token names (empty if it names none), and the files that
    # may declare what it names.

    def _behind_dot(self, file, index, last, scopes):
        text, before = file.tokens.text[index], file.tokens.text[index - 2]
        if last[0] == index - 2:
            return self._in_type(file, f"{last[1]}.{text}")
        if before == "Self" and scopes:
            return self._in_type(file, f"{scopes[0]}.{text}")
        return self._at_file_scope(file, index) if before == self.target else ("", set())

    def _alone(self, file, index, scopes):
        text = file.tokens.text[index]
        for scope in scopes:
            while scope:
                for name in self._family(scope):
                    found = self._in_type(file, f"{name}.{text}")
                    if found[0] or text in self._members[name]:
                        return found
                scope = scope.rpartition(".")[0]
        return self._at_file_scope(file, index)

    def _in_type(self, file, name):
        paths = {path for path, declaration in self._nested.get(name, ()) if sees(file, path, declaration)}
        return (name if paths else "", paths)

    def _at_file_scope(self, file, index):
        text = file.tokens.text[index]
        found = [(path, declaration) for path, declaration in self._global[text] if sees(file, path, declaration)]
        paths = {path for path, _ in found}
        if len(paths) > 1 and file.tokens.text[index + 1] == "(":
            labels = call_labels(file.tokens, index + 1)
            paths = {path for path, declaration in found if accepts(declaration, labels)}
        is_type = text in self._outer or any(declaration.kind in TYPE_NAMES for _, declaration in found)
        return (text if is_type else "", paths)

    def _family(self, name):
        """A type and all that it inherits from, as far as it is known."""
        if name not in self._families:
            family = [name]
            for member in family:
                family += [base for base in sorted(self._bases.get(member, ())) if base not in family]
            self._families[name] = family
        return self._families[name]

    def circles(self):
        """Groups of more than one file that use each other in a circle, each sorted."""
        graph = {path: sorted(uses) for path, uses in self.by_file.items()}
        return sorted(sorted(group) for group in components(graph) if len(group) > 1)

    def shortest_cycle(self, group):
        """The files of one of the shortest cycles in a group."""
        best = None
        for start in group:
            came_from, queue = {start: None}, deque([start])
            while queue:
                path = queue.popleft()
                for used in sorted(self.by_file[path]):
                    if used == start:
                        cycle = []
                        while path is not None:
                            cycle.insert(0, path)
                            path = came_from[path]
                        if best is None or len(cycle) < len(best):
                            best = cycle
                        queue.clear()
                        break
                    if used not in came_from and used in group:
                        came_from[used] = path
                        queue.append(used)
        return best


def sees(file, path, declaration):
    """Whether a declaration of the file at `path` is visible in another one."""
    return path == file.path or not declaration.is_private


class Bindings:
    """Names that locals, parameters and generic parameters hide while the tokens of a file are visited in order."""

    def __init__(self, file):
        self.tokens = file.tokens
        self.scopes = [{}]  # name: line from which on it is bound
        self.upcoming = defaultdict(dict)  # index of a brace: names of its scope
        # Indices of tokens that name what is declared there.
        self.declared = {declaration.at for declaration in file.declarations if declaration.kind != "extension"}
        for declaration in file.declarations:
            if declaration.body:
                for _, name, _ in declaration.parameters:
                    self.upcoming[declaration.body[0]][name] = 0
        self.brackets = []

    def visit(self, index):
        """Takes notice of the token at `index`."""
        tokens = self.tokens
        text = tokens.text[index]
        if text == "{":
            names = self.upcoming.pop(index, {})
            names.update(dict.fromkeys(self._closure_parameters(index), 0))
            self.scopes.append(names)
        elif text == "}":
            if len(self.scopes) > 1:
                self.scopes.pop()
        if text in ("(", "["):
            self.brackets.append(text)
        elif text in (")", "]"):
            if self.brackets:
                self.brackets.pop()
        if not tokens.is_word[index] or index and tokens.text[index - 1] == ".":
            return
        if text in ("let", "var"):
            self._pattern(index)
        elif text == "for":
            self._pattern(index + 1 if tokens.text[index + 1] in ("await", "try") else index)
        elif text == "func":
            self._local_function(index)
        elif text in ("init", "subscript"):
            self._generics(index)
        elif text in TYPE_NAMES and index + 1 not in self.declared:
            self._bind(index + 1)

    def _bind(self, index):
        self.declared.add(index)
        if len(self.scopes) > 1:
            self.scopes[-1][self.tokens.text[index]] = self.tokens.line[index]

    def _pattern(self, index):
        """`let a`, `let (a, b)`, `case let .a(b)`."""
        tokens = self.tokens
        index += 1
        limit = min(index + 8, len(tokens.text))
        if index < limit and tokens.is_word[index] and tokens.text[index + 1] not in (".", "("):
            if tokens.text[index] not in ("let", "var", "case", "await", "try"):
                self._bind(index)
            return
        while index < limit and (tokens.is_word[index] or tokens.text[index] == "."):
            index += 1
        if index < limit and tokens.text[index] == "(":
            for inner in range(index + 1, tokens.match[index]):
                if tokens.is_word[inner] and tokens.text[inner - 1] != "." and tokens.text[inner + 1] != ":":
                    self._bind(inner)

    def _local_function(self, index):
        tokens = self.tokens
        self.declared.add(index + 1)
        if len(self.scopes) > 1:
            self.scopes[-1].setdefault(tokens.text[index + 1], 0)
        self._generics(index + 1)
        opening = index + 2
        while opening < len(tokens.text) and tokens.text[opening] != "(":
            opening += 1
        if opening >= len(tokens.text):
            return
        body = tokens.match[opening] + 1
        while body < len(tokens.text) and tokens.text[body] not in ("{", "}"):
            body = tokens.after(body)
        for _, name, _ in parameters(tokens, opening):
            self.upcoming[body].setdefault(name, 0)

    def _generics(self, index):
        """The names in `<T: A, U>` behind the token at `index`: not uses, and hidden in the body that follows."""
        tokens = self.tokens
        if tokens.text[index + 1] != "<":
            return
        end = angle_end(tokens, index + 1, len(tokens.text))
        names = [
            position for position in range(index + 2, end)
            if tokens.is_word[position] and tokens.text[position - 1] in ("<", ",", "each", "let")
        ]
        self.declared.update(names)
        body = end
        while body < len(tokens.text) and tokens.text[body] not in ("{", "}"):
            for position in names:
                if tokens.text[body] == tokens.text[position]:
                    self.declared.add(body)
            body += 1
        for position in names:
            self.upcoming[body].setdefault(tokens.text[position], 0)

    def _closure_parameters(self, index):
        """The parameters of `{ [captures] (a, b: Int) -> C in`."""
        tokens = self.tokens
        index += 1
        if index < len(tokens.text) and tokens.text[index] == "[":
            index = tokens.match[index] + 1
        names, limit = [], min(index + 24, len(tokens.text))
        while index < limit:
            text = tokens.text[index]
            if text == "in":
                return names
            if text == "(":
                names += [name for _, name, _ in parameters(tokens, index)]
                index = tokens.match[index]
            elif tokens.is_word[index]:
                names.append(text)
            elif text not in (",", "->", "@", "_", ":", ".", "[", "]", "<", ">", "?"):
                return []
            index += 1
        return []

    def is_label(self, index):
        """Whether a name is the label of an argument, or the label or name of a parameter."""
        text, is_word = self.tokens.text, self.tokens.is_word
        if not self.brackets or self.brackets[-1] != "(":
            return False
        if text[index - 1] in ("(", ","):
            # `name: value` or `name other: Type`
            return text[index + 1] == ":" or is_word[index + 1] and text[index + 2] == ":"
        # `label name: Type`
        return text[index + 1] == ":" and is_word[index - 1] and text[index - 2] in ("(", ",")

    def hides(self, index):
        """Whether a local has the name at `index`. In `let name = name(…)` the second one is not the local."""
        name, line = self.tokens.text[index], self.tokens.line[index]
        is_call = self.tokens.text[index + 1] == "("
        return any(name in scope and (scope[name] < line or not is_call) for scope in self.scopes)


def call_labels(tokens, opening):
    """The labels of the arguments of a call; None for an argument without one."""
    labels, index, close = [], opening + 1, tokens.match[opening]
    while index < close:
        labels.append(tokens.text[index] if tokens.is_word[index] and tokens.text[index + 1] == ":" else None)
        while index < close and tokens.text[index] != ",":
            index = tokens.after(index)
        index += 1
    return labels


def accepts(declaration, labels):
    """Whether a function can be called with those labels; the last parameters may be trailing closures."""
    if declaration.kind != "func":
        return False
    position = 0
    for label in labels:
        while position < len(declaration.parameters) and declaration.parameters[position][0] != label:
            if not declaration.parameters[position][2]:
                return False
            position += 1
        if position == len(declaration.parameters):
            return False
        position += 1
    required = [parameter for parameter in declaration.parameters[position:] if not parameter[2]]
    return len(required) <= 1


def components(graph):
    """Strongly connected components, by Tarjan's algorithm."""
    order, low, stack, on_stack, found = {}, {}, [], set(), []

    def enter(node):
        order[node] = low[node] = len(order)
        stack.append(node)
        on_stack.add(node)
        return node, iter(graph[node])

    for root in graph:
        if root in order:
            continue
        work = [enter(root)]
        while work:
            node, rest = work[-1]
            for used in rest:
                if used not in order:
                    work.append(enter(used))
                    break
                if used in on_stack:
                    low[node] = min(low[node], order[used])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    group = []
                    while True:
                        group.append(stack.pop())
                        on_stack.discard(group[-1])
                        if group[-1] == node:
                            break
                    found.append(group)
    return found
