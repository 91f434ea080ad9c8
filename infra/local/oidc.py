"""Identity tokens as Google's task queue and scheduler send them, signed by a key of our own."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

ISSUER = "https://accounts.google.com"
LIFETIME = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs who delivers; its public half is served as a JSON Web Key Set."""

    key: rsa.RSAPrivateKey
    clock: Callable[[], datetime]

    @property
    def kid(self) -> str:
        """The key's name: a digest of its public half."""
        return hashlib.sha256(str(self.key.public_key().public_numbers().n).encode()).hexdigest()[:20]

    def token(self, *, email: str, audience: str) -> str:
        """A token of the service account `email` for `audience`, good for an hour."""
        subject = str(int(hashlib.sha256(email.encode()).hexdigest(), 16))[:21]
        now = self.clock()
        claims = {
            "iss": ISSUER,
            "aud": audience,
            "azp": subject,
            "sub": subject,
            "email": email,
            "email_verified": True,
            "iat": int(now.timestamp()),
            "exp": int((now + LIFETIME).timestamp()),
        }
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": self.kid})

    def key_set(self) -> dict[str, list[dict[str, str]]]:
        """The public key as `{"keys": [...]}`."""
        public = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": self.kid, "use": "sig", "alg": "RS256"}]}
