import sys

exec(compile(sys.stdin.read(), "x", "exec"))
