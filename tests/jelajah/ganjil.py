"""Odd things that a browser, a clumsy script or an attacker may send, drawn from a seed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote, quote_from_bytes, urlencode

from django.core.files.uploadedfile import SimpleUploadedFile

METODE = ("GET", "GET", "GET", "HEAD", "POST", "POST", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")
# Names of what the site reads from an address, and some that only the admin's own lists know.
NAMA = """q p o e all next kode draf sidik tetap aksi tahun bulan jenis buku term page app_label
    model_name field_name _popup _to_field _changelist_filters langkah jam pk ids index __proto__
    status__exact pemohon__nik__startswith akun__password__startswith pk__in id__gt dari sampai
    tanggal__year penduduk__akun__password _facets versi a b ukuran cari titipan post
    """.split()
TEKS = (
    "",
    " ",
    "\0",
    "a\0b",
    "x" * 5_000,
    "😀" * 200,
    "9" * 500,
    "-1",
    "0",
    "-9223372036854775809",
    "9223372036854775808",
    "2147483648",
    "1e309",
    "NaN",
    "-Infinity",
    "٣٤٥",
    "½²",
    "None",
    "null",
    "[]",
    "{}",
    "[1,2,[3]]",
    '{"a": {"b": null}}',
    "true",
    "a,b,,c",
    "1.5",
    "' OR 1=1 --",
    '"; DROP TABLE x; --',
    "%27%00%ff",
    '"><script>alert(1)</script>',
    "<svg onload=alert(1)>",
    "{{ 7|add:7 }}{% debug %}",
    "[nomor][tahun][",
    "../../../../etc/passwd",
    "..\\..\\boot.ini",
    "/etc/passwd",
    "//evil.example/",
    "javascript:alert(1)",
    "\r\nX-Evil: 1",
    "\u202egnp.exe",
    "\ufeff\u200b\u2028",
    "\U000e0041",
    "e\u0301" * 300,
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "31/02/2026",
    "10000-01-01",
    "24:61",
    "5107049999999999",
    "+6281234567890123456789",
    "00000000-0000-0000-0000-000000000001",
    "P-1999-0001",
    "999999999",
    "=cmd|'/c calc'!A0",
)
BITA = (b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\x80", b"\x80abc", b"%", b"%zz", b"%u0041", b"\xf8\x88")
ISI_BERKAS = (
    b"",
    b"\xff\xd8\xff" + b"\0" * 40,
    b"%PDF-1.7\n%%EOF",
    b"PK\x03\x04" + b"x" * 60,
    b"GIF89a;<?php",
    b'{"bidang": [1, null]}',
    b"\0" * 300,
    "nik;nama\n١;\0".encode(),
)


@dataclass
class Kiriman:
    """One request; as text it is all that is needed to send it again."""

    siapa: str
    metode: str
    alamat: str  # with its query, already quoted
    isi: Any = b""
    jenis: str = ""  # empty: as a form (a mapping), with files where there are any
    kepala: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        isi = repr(self.isi)
        return (
            f"{self.siapa} {self.metode} {self.alamat[:300]} {self.jenis} {isi[:600]} {self.kepala}"
        )


def nilai(acak: Random) -> str:
    return acak.choice(TEKS)


def alamat(acak: Random, asal: str, isian: Sequence[str], nama: Sequence[str]) -> str:
    """The address with something odd in place of what varies in it (`isian`), or of any part of it,
    or behind it under these names."""
    jalur, _, tanya = asal.partition("?")
    cara = acak.random()
    if isian and cara < 0.5:
        jalur = jalur.replace(f"/{acak.choice(isian)}/", f"/{_kutip(acak)}/", 1)
    elif cara > 0.9:
        bagian = jalur.strip("/").split("/")
        bagian[acak.randrange(len(bagian))] = _kutip(acak)
        jalur = "/" + "/".join(bagian) + acak.choice(("/", "", "//"))
    lain = [f"{quote(x)}={_kutip(acak)}" for x in acak.sample(nama, acak.choice((0, 0, 1, 3, 12)))]
    tanya = "&".join(filter(None, [tanya, *lain]))
    return f"{jalur}?{tanya}" if tanya else jalur


def _kutip(acak: Random) -> str:
    if acak.random() < 0.2:
        return quote_from_bytes(acak.choice(BITA)) if acak.random() < 0.7 else "%zz"
    return quote(nilai(acak), safe="")


def kepala(acak: Random) -> dict[str, str]:
    pilihan = (
        {},
        {},
        {},
        {"X-Forwarded-For": nilai(acak).replace("\r", "").replace("\n", "")},
        {"Referer": "http://[", "Origin": "null"},
        {"Accept-Language": "x" * 300},
        {"Cookie": "sesi=\x01\x02; csrf=\xff; perangkat=" + "y" * 300},
        {"Range": "bytes=9-1,-", "If-Modified-Since": "kemarin", "If-None-Match": "\xff"},
        {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"},
    )
    return dict(acak.choice(pilihan))


def isi(acak: Random, asal: dict[str, list[str]], bidang: Sequence[str]) -> tuple[Any, str]:
    """Body and type (empty: a form) of something that is sent to a form with these fields."""
    cara = acak.random()
    if cara < 0.06:
        return acak.choice(BITA) + b"=" + acak.choice(BITA), "application/x-www-form-urlencoded"
    if cara < 0.10:
        return b'--x\r\nContent-Disposition: form-data; name="a', "multipart/form-data; boundary=x"
    if cara < 0.12:
        return b"abc", "multipart/form-data"
    if cara < 0.16:
        return json.dumps({nilai(acak): [nilai(acak), None, {}]}).encode(), "application/json"
    if cara < 0.20:
        satu = urlencode({b"x" + acak.choice(BITA): acak.choice(BITA)})
        return satu.encode(), "application/x-www-form-urlencoded; charset=utf-7"
    data: dict[str, Any] = {k: list(v) for k, v in asal.items()}
    diubah = acak.sample(list(bidang), min(len(bidang), acak.choice((1, 1, 2, 4, 40))))
    for nama in diubah:
        apa = acak.random()
        if apa < 0.1:
            data.pop(nama, None)
        elif apa < 0.25:
            data[nama] = [nilai(acak) for _ in range(acak.choice((2, 3, 30)))]
        elif apa < 0.4:
            data[nama] = SimpleUploadedFile(
                acak.choice(("a.jpg", "../b.pdf", "x" * 300 + ".xlsx", "\0.csv")),
                acak.choice(ISI_BERKAS),
                acak.choice(("image/jpeg", "application/pdf", "x/\xff", "")),
            )
        else:
            data[nama] = nilai(acak)
    if acak.random() < 0.3:
        data[acak.choice(NAMA)] = nilai(acak)
    return data, ""
