"""The schema of Google's provider, read from its published TypeScript bindings, which name every argument, block and type.

The provider itself cannot be had where there is no way to its registry; its bindings are an ordinary npm package. Nothing of it
is kept in the repository: the archive is fetched once, by version and digest, into the ignored folder build/.
"""

import hashlib
import re
import subprocess
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

PACKAGE, PACKAGE_VERSION, PROVIDER_VERSION = "@cdktf/provider-google", "16.12.1", "6.50.0"
DIGEST = "c13e11596542ffb7412d5f4caa9376525fbef88d18cdedac03c9b3c392a1fc80"
ARCHIVE = f"cdktf-provider-google-{PACKAGE_VERSION}.tgz"
FETCH_TIMEOUT_S = 300

Type = str | list["Type | dict[str, Type]"]
"""A type as Terraform writes it in JSON: "string", ["list", "string"], ["list", ["object", {...}]]."""

_SIMPLE: Mapping[str, Type] = {
    "string": "string",
    "number": "number",
    "boolean": "bool",
    "stringMap": ["map", "string"],
    "numberMap": ["map", "number"],
    "booleanMap": ["map", "bool"],
    "stringList": "string",
    "numberList": "number",
    "booleanList": "bool",
}
_READ: Mapping[str, Type] = {
    "String": "string",
    "Number": "number",
    "Boolean": "bool",
    "List": ["list", "string"],
    "StringMap": ["map", "string"],
    "NumberMap": ["map", "number"],
    "NumberList": ["list", "number"],
}
_ANY: Type = "dynamic"
_ENTRY = re.compile(
    r'(\w+): \{\s*value: (.+),\s*isBlock: (true|false),\s*type: "(\w+)",\s*storageClassType: "(\w+)",', re.MULTILINE
)
_STRUCT = re.compile(r"(?<!cdktf\.)\b(\w+)ToHclTerraform\b")
_PROPERTY = re.compile(r"(?:struct|this)\.(?:_)?(\w+)")


class SchemaError(Exception):
    """The schema cannot be had; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """An argument or a result."""

    type: Type
    required: bool = False
    computed: bool = False


@dataclass(frozen=True, slots=True)
class Nested:
    """A block in a block; `nesting` is list, set or single, `limit` the most of them (0 for any number)."""

    block: "Block"
    nesting: str
    required: bool
    limit: int


@dataclass(frozen=True, slots=True)
class Block:
    """A resource's or a block's arguments and inner blocks, by name."""

    attributes: dict[str, Attribute] = field(default_factory=dict)
    blocks: dict[str, Nested] = field(default_factory=dict)


def fetch(folder: Path) -> Path:
    """The bindings' archive in `folder`, fetched at the first call; raises `SchemaError`."""
    archive = folder / ARCHIVE
    if not archive.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder) as aside:
            _download(Path(aside)).replace(archive)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != DIGEST:
        archive.unlink()
        raise SchemaError(f"{archive} is not what was pinned (sha256 {digest}); it was deleted, so try again.")
    return archive


def _download(folder: Path) -> Path:
    command = ["npm", "pack", f"{PACKAGE}@{PACKAGE_VERSION}", "--silent"]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=FETCH_TIMEOUT_S, cwd=folder)
    except (OSError, subprocess.SubprocessError) as failed:
        raise SchemaError(f"{PACKAGE}@{PACKAGE_VERSION} could not be fetched: `npm pack` failed ({failed}).") from failed
    return folder / ARCHIVE


def schemas(archive: Path, kinds: Iterable[str]) -> dict[str, Block]:
    """The schema of each kind: `google_pubsub_topic`, `data.google_project`, or `provider`; raises `SchemaError`."""
    wanted = {_folder_of(kind): kind for kind in kinds}
    texts: dict[str, dict[str, str]] = {folder: {} for folder in wanted}
    with tarfile.open(archive) as packed:
        for member in packed:
            parts = member.name.split("/")
            if len(parts) == 4 and parts[1] == "lib" and parts[2] in texts and parts[3] in ("index.js", "index.d.ts"):  # noqa: PLR2004
                content = packed.extractfile(member)
                texts[parts[2]][parts[3]] = content.read().decode() if content else ""
    if unknown := sorted(wanted[folder] for folder, found in texts.items() if len(found) < 2):  # noqa: PLR2004
        raise SchemaError(f"Google's provider {PROVIDER_VERSION} has no {', '.join(unknown)}: correct the name.")
    return {wanted[folder]: _Bindings(found["index.js"], found["index.d.ts"]).resource() for folder, found in texts.items()}


def _folder_of(kind: str) -> str:
    return kind.replace("data.google_", "data-google-").removeprefix("google_").replace("_", "-")


class _Bindings:
    """One resource's generated module: the code, and the declarations that say what is required."""

    def __init__(self, code: str, declarations: str) -> None:
        self._code = code
        self._structs = dict(re.findall(r"^function (\w+)ToHclTerraform\(struct\) \{(.*?)^\}", code, re.MULTILINE | re.DOTALL))
        self._classes = dict(re.findall(r"^class (\w+) extends [\w.]+ \{(.*?)^\}", code, re.MULTILINE | re.DOTALL))
        self._interfaces = dict(re.findall(r"^export interface (\w+)\b(.*?)^\}", declarations, re.MULTILINE | re.DOTALL))

    def resource(self) -> Block:
        found = re.search(r"^class (\w+) extends cdktf\.Terraform(?:Resource|DataSource|Provider) \{", self._code, re.MULTILINE)
        if found is None:
            raise SchemaError("The bindings have another form than expected: no class of a resource was found.")
        name = found.group(1)
        body = self._classes[name]
        arguments = body.partition("synthesizeHclAttributes() {")[2]
        return self._block(arguments, self._required(f"{name}Config"), self._results(body))

    def _block(self, arguments: str, required: frozenset[str], results: Mapping[str, Type]) -> Block:
        block = Block()
        for name, value, is_block, kind, storage in _ENTRY.findall(arguments):
            inner = _STRUCT.search(value)
            is_required = bool(set(_PROPERTY.findall(value)) & required)
            if inner is None:
                held = _SIMPLE[storage]
                block.attributes[name] = Attribute([kind, held] if kind in ("list", "set") else held, is_required)
            elif is_block == "true":
                nested = self._struct(inner.group(1))
                limit = 0 if "MapperHcl" in value else 1
                nesting = "single" if kind == "struct" else kind
                block.blocks[name] = Nested(nested, nesting, is_required, limit)
            else:
                held = ["object", _object(self._struct(inner.group(1)))]
                block.attributes[name] = Attribute([kind, held] if kind in ("list", "set") else held, is_required)
        known = block.attributes.keys() | block.blocks.keys()
        for name, kind_read in results.items():
            if name not in known:
                block.attributes[name] = Attribute(kind_read, computed=True)
        if "id" in block.attributes:
            block.attributes["id"] = Attribute("string", computed=True)
        return block

    @cache  # noqa: B019 - as long-lived as the module's text
    def _struct(self, name: str) -> Block:
        title = name[0].upper() + name[1:]
        return self._block(
            self._structs[name], self._required(title), self._results(self._classes.get(f"{title}OutputReference", ""))
        )

    def _required(self, interface: str) -> frozenset[str]:
        return frozenset(re.findall(r"^    readonly (\w+): ", self._interfaces.get(interface, ""), re.MULTILINE))

    def _results(self, body: str) -> dict[str, Type]:
        results = {name: _READ.get(kind, _ANY) for kind, name in re.findall(r"this\.get(\w+?)Attribute\(['\"](\w+)['\"]\)", body)}
        results |= {name: ["map", "string"] for name in re.findall(r"new cdktf\.StringMap\(this, \"(\w+)\"\)", body)}
        for kind, name in re.findall(r"new (\w+)List\(this, \"(\w+)\", (?:true|false)\)", body):
            inner = self._classes.get(f"{kind}OutputReference")
            if inner and f"function {kind[0].lower() + kind[1:]}ToHclTerraform" in self._code and not self._is_argument(name):
                results[name] = ["list", ["object", self._results(inner)]]
        return results

    def _is_argument(self, name: str) -> bool:
        return re.search(rf"^ +{name}: \{{$", self._code, re.MULTILINE) is not None


def _object(block: Block) -> dict[str, Type]:
    inner: dict[str, Type] = {name: ["list", ["object", _object(nested.block)]] for name, nested in block.blocks.items()}
    return {name: attribute.type for name, attribute in block.attributes.items()} | inner
