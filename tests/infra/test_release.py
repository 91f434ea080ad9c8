"""A release names what is deployed by its content: the same bytes have the same name, and nothing is overwritten."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from infra.pack import ROOT, function_names, is_service
from infra.release import ReleaseError, main, manifest, uploads

IMAGE = "europe-west1-docker.pkg.dev/school/rollcall-tools/realtime@sha256:" + "a" * 64
FUNCTIONS = [name for name in function_names() if not is_service(name)]


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A folder of archives, each with bytes of its own."""
    for name in function_names():
        (tmp_path / f"{name}.zip").write_bytes(name.encode())
    return tmp_path


def release(build: Path, image: str = IMAGE) -> dict[str, dict[str, dict[str, str]]]:
    return manifest(build, bucket="releases", commit="c" * 40, images={"realtime": image})


def test_each_function_is_named_by_the_content_of_its_archive(build: Path) -> None:
    objects = release(build)["release"]["objects"]
    assert sorted(objects) == FUNCTIONS
    assert objects["webhook"] == f"functions/webhook-{hashlib.sha256(b'webhook').hexdigest()}.zip"


def test_what_did_not_change_keeps_its_name(build: Path) -> None:
    before = release(build)["release"]["objects"]
    (build / "webhook.zip").write_bytes(b"other")
    after = release(build)["release"]["objects"]
    assert {name for name in FUNCTIONS if before[name] != after[name]} == {"webhook"}


def test_a_function_without_an_archive_is_no_release(build: Path) -> None:
    (build / "billing.zip").unlink()
    with pytest.raises(ReleaseError, match=r"billing\.zip is missing: run `python -m infra\.pack"):
        release(build)


def test_the_gateway_is_named_by_its_digest(build: Path) -> None:
    assert release(build)["release"]["images"] == {"realtime": IMAGE}
    with pytest.raises(ReleaseError, match="name it by its digest"):
        release(build, "europe-west1-docker.pkg.dev/school/rollcall-tools/realtime:latest")
    with pytest.raises(ReleaseError, match="name each with --image"):
        manifest(build, bucket="releases", commit="c", images={})


def test_uploads_are_what_the_release_names(build: Path) -> None:
    told = release(build)
    listed = {str(archive): address for archive, address in uploads(build, told)}
    assert listed[str(build / "webhook.zip")] == f"gs://releases/{told['release']['objects']['webhook']}"
    assert len(listed) == len(FUNCTIONS)
    (build / "webhook.zip").write_bytes(b"packed again, of something else")
    with pytest.raises(ReleaseError, match=r"webhook\.zip is not the archive of the release"):
        list(uploads(build, told))


def test_the_command_writes_what_terraform_takes(build: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = build / "release.tfvars.json"
    common = ["--build", str(build)]
    assert main(["write", *common, "--bucket", "b", "--commit", "c", "--image", f"realtime={IMAGE}", "--out", str(out)]) == 0
    assert json.loads(out.read_text())["release"]["bucket"] == "b"
    assert main(["uploads", *common, "--release", str(out)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(FUNCTIONS)
    assert main(["write", *common, "--bucket", "b", "--commit", "c", "--out", str(out)]) == 1


def test_it_needs_no_package_of_ours(tmp_path: Path) -> None:
    """In the build it runs where only Python is: in the image that has gcloud."""
    import subprocess
    import sys

    for part in ("infra", "functions"):
        shutil.copytree(
            ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("node_modules", "local", "dist", "web", "cloud")
        )
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import infra.release"]
    subprocess.run(command, check=True, timeout=30)
