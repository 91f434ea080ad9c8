"""Keys of a local stack: made once, kept in its data folder for its owner's eyes only."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from infra.local.troubles import Trouble


def jwt_secret(folder: Path) -> str:
    """The tokens' signing key as `kid:secret`."""
    return _kept(folder / "jwt", _new_jwt_secret).decode().strip()


def webhook_secret(folder: Path) -> str:
    """A bridge secret in the form of Standard Webhooks, for whoever wants to try signed events."""
    return _kept(folder / "webhook", lambda: b"whsec_" + base64.b64encode(secrets.token_bytes(32))).decode().strip()


def zoom_webhook_secret(folder: Path) -> str:
    """The secret that the local Zoom signs its events with."""
    return _kept(folder / "zoom_webhook", lambda: secrets.token_urlsafe(24).encode()).decode().strip()


def stripe_webhook_secret(folder: Path) -> str:
    """The secret that the local Stripe signs its events with."""
    return _kept(folder / "stripe_webhook", _new_stripe_secret).decode().strip()


def signing_key(folder: Path) -> rsa.RSAPrivateKey:
    """The key that signs what the local task queue and scheduler deliver."""
    path = folder / "oidc.pem"
    key = load_pem_private_key(_kept(path, _new_rsa_key), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise Trouble(f"{path} holds no RSA key: delete the file and start again, a new one will be made.")
    return key


def _kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """What the file holds, made first when there is none; whole or absent, never half written."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(make())
        fresh.replace(path)
    return path.read_bytes()


def _new_jwt_secret() -> bytes:
    return f"local:{secrets.token_hex(32)}".encode()


def _new_stripe_secret() -> bytes:
    return f"whsec_{secrets.token_hex(24)}".encode()


def _new_rsa_key() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
