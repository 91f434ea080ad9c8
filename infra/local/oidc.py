"""Identity tokens as Google's task queue and scheduler send them, and as its sign-in gives people, signed by a key of our own."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from infra.local.simulator.accounts import user_id_of

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
        return self._signed(subject, audience, {"azp": subject, "email": email})

    def id_token(self, *, email: str, name: str, audience: str) -> str:
        """What Google's sign-in tells client `audience` about a person, by the id that Meet knows; good for an hour."""
        return self._signed(user_id_of(email), audience, {"azp": audience, "email": email, "name": name})

    def _signed(self, subject: str, audience: str, told: Mapping[str, str]) -> str:
        now = self.clock()
        claims = {
            "iss": ISSUER,
            "aud": audience,
            "sub": subject,
            **told,
            "email_verified": True,
            "iat": int(now.timestamp()),
            "exp": int((now + LIFETIME).timestamp()),
        }
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": self.kid})

    def key_set(self) -> dict[str, list[dict[str, str]]]:
        """The public key as `{"keys": [...]}`."""
        public = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": self.kid, "use": "sig", "alg": "RS256"}]}
