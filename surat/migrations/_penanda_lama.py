"""Documents of letter types whose signers are six settings, as they were before `penanda`: in the
database of a migration, and in files that villages have exported."""

from typing import Any

_KOSONG: dict[str, Any] = {
    **{"label": "", "siapa": "", "tempat": "pihak"},
    **{"meterai": False, "nomor": False, "wali": ""},
}
_LAMA: dict[str, Any] = {
    **{"pembuat": "", "jumlah_saksi": 0, "meterai": False},
    **{"pemegang": False, "mengetahui_kelian": False, "mengetahui_camat": False},
}


def dari_lama(data: dict[str, Any]) -> dict[str, Any]:
    """A document whose signers are six settings, as exports had them, in rows; any other one, and
    one with settings that make no sense, as it is."""
    lama = _LAMA | {k: v for k, v in data.items() if k in _LAMA}
    if not set(_LAMA) & set(data) or any(type(v) is not type(_LAMA[k]) for k, v in lama.items()):
        return data
    bidang = data["bidang"] if isinstance(data.get("bidang"), list) else []
    kunci = {b.get("kunci") for b in bidang if isinstance(b, dict)}
    baris: list[dict[str, Any]] = []
    if data.get("naskah") == "pernyataan":
        siapa = {"siapa": lama["pembuat"], "meterai": lama["meterai"]}
        baris.append({"label": "Yang membuat pernyataan", **siapa})
    for n in range(1, min(lama["jumlah_saksi"], 12) + 1):
        siapa = {"siapa": f"saksi{n}" if f"saksi{n}" in kunci else "-"}
        baris.append({"label": "Saksi-saksi", "tempat": "daftar", **siapa})
    if lama["pemegang"]:
        baris.append({"label": "Pemegang surat", "tempat": "kiri"})
    if lama["mengetahui_kelian"]:
        siapa = {"siapa": "kelian_banjar", "tempat": "mengetahui"}
        baris.append({"label": "Kelian Banjar Dinas {{ pemohon_banjar }}", **siapa})
    if lama["mengetahui_camat"]:
        baris.append({"label": "Camat {{ kecamatan }}", "siapa": "-", "tempat": "bawah"})
    return {k: v for k, v in data.items() if k not in _LAMA} | {
        "penanda": [_KOSONG | b for b in baris]
    }
