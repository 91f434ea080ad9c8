"""Keys: made once, kept for their owner's eyes only."""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from infra.local.keys import jwt_secret, signing_key, stripe_webhook_secret, webhook_secret
from infra.local.troubles import Trouble


def test_keys_are_made_once_and_kept(tmp_path: Path) -> None:
    assert jwt_secret(tmp_path) == jwt_secret(tmp_path)
    assert webhook_secret(tmp_path) == webhook_secret(tmp_path)
    assert stripe_webhook_secret(tmp_path) == stripe_webhook_secret(tmp_path)
    assert signing_key(tmp_path).private_numbers() == signing_key(tmp_path).private_numbers()


def test_keys_differ_from_folder_to_folder(tmp_path: Path) -> None:
    assert jwt_secret(tmp_path / "a") != jwt_secret(tmp_path / "b")


def test_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    jwt_secret(secrets), webhook_secret(secrets), signing_key(secrets)
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets.iterdir()} == {0o600}
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700


def test_the_token_key_has_a_name_and_enough_characters(tmp_path: Path) -> None:
    kid, _, secret = jwt_secret(tmp_path).partition(":")
    assert kid == "local"
    assert len(secret) >= 32


def test_a_key_of_another_kind_is_told(tmp_path: Path) -> None:
    other = ed25519.Ed25519PrivateKey.generate()
    (tmp_path / "oidc.pem").write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(Trouble, match="delete the file"):
        signing_key(tmp_path)
