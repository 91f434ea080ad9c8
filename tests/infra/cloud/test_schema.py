"""The provider's schema is read from its bindings: what is required, what is a block, what is only told back."""

import io
import tarfile
from pathlib import Path

import pytest

from infra.cloud.offline.provider import PROVIDER, encoded
from infra.cloud.offline.schema import ARCHIVE, Attribute, Block, SchemaError, fetch, schemas

CODE = """
function pondFishToHclTerraform(struct) {
    const attrs = {
        kind: {
            value: cdktf.stringToHclTerraform(struct.kind),
            isBlock: false,
            type: "simple",
            storageClassType: "string",
        },
        scales: {
            value: cdktf.listMapperHcl(cdktf.stringToHclTerraform, false)(struct.scales),
            isBlock: false,
            type: "set",
            storageClassType: "stringList",
        },
    };
}
class PondFishOutputReference extends cdktf.ComplexObject {
    get bornAt() {
        return this.getStringAttribute('born_at');
    }
}
class PondFishList extends cdktf.ComplexList {
}
class Pond extends cdktf.TerraformResource {
    get depth() {
        return this.getNumberAttribute('depth');
    }
    get level() {
        return this.getNumberAttribute('level');
    }
    synthesizeHclAttributes() {
        const attrs = {
            id: {
                value: cdktf.stringToHclTerraform(this._id),
                isBlock: false,
                type: "simple",
                storageClassType: "string",
            },
            depth: {
                value: cdktf.numberToHclTerraform(this._depth),
                isBlock: false,
                type: "simple",
                storageClassType: "number",
            },
            fish: {
                value: cdktf.listMapperHcl(pondFishToHclTerraform, true)(this._fish.internalValue),
                isBlock: true,
                type: "list",
                storageClassType: "PondFishList",
            },
        };
    }
}
"""
DECLARATIONS = """
export interface PondConfig extends cdktf.TerraformMetaArguments {
    readonly id?: string;
    readonly depth: number;
    readonly fish?: PondFish[] | cdktf.IResolvable;
}
export interface PondFish {
    readonly kind: string;
    readonly scales?: string[];
}
"""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Bindings of a provider with one resource."""
    path = tmp_path / ARCHIVE
    with tarfile.open(path, "w:gz") as packed:
        for name, text in (("index.js", CODE), ("index.d.ts", DECLARATIONS)):
            member = tarfile.TarInfo(f"package/lib/pond/{name}")
            member.size = len(text)
            packed.addfile(member, io.BytesIO(text.encode()))
    return path


def test_arguments_are_what_they_are_declared_as(archive: Path) -> None:
    pond = schemas(archive, ["google_pond"])["google_pond"]
    assert pond.attributes == {
        "id": Attribute("string", computed=True),
        "depth": Attribute("number", required=True),
        "level": Attribute("number", computed=True),
    }


def test_a_block_has_arguments_of_its_own(archive: Path) -> None:
    fish = schemas(archive, ["google_pond"])["google_pond"].blocks["fish"]
    assert (fish.nesting, fish.required, fish.limit) == ("list", False, 0)
    assert fish.block.attributes == {
        "kind": Attribute("string", required=True),
        "scales": Attribute(["set", "string"]),
        "born_at": Attribute("string", computed=True),
    }


def test_a_kind_that_the_provider_does_not_know_is_named(archive: Path) -> None:
    with pytest.raises(SchemaError, match="has no google_lake"):
        schemas(archive, ["google_pond", "google_lake"])


def test_bindings_that_are_not_the_pinned_ones_are_not_used(archive: Path) -> None:
    with pytest.raises(SchemaError, match="is not what was pinned"):
        fetch(archive.parent)
    assert not archive.exists()


def test_the_schema_is_told_in_the_plugin_protocol() -> None:
    """Field 2 of the answer is the resources by name; an attribute's name, type and flags are its fields 1, 2 and 4 to 6."""
    told = encoded({PROVIDER: Block(), "google_pond": Block({"depth": Attribute("number", required=True)})})
    attribute = b"\n\x05depth" + b'\x12\x08"number"' + b"\x20\x01"
    assert b"\n\x0bgoogle_pond" in told
    assert bytes([0x12, len(attribute)]) + attribute in told
