from django.urls import path

from layanan.views import (
    kabar,
    kinerja,
    meja,
    minta_pin,
    pengisian,
    perbaikan,
    permohonan,
    pilihan,
    unduhan,
    webhook,
)

app_name = "layanan"

_surat = [  # /layanan/surat/…
    path("", pilihan.pilih_surat, name="pilih_surat"),
    path("<slug:kode>/", pengisian.dokumen, name="dokumen"),
    path("<slug:kode>/isi/", pengisian.isi, name="isi"),
    path("<slug:kode>/periksa/", pengisian.periksa, name="periksa"),
    path("<slug:kode>/hapus/", pengisian.hapus_draf, name="hapus_draf"),
]
_permohonan = [  # /layanan/permohonan/<nomor>/…
    path("", permohonan.rincian, name="rincian"),
    path("perbaiki/", perbaikan.perbaiki, name="perbaiki"),
    path("batalkan/", permohonan.batalkan, name="batalkan"),
    path("lagi/", permohonan.ajukan_lagi, name="ajukan_lagi"),
    path("wakil/", permohonan.wakil, name="wakil"),
    path("surat/", permohonan.unduh, name="unduh"),
]


def _di(awalan: str, daftar: list) -> list:
    return [path(f"{awalan}{p.pattern}", p.callback, name=p.name) for p in daftar]


urlpatterns = [
    path("layanan/", permohonan.beranda, name="beranda"),
    *_di("layanan/surat/", _surat),
    *_di("layanan/permohonan/<slug:nomor>/", _permohonan),
    path("layanan/data-saya/kabar/", kabar.kabar, name="kabar"),
    path("berkas/<uuid:pk>/", unduhan.berkas, name="berkas"),
    path("berkas/<uuid:pk>/halaman/<int:ke>/", unduhan.halaman, name="berkas_halaman"),
    path("berkas/<uuid:pk>/kecil/", unduhan.mini, name="berkas_mini"),
    path("berkas/surat/<int:pk>/", unduhan.surat, name="surat_pdf"),
    path("kinerja/", kinerja.kinerja, name="kinerja"),
    path("meja/", meja.meja, name="meja"),
    path("meja/jam-ringkasan/", meja.jam_ringkasan, name="jam_ringkasan"),
    path("meja/<slug:nomor>/", meja.meja_surat, name="meja_surat"),
    path("pin/minta/", minta_pin.minta_pin, name="minta_pin"),
    path("pin/minta/terkirim/", minta_pin.terkirim, name="minta_pin_terkirim"),
    path("webhook/twilio/status/", webhook.status, name="twilio_status"),
    path("webhook/twilio/masuk/", webhook.masuk, name="twilio_masuk"),
]
