"""Encryption of fields, keyed hashes for equality, and data keys (AES-256-GCM, `settings.FIELD_KEYS`).

`FIELD_KEYS` is an ordered dict {key id: 32 bytes}. The first key seals; every listed key still unseals, so a new key
is put in front and the old one stays until everything has been sealed again. The hash key is derived from the *last*
key, so that adding a key in front moves no hash.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE = 12
KEY = 32
HASH_CHARACTERS = 32


class UnsealError(ValueError):
    """A sealed value was altered, cut short, or its key is no longer in FIELD_KEYS."""


def seal(text: str) -> str:
    """Encrypt text under the current field key → "key id:base64"; twice the same text gives two values."""
    key_id = _current_key_id()
    return _join(key_id, _encrypt(_master(key_id), text.encode(), key_id.encode()))


def unseal(sealed: str) -> str:
    """The text that `seal` took. Raises UnsealError when altered or when its key is unknown."""
    key_id, body = _split(sealed)
    return _decrypt(_master(key_id), body, key_id.encode()).decode()


def keyed_hash(text: str) -> str:
    """32 hex characters: equal for equal texts, useless without the key (HMAC-SHA256, first 128 bits)."""
    return hmac.digest(_hash_key(_oldest_key()), text.encode(), "sha256").hex()[:HASH_CHARACTERS]


def keyed_hashes(texts: list[str]) -> list[str]:
    """`keyed_hash` of many texts, in order."""
    key = _hash_key(_oldest_key())
    return [hmac.digest(key, text.encode(), "sha256").hex()[:HASH_CHARACTERS] for text in texts]


def new_data_key() -> tuple[bytes, str]:
    """A fresh 32-byte key and its wrapped text form (to be stored); destroying the wrapped form destroys the data."""
    key_id = _current_key_id()
    key = os.urandom(KEY)
    return key, _join(key_id, _encrypt(_master(key_id), key, b"data key " + key_id.encode()))


def unwrap_data_key(wrapped: str) -> bytes:
    """The 32-byte key of `new_data_key`. Raises UnsealError when altered or erased."""
    key_id, body = _split(wrapped)
    return _decrypt(_master(key_id), body, b"data key " + key_id.encode())


def seal_with(key: bytes, data: bytes, *, context: bytes = b"") -> bytes:
    """Encrypt bytes under a data key → nonce + ciphertext + tag. `context` is bound in, and needed again to unseal."""
    return _encrypt(AESGCM(key), data, context)


def unseal_with(key: bytes, sealed: bytes, *, context: bytes = b"") -> bytes:
    """The bytes that `seal_with` took. Raises UnsealError when altered."""
    return _decrypt(AESGCM(key), bytes(sealed), context)


def seal_rows(texts: list[str]) -> list[tuple[str, str]]:
    """One data key for each text → [(wrapped key, sealed text)], both as text for the database.

    For person registers: 100,000 rows take about a second. Erasing the wrapped key erases that person only.
    """
    key_id = _current_key_id()
    master, wrap_context = _master(key_id), b"data key " + key_id.encode()
    random = os.urandom((KEY + 2 * NONCE) * len(texts))
    prefix, encode, rows = key_id + ":", binascii.b2a_base64, []
    for number, text in enumerate(texts):
        start = number * (KEY + 2 * NONCE)
        key = random[start : start + KEY]
        first = random[start + KEY : start + KEY + NONCE]
        second = random[start + KEY + NONCE : start + KEY + 2 * NONCE]
        wrapped = encode(first + master.encrypt(first, key, wrap_context), newline=False).decode()
        sealed = encode(second + AESGCM(key).encrypt(second, text.encode(), b""), newline=False).decode()
        rows.append((prefix + wrapped, sealed))
    return rows


def unseal_row(wrapped: str, sealed: str) -> str:
    """The text of one pair of `seal_rows`. Raises UnsealError when altered or erased."""
    return unseal_with(unwrap_data_key(wrapped), _decode(sealed)).decode()


def seal_row(wrapped: str, text: str) -> str:
    """Seal another text under an existing row key (a corrected name keeps its key)."""
    return base64.b64encode(seal_with(unwrap_data_key(wrapped), text.encode())).decode()


def _encrypt(cipher: AESGCM, data: bytes, context: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + cipher.encrypt(nonce, data, context)


def _decrypt(cipher: AESGCM, body: bytes, context: bytes) -> bytes:
    if len(body) < NONCE + 16:
        raise UnsealError("the sealed value is cut short")
    try:
        return cipher.decrypt(body[:NONCE], body[NONCE:], context)
    except InvalidTag as error:
        raise UnsealError("the sealed value was altered or sealed under another key") from error


def _join(key_id: str, body: bytes) -> str:
    return f"{key_id}:{base64.b64encode(body).decode()}"


def _split(sealed: str) -> tuple[str, bytes]:
    key_id, separator, body = sealed.partition(":")
    if not separator:
        raise UnsealError("the sealed value names no key")
    return key_id, _decode(body)


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise UnsealError("the sealed value is not base64") from error


def _current_key_id() -> str:
    return next(iter(settings.FIELD_KEYS))


def _oldest_key() -> bytes:
    return list(settings.FIELD_KEYS.values())[-1]


def _master(key_id: str) -> AESGCM:
    try:
        return _cipher(settings.FIELD_KEYS[key_id])
    except KeyError:
        raise UnsealError(f"key {key_id!r} is not in FIELD_KEYS") from None


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


@lru_cache(maxsize=16)
def _hash_key(key: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY, salt=None, info=b"junheng keyed hash").derive(key)


def digest_of(token: str) -> str:
    """SHA-256 in hex: for tokens of full entropy, which need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
