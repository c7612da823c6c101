"""Runs each Python file of a folder by itself, or compiles it where what it imports is not installed.

Usage: python3 run_python.py FOLDER. Prints the versions, then a line for each file: ran, compiled, or FAILED and why.
"""
import contextlib
import importlib.util
import io
import pathlib
import re
import sys
import traceback
import warnings

IMPORT = re.compile(r"^(?:import|from)\s+(\w+)", re.M)


def version(module):
    return getattr(__import__(module), "__version__", "")


def main(folder):
    files = sorted(pathlib.Path(folder).glob("*.py"))
    wanted = sorted({name for file in files for name in IMPORT.findall(file.read_text("utf-8"))})
    there = [name for name in wanted if importlib.util.find_spec(name)]
    print("Python", sys.version.split()[0], *(f"{name} {version(name)}".strip() for name in there), sep=", ")
    for file in files:
        text = file.read_text("utf-8")
        missing = [name for name in IMPORT.findall(text) if name not in there]
        try:
            code = compile(text, file.name, "exec")
            if not missing:
                with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
                    warnings.simplefilter("ignore")
                    exec(code, {"__name__": "__main__"})
            print("compiled" if missing else "ran", file.stem)
        except Exception:
            print("FAILED", file.stem, traceback.format_exc().strip().replace("\n", " | "))


main(sys.argv[1])
