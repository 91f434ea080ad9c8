"""Packing: one function becomes one zip that holds just what it reaches, the same bytes for the same sources.

`python -m infra.pack [NAME ...] --out build` writes build/<name>.zip. The archive has the function's folder, the shared modules
that its code imports (found by reading the sources, not by running them), a `requirements.txt` with only the packages that these
import, and a short `main.py` at its root, which is what Google's buildpack starts; a service has a `Procfile` that says so. Names
are sorted and dates fixed, so a function is deployed anew exactly when something that it uses has changed.
"""

import argparse
import ast
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OWN = ("functions", "shared")
SHIPPED = {".py", ".json", ".html", ".css", ".js", ".svg", ".ttf", ".txt", ".woff2", ".br", ".gz"}
# Pages are written in web/ and built into dist/; only what was built is shipped.
PAGES, BUILT = "web", "dist"
FIXED_DATE = (1980, 1, 1, 0, 0, 0)
FIXED_MODE = 0o644 << 16

# Import name -> the distribution that holds it, longest match first. What is not here is part of Python.
PACKAGES = {
    "croniter": "croniter",
    "dateutil": "python-dateutil",
    "flask": "flask",
    "flask_openapi3_swagger": "flask-openapi3-swagger",
    "fpdf": "fpdf2",
    "functions_framework": "functions-framework",
    "google.api_core": "google-api-core",
    "google.auth": "google-auth",
    "google.cloud.firestore": "google-cloud-firestore",
    "google.cloud.firestore_v1": "google-cloud-firestore",
    "google.cloud.scheduler_v1": "google-cloud-scheduler",
    "google.cloud.tasks_v2": "google-cloud-tasks",
    "google.oauth2": "google-auth",
    "google.protobuf": "protobuf",
    "google_auth_httplib2": "google-auth-httplib2",
    "googleapiclient": "google-api-python-client",
    "grpc": "grpcio",
    "httplib2": "httplib2",
    "jinja2": "jinja2",
    "jwt": "pyjwt",
    "pydantic": "pydantic",
    "rapidfuzz": "rapidfuzz",
    "requests": "requests",
    "socketio": "python-socketio",
    "uvicorn": "uvicorn",
}
ALWAYS = ("functions-framework", "gunicorn", "tzdata")
ALWAYS_IN_SERVICES = ("tzdata",)
WITH = {"fpdf2": ("uharfbuzz",), "google-cloud-firestore": ("grpcio",), "uvicorn": ("httptools", "uvloop", "websockets")}
SERVICE_MAIN = """from functions.{name}.main import serve

if __name__ == "__main__":
    serve()
"""
COMES_WITH_OTHERS = {"google-api-core", "protobuf"}


class PackingError(Exception):
    """A function cannot be packed; the message names the file and the remedy."""


def function_names(root: Path = ROOT) -> list[str]:
    """Everything that is deployed, functions and services, by name."""
    return sorted(table.parent.name for table in root.glob("functions/*/function.json"))


def is_service(name: str, root: Path = ROOT) -> bool:
    """Whether it is a process that serves by itself, and no function that a framework calls."""
    table = json.loads((root / "functions" / name / "function.json").read_text("utf-8"))
    return bool(table.get("trigger", {}).get("kind") == "service")


def pack(name: str, out: Path, root: Path = ROOT) -> Path:
    """Write `out`/<name>.zip and return its path; raises `PackingError`."""
    folder = root / "functions" / name
    if not (folder / "function.json").is_file():
        raise PackingError(f"There is no function {name!r}: functions/{name}/function.json is missing.")
    own, foreign = _reached(root, [path for path in _own_files(folder) if path.suffix == ".py"])
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in own}
    for path in _own_files(folder):
        files[path.relative_to(root).as_posix()] = path.read_bytes()
    if is_service(name, root):
        files["main.py"] = SERVICE_MAIN.format(name=name).encode()
        files["Procfile"] = b"web: python main.py\n"
        files["requirements.txt"] = _requirements(root, foreign, ALWAYS_IN_SERVICES).encode()
    else:
        files["main.py"] = f"from functions.{name}.main import {name}  # noqa: F401\n".encode()
        files["requirements.txt"] = _requirements(root, foreign, ALWAYS).encode()
    out.mkdir(parents=True, exist_ok=True)
    target = out / f"{name}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path_in, content in sorted(files.items()):
            info = zipfile.ZipInfo(path_in, FIXED_DATE)
            info.external_attr, info.compress_type = FIXED_MODE, zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return target


def _own_files(folder: Path) -> list[Path]:
    """The files of a function that are shipped; where it has pages, what was built of them and not their sources."""
    if (folder / PAGES).is_dir() and not (folder / BUILT / "index.html").is_file():
        raise PackingError(
            f"The pages of {folder.name} are not built: functions/{folder.name}/{BUILT} is missing; run `make web`."
        )
    left_out = {"__pycache__", PAGES}
    return [
        path
        for part in sorted(folder.iterdir())
        if part.name not in left_out
        for path in sorted([part, *part.rglob("*")])
        if path.is_file() and path.suffix in SHIPPED and "__pycache__" not in path.parts
    ]


def _reached(root: Path, starts: Iterable[Path]) -> tuple[set[Path], set[str]]:
    """Every own file that is reached from `starts`, and the foreign modules that they import."""
    waiting, own, foreign = list(starts), set[Path](), set[str]()
    while waiting:
        path = waiting.pop()
        if path in own:
            continue
        own.add(path)
        for module in _imports(path):
            if module.split(".")[0] in OWN:
                waiting += _files_of(root, module)
            else:
                foreign.add(module)
    return own, foreign


def _imports(path: Path) -> Iterator[str]:
    """The modules that a file imports anywhere in it; `from a import b` may mean the module a.b as well."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level or node.module is None:
                raise PackingError(f"{path}:{node.lineno}: relative imports cannot be followed; write the whole name.")
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif _is_find_spec(node):
            yield node.args[0].value  # type: ignore[attr-defined]


def _is_find_spec(node: ast.AST) -> bool:
    """A package whose files are used without importing it: `find_spec("name")`."""
    is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "find_spec"
    return is_call and bool(node.args) and isinstance(node.args[0], ast.Constant)  # type: ignore[attr-defined]


def _files_of(root: Path, module: str) -> list[Path]:
    """The file of a module and the packages around it; none for a name that is no module."""
    parts = module.split(".")
    packages = [root.joinpath(*parts[:depth], "__init__.py") for depth in range(1, len(parts) + 1)]
    return [path for path in (*packages, root.joinpath(*parts).with_suffix(".py")) if path.is_file()]


def _requirements(root: Path, foreign: Iterable[str], always: Iterable[str]) -> str:
    """The pinned lines of the packages that are imported, and of the few that it runs on anyway."""
    wanted = set(always)
    for module in foreign:
        package = _package_of(module)
        if package is not None and package not in COMES_WITH_OTHERS:
            wanted |= {package, *WITH.get(package, ())}
    pins = {}
    for line in (root / "requirements.txt").read_text("utf-8").splitlines():
        found = re.match(r"([A-Za-z0-9._-]+)(\[[a-z,]+\])?~=", line)
        if found:
            pins[found.group(1).lower()] = line.strip()
    if missing := sorted(wanted - pins.keys()):
        raise PackingError(f"requirements.txt has no pinned line for {', '.join(missing)}; add NAME~=VERSION.")
    return "".join(f"{pins[name]}\n" for name in sorted(wanted))


def _package_of(module: str) -> str | None:
    top = module.partition(".")[0]
    names = [name for name in PACKAGES if module == name or module.startswith(f"{name}.")]
    if names:
        return PACKAGES[max(names, key=len)]
    if top in sys.stdlib_module_names or top == "google":
        return None
    raise PackingError(f"The package of `import {module}` is not known; add it to PACKAGES in infra/pack.py.")


def main() -> int:
    """Pack the functions named on the command line, or all."""
    arguments = argparse.ArgumentParser(description="Pack functions into deterministic archives.")
    arguments.add_argument("names", nargs="*", help="functions to pack; all of them when none is named")
    arguments.add_argument("--out", type=Path, default=ROOT / "build", help="folder to write to")
    given = arguments.parse_args()
    try:
        for name in given.names or function_names():
            target = pack(name, given.out)
            print(f"{target}  {target.stat().st_size / 1024:.0f} KiB")
    except PackingError as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
