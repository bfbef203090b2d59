"""How a PIN is stored: HMAC-SHA-256 with a pepper, then Argon2id; and how a password of staff is.

A PIN has a million values, so whoever steals the table tries them all in hours, whatever the
hash. The pepper is not in the database: without it the table is worthless. Cost t=2, m=19 MiB,
p=1 is OWASP's second choice and gives about 40 logins a second and core.
"""

import hashlib
import hmac

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher


def tanda(pepper: str) -> str:
    """Eight characters that name a pepper without telling it."""
    return hashlib.sha256(b"pepper:" + pepper.encode()).hexdigest()[:8]


def sidik_rahasia() -> dict[str, list[str]]:
    """Names of the secrets without which what stands in the database is worthless; the present one
    first, then those that are still accepted."""
    pepper = [settings.PIN_PEPPER, *settings.PIN_PEPPER_LAMA]
    return {
        "PIN_PEPPER": [tanda(satu) for satu in pepper],
        "KUNCI_SIDIK": [tanda(settings.KUNCI_SIDIK)],
    }


def _campur(pin: str, pepper: str) -> str:
    return hmac.new(pepper.encode(), pin.encode(), hashlib.sha256).hexdigest()


class PetugasHasher(Argon2PasswordHasher):
    """Django's Argon2 at the cost that is right here: a hundred megabytes and eight threads for
    each wrong password would be a gift to whoever floods the door. Older hashes still verify, and
    are replaced at the next login."""

    time_cost = 2
    memory_cost = 19456  # KiB
    parallelism = 1


class PINHasher(PetugasHasher):
    """`pin_argon2$<pepper name>$argon2id$…`; an old pepper still verifies and is then replaced."""

    algorithm = "pin_argon2"

    def encode(self, password: str, salt: str) -> str:
        pepper = settings.PIN_PEPPER
        argon = super().encode(_campur(password, pepper), salt)
        return argon.replace(f"{self.algorithm}$", f"{self.algorithm}${tanda(pepper)}$", 1)

    def decode(self, encoded: str) -> dict:
        algorithm, nama, argon = encoded.split("$", 2)
        return super().decode(f"{algorithm}${argon}") | {"pepper": nama}

    def verify(self, password: str, encoded: str) -> bool:
        algorithm, nama, argon = encoded.split("$", 2)
        for pepper in (settings.PIN_PEPPER, *settings.PIN_PEPPER_LAMA):
            if tanda(pepper) == nama:
                return super().verify(_campur(password, pepper), f"{algorithm}${argon}")
        super().encode(password, self.salt())  # a lost pepper answers no faster than a wrong PIN
        return False

    def must_update(self, encoded: str) -> bool:
        nama = self.decode(encoded)["pepper"]
        return nama != tanda(settings.PIN_PEPPER) or super().must_update(encoded)

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing to add: Argon2 has no iteration count to make up for."""
