"""Keys of recordings: all made of one secret, none used for two things.

The secret never encrypts anything itself. HKDF [1]_ makes a key for each dataset, part, recording
and method, and ChaCha20 [2]_ makes the random bytes of that key, a nonce for each piece of a
recording. Both are those of the ``cryptography`` package.

References
----------
.. [1] Krawczyk and Eronen, "HMAC-based Extract-and-Expand Key Derivation Function (HKDF)",
   RFC 5869, 2010.
.. [2] Nir and Langley, "ChaCha20 and Poly1305 for IETF Protocols", RFC 8439, 2018.
"""

from dataclasses import dataclass, field

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.random import Draws

SECRET_BYTES = 32
"""Of a secret, and of a key of ChaCha20 (RFC 8439)."""
ID_BYTES = 16
"""Of the id of a dataset: drawn at random, so that no two are alike."""
_NONCE_BYTES = 12
"""RFC 8439; before it stand four bytes for the number of the block, from 0."""


@dataclass(frozen=True)
class EventKey:
    """The key of one recording, or of one method that changes it.

    It is never printed: its ``repr`` shows nothing of it.

    Attributes
    ----------
    secret : bytes
        32 bytes.
    """

    secret: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: bytes, dataset_id: str, part: int = 0, sample: int = 0) -> "EventKey":
        """Key of a recording of a dataset.

        Parameters
        ----------
        secret : bytes
            32 bytes, of a key file.
        dataset_id : str
            32 hexadecimal digits, of no other dataset.
        part, sample : int
            Of the recording in it.

        Raises
        ------
        ConfigError
            If the secret or the id has another length.
        """
        salt = _id_bytes(dataset_id)
        if len(secret) != SECRET_BYTES:
            raise ConfigError(f"a secret has {SECRET_BYTES} bytes, found {len(secret)}.")
        info = f"eventsim 1 recording {part} {sample}".encode()
        return cls(HKDF(SHA256(), SECRET_BYTES, salt, info).derive(secret))

    def child(self, word: str) -> "EventKey":
        """Key for one use of the recording, such as one method."""
        info = f"eventsim 1 use {word}".encode()
        return EventKey(HKDFExpand(SHA256(), SECRET_BYTES, info).derive(self.secret))

    def stream(self, number: int, count: int) -> NDArray[np.uint8]:
        """The first bytes of the key stream with a nonce.

        Parameters
        ----------
        number : int
            The nonce, in [-2**63, 2**63); no key has two uses for one.
        count : int

        Returns
        -------
        (count,) ndarray of uint8
        """
        nonce = bytes(4) + number.to_bytes(_NONCE_BYTES, "little", signed=True)
        cipher = Cipher(ChaCha20(self.secret, nonce), mode=None).encryptor()
        return np.frombuffer(cipher.update(bytes(count)), np.uint8)

    def draws(self) -> Draws:
        """Random numbers of a transform that has no way back."""
        return Draws(int.from_bytes(self.child("draws").secret[:8], "little"))

    def seal(self, text: bytes) -> bytes:
        """Encrypt and sign one message (ChaCha20-Poly1305); a key seals one and no other."""
        return ChaCha20Poly1305(self.secret).encrypt(bytes(_NONCE_BYTES), text, None)

    def unseal(self, sealed: bytes) -> bytes:
        """The message that was sealed.

        Raises
        ------
        ConfigError
            If it was sealed with another key, or changed since.
        """
        try:
            return ChaCha20Poly1305(self.secret).decrypt(bytes(_NONCE_BYTES), sealed, None)
        except InvalidTag:
            raise ConfigError(
                "this was sealed with another key, or was changed since. Use the key file that the "
                "dataset was made with."
            ) from None


def key_check(secret: bytes, dataset_id: str) -> str:
    """16 hexadecimal digits by which a dataset knows its key; they tell nothing of it.

    Parameters
    ----------
    secret : bytes
    dataset_id : str
    """
    return HKDF(SHA256(), 8, _id_bytes(dataset_id), b"eventsim 1 check").derive(secret).hex()


def _id_bytes(dataset_id: str) -> bytes:
    try:
        salt = bytes.fromhex(dataset_id)
    except (ValueError, TypeError):
        salt = b""
    if len(salt) != ID_BYTES:
        raise ConfigError(
            f"the id of an anonymized dataset has {2 * ID_BYTES} hexadecimal digits, found "
            f"{dataset_id!r}."
        )
    return salt
