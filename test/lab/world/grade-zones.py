"""`dnsviz grok`: Debian 12's dnsviz looks for pygraphviz's version in a module that its pygraphviz has no more."""

import sys
import types

import pygraphviz

release = types.ModuleType("pygraphviz.release")
release.version = pygraphviz.__version__ + ".0"
sys.modules["pygraphviz.release"] = pygraphviz.release = release

from dnsviz.commands import grok  # noqa: E402

grok.main(sys.argv)
