"""A release: which archives and which image are deployed, by their content, so that an earlier one can be brought back.

`python -m infra.release write` reads the packed archives and writes Terraform's variable `release`; `... uploads` lists what has
to be in the bucket, a file and its name there on each line. Archives are named by their content: nothing in the bucket is ever
overwritten, and what has not changed is neither uploaded nor deployed again.
"""

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from infra.pack import ROOT, function_names, is_service

IMAGE = re.compile(r"^[\w./:-]+@sha256:[0-9a-f]{64}$")


class ReleaseError(Exception):
    """A release cannot be written; the message says what is missing."""


def manifest(build: Path, *, bucket: str, commit: str, images: Mapping[str, str], root: Path = ROOT) -> dict[str, Any]:
    """The variable `release` of infra/cloud, for the archives in `build`; raises `ReleaseError`."""
    names = function_names(root)
    services = {name for name in names if is_service(name, root)}
    if images.keys() != services:
        raise ReleaseError(
            f"Images are named for {sorted(images)}, but the services are {sorted(services)}: name each with --image."
        )
    for name, image in images.items():
        if not IMAGE.match(image):
            raise ReleaseError(f"The image of {name} is {image!r}: name it by its digest, ...@sha256:<64 digits>.")
    objects = {name: _object_name(build, name) for name in names if name not in services}
    return {"release": {"commit": commit, "bucket": bucket, "objects": objects, "images": dict(images)}}


def uploads(build: Path, release: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Each archive of a release with where it belongs; raises `ReleaseError` for one that is not the release's."""
    told = release["release"]
    for name, wanted in sorted(told["objects"].items()):
        if _object_name(build, name) != wanted:
            raise ReleaseError(f"{build / name}.zip is not the archive of the release: pack anew, and write the release anew.")
        yield build / f"{name}.zip", f"gs://{told['bucket']}/{wanted}"


def _object_name(build: Path, name: str) -> str:
    archive = build / f"{name}.zip"
    if not archive.is_file():
        raise ReleaseError(f"{archive} is missing: run `python -m infra.pack --out {build}`.")
    return f"functions/{name}-{hashlib.sha256(archive.read_bytes()).hexdigest()}.zip"


def main(arguments: Sequence[str]) -> int:
    """Do one command; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.release", description="Write down what is deployed.")
    commands = parser.add_subparsers(dest="command", required=True)
    write = commands.add_parser("write", help="write the release of the packed archives")
    write.add_argument("--bucket", required=True, help="the bucket of the archives")
    write.add_argument("--commit", required=True, help="the commit that they were made of")
    write.add_argument("--image", action="append", default=[], metavar="NAME=IMAGE", help="a service's image, by its digest")
    write.add_argument("--out", type=Path, required=True)
    listed = commands.add_parser("uploads", help="list the archives and their names in the bucket")
    listed.add_argument("--release", type=Path, required=True)
    for command in (write, listed):
        command.add_argument("--build", type=Path, default=ROOT / "build")
    asked = parser.parse_args(arguments)
    try:
        if asked.command == "write":
            images = dict(pair.split("=", 1) for pair in asked.image if "=" in pair)
            made = manifest(asked.build, bucket=asked.bucket, commit=asked.commit, images=images)
            asked.out.write_text(json.dumps(made, indent=2) + "\n", "utf-8")
            return 0
        for archive, address in uploads(asked.build, json.loads(asked.release.read_text("utf-8"))):
            print(f"{archive} {address}")
    except ReleaseError as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
