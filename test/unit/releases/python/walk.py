"""What a Python file uses: names of the library's modules, builtins, methods that came late, and what the grammar got after 3.0.

usage: walk.py <FILES, with {name: text} as JSON on standard input. Gives {name: [[line, word], ...]}. `import os` is a word, and
so are what is taken from a module (`os.path.join`) and the arguments that are given to that by name (`os.makedirs(exist_ok)`).
"""
import ast
import builtins
import json
import sys


class Reader(ast.NodeVisitor):
    def __init__(self):
        self.found, self.modules = [], {}

    def say(self, node, word):
        self.found.append([getattr(node, "lineno", 0), word])

    def visit_Import(self, node):
        for alias in node.names:
            self.say(node, "import " + alias.name)
            name = alias.asname or alias.name.split(".")[0]
            self.modules[name] = alias.name if alias.asname else name

    def visit_ImportFrom(self, node):
        self.say(node, "import " + node.module)
        for alias in node.names:
            self.say(node, "%s.%s" % (node.module, alias.name))
            self.modules[alias.asname or alias.name] = "%s.%s" % (node.module, alias.name)

    def path(self, node):
        """`os.path.join` of a name or an attribute that begins with a module; None of others."""
        if isinstance(node, ast.Name):
            return self.modules.get(node.id)
        if isinstance(node, ast.Attribute):
            before = self.path(node.value)
            return before and "%s.%s" % (before, node.attr)
        return None

    def visit_Attribute(self, node):
        path = self.path(node)
        self.say(node, path if path else "." + node.attr)
        if not path:
            self.visit(node.value)

    def visit_Name(self, node):
        if node.id not in self.modules and hasattr(builtins, node.id):
            self.say(node, node.id)

    def visit_Call(self, node):
        path = self.path(node.func)
        builtin = isinstance(node.func, ast.Name) and not path and hasattr(builtins, node.func.id)
        method = "." + node.func.attr if isinstance(node.func, ast.Attribute) else None
        name = path or (node.func.id if builtin else method)
        for keyword in node.keywords:
            if name and keyword.arg:
                self.say(node, "%s(%s)" % (name, keyword.arg))
        starred, doubly = [isinstance(one, ast.Starred) for one in node.args], [one.arg is None for one in node.keywords]
        if sum(starred) > 1 or sum(doubly) > 1:
            self.say(node, "f(*a, *b)")
        for before, after in zip(node.args, node.args[1:]):
            if isinstance(before, ast.Starred) and not isinstance(after, ast.Starred):
                self.say(node, "f(*a, b)")
        for one in node.args:
            self.visit(one.value if isinstance(one, ast.Starred) else one)
        for one in node.keywords:
            self.visit(one.value)
        self.visit(node.func)

    def visit_Starred(self, node):
        # To assign to it is as old as Python 3.
        if isinstance(node.ctx, ast.Load):
            self.say(node, "[*a]")
        self.generic_visit(node)

    def visit_Dict(self, node):
        if None in node.keys:
            self.say(node, "{**a}")
        self.generic_visit(node)

    def visit_BinOp(self, node):
        if isinstance(node.op, ast.MatMult):
            self.say(node, "a @ b")
        if isinstance(node.op, ast.Mod) and isinstance(getattr(node.left, "value", None), bytes):
            self.say(node, "b'' % a")
        self.generic_visit(node)

    def visit_FunctionDef(self, node):
        if node.args.posonlyargs:
            self.say(node, "def f(a, /)")
        self.generic_visit(node)

    def generic_visit(self, node):
        word = NEW.get(type(node).__name__)
        if word:
            self.say(node, word)
        super().generic_visit(node)


NEW = {
    "JoinedStr": "f''",
    "AnnAssign": "a: b = c",
    "NamedExpr": "(a := b)",
    "AsyncFunctionDef": "async def",
    "AsyncFor": "async def",
    "AsyncWith": "async def",
    "Await": "async def",
    "Match": "match",
    "TryStar": "except*",
    "TypeAlias": "type A = b",
}


def read(text):
    reader = Reader()
    reader.visit(ast.parse(text))
    return sorted(reader.found)


files = json.load(sys.stdin)
json.dump({name: read(text) for name, text in files.items()}, sys.stdout)
