"""Who may open what: every address of the site against every kind of person, written by hand.

The tables say what was decided, not what the code does. A new address without a row fails
`test_every_address_stands_in_a_table`.
"""

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from layanan.models import (
    Permohonan,
)
from layanan.permohonan import langkah as langkah_
from layanan.permohonan import pengisian
from penduduk.models import Akun
from tests import factories
from tests.desa_izin import Desa_
from tests.halaman import sebagai

PETUGAS = ["operator", "perbekel", "admin_desa"]
ORANG = ["anonim", "warga", "tetangga", *PETUGAS]

# How the answers are written:
#   200, 403, 404, 405   as they are
#   masuk    302 to the residents' login, with the way back
#   petugas  302 to the office login, with the way back
#   kelola   302 to the first page of the office
#   awal     302 to the home page
#   →x       302 to the address x; for a GET where only forms go, the nearest page above
#
# Addresses of residents are those of `warga`: P-1 asked for, P-2 to be mended, P-3 waiting for the
# signature, P-4 signed. {ktp} is a clean file of theirs, {baru} one that is still being checked.
HALAMAN = """
#                                                    anonim  warga    tetangga operator perbekel admin_desa
GET  /                                                200     200      200      200      200      200
POST /                                                405     405      405      405      405      405
GET  /panduan/                                        200     200      200      200      200      200
POST /panduan/                                        405     405      405      405      405      405
GET  /sehat/                                          200     200      200      200      200      200
GET  /sehat/siap/                                     200     200      200      200      200      200
GET  /metrik/                                         404     404      404      404      404      404
GET  /.well-known/security.txt                        404     404      404      404      404      404
GET  /kinerja/                                        200     200      200      200      200      200
POST /kinerja/                                        405     405      405      405      405      405
GET  /cek/                                            200     200      200      200      200      200
GET  /cek/?kode={kode}                                →{cek}  →{cek}   →{cek}   →{cek}   →{cek}   →{cek}
GET  /cek/{kode}/                                     200     200      200      200      200      200
GET  /cek/23456789A9/                                 404     404      404      404      404      404
POST /cek/{kode}/                                     405     405      405      405      405      405
POST /cek/berkas/                                     200     200      200      200      200      200
GET  /cek/berkas/                                     →/cek/     →/cek/      →/cek/      →/cek/      →/cek/      →/cek/
GET  /masuk/                                          200     →{lay}   →{lay}   200      200      200
POST /masuk/                                          200     →{lay}   →{lay}   200      200      200
GET  /keluar/                                         awal     awal      awal      awal      awal      awal
POST /keluar/                                         awal    awal     awal     awal     awal     awal
GET  /pin/ganti/                                      masuk   200      200      →{sandi} →{sandi} →{sandi}
POST /pin/ganti/                                      masuk   200      200      →{sandi} →{sandi} →{sandi}
GET  /pin/minta/                                      200     200      200      200      200      200
POST /pin/minta/                                      200     200      200      200      200      200
GET  /pin/minta/terkirim/                             200     200      200      200      200      200
POST /pin/minta/terkirim/                             405     405      405      405      405      405
GET  /pin/bukan-saya/{token}/                         200     200      200      200      200      200
POST /pin/bukan-saya/{token}/                         200     200      200      200      200      200
GET  /pin/bukan-saya/{token}x/                        404     404      404      404      404      404
POST /pin/bukan-saya/{token}x/                        404     404      404      404      404      404
POST /webhook/twilio/masuk/                           403     403      403      403      403      403
GET  /webhook/twilio/masuk/                           405     405      405      405      405      405
POST /webhook/twilio/status/                          403     403      403      403      403      403
GET  /webhook/twilio/status/                          405     405      405      405      405      405

# The residents' rooms
GET  /layanan/                                        masuk   200      200      kelola   kelola   kelola
GET  /layanan/data-saya/                              masuk   200      200      kelola   kelola   kelola
POST /layanan/data-saya/                              masuk   405      405      kelola   kelola   kelola
GET  /layanan/data-saya/nomor/                        masuk   →{data}      →{data}      kelola   kelola   kelola
POST /layanan/data-saya/nomor/                        masuk   200      200      kelola   kelola   kelola
GET  /layanan/data-saya/nomor/batal/                  masuk   →{nomor}      →{nomor}      kelola   kelola   kelola
POST /layanan/data-saya/nomor/batal/                  masuk   →{data}  →{data}  kelola   kelola   kelola
GET  /layanan/data-saya/sesi/keluar/                  masuk   →{data}      →{data}      kelola   kelola   kelola
POST /layanan/data-saya/sesi/keluar/                  masuk   →{data}  →{data}  kelola   kelola   kelola
GET  /layanan/data-saya/keluar-semua/                 masuk   →{data}      →{data}      kelola   kelola   kelola
POST /layanan/data-saya/keluar-semua/                 masuk   awal     awal     kelola   kelola   kelola
GET  /layanan/data-saya/kabar/                        masuk   200      200      kelola   kelola   kelola
POST /layanan/data-saya/kabar/                        masuk   200      200      kelola   kelola   kelola
GET  /layanan/surat/                                  masuk   200      200      kelola   kelola   kelola
GET  /layanan/surat/domisili/                         masuk   200      200      kelola   kelola   kelola
POST /layanan/surat/domisili/                         masuk   →{dok}   →{dok}   kelola   kelola   kelola
GET  /layanan/surat/tidak-ada/                        masuk   404      404      kelola   kelola   kelola
GET  /layanan/surat/domisili/isi/                     masuk   200      →{dok}   kelola   kelola   kelola
POST /layanan/surat/domisili/isi/                     masuk   200      →{dok}   kelola   kelola   kelola
GET  /layanan/surat/domisili/periksa/                 masuk   200      →{dok}   kelola   kelola   kelola
POST /layanan/surat/domisili/periksa/?draf={draf}     masuk   200      →{lay}     kelola   kelola   kelola
POST /layanan/surat/domisili/periksa/?draf={draf}&sidik={sidik}&tetap=1 masuk →{P-5} →{lay} kelola   kelola   kelola
GET  /layanan/surat/domisili/hapus/                   masuk   →{dok}      →{dok}      kelola   kelola   kelola
POST /layanan/surat/domisili/hapus/                   masuk   →{lay}   →{lay}   kelola   kelola   kelola
GET  /layanan/permohonan/{P-1}/                       masuk   200      404      kelola   kelola   kelola
GET  /layanan/permohonan/P-1999-0001/                 masuk   404      404      kelola   kelola   kelola
GET  /layanan/permohonan/{P-1}/perbaiki/              masuk   →{P-1}   404      kelola   kelola   kelola
GET  /layanan/permohonan/{P-2}/perbaiki/              masuk   200      404      kelola   kelola   kelola
POST /layanan/permohonan/{P-2}/perbaiki/              masuk   →{P-2}perbaiki/ 404 kelola   kelola   kelola
GET  /layanan/permohonan/{P-1}/batalkan/              masuk   →{P-1}      →{P-1}      kelola   kelola   kelola
POST /layanan/permohonan/{P-1}/batalkan/              masuk   →{P-1}   404      kelola   kelola   kelola
GET  /layanan/permohonan/{P-1}/lagi/                  masuk   →{P-1}      →{P-1}      kelola   kelola   kelola
POST /layanan/permohonan/{P-1}/lagi/                  masuk   →{P-1}   404      kelola   kelola   kelola
GET  /layanan/permohonan/{P-1}/wakil/                 masuk   →{P-1}      →{P-1}      kelola   kelola   kelola
POST /layanan/permohonan/{P-1}/wakil/                 masuk   →{P-1}   404      kelola   kelola   kelola
GET  /layanan/permohonan/{P-1}/surat/                 masuk   404      404      kelola   kelola   kelola
GET  /layanan/permohonan/{P-3}/surat/                 masuk   404      404      kelola   kelola   kelola
GET  /layanan/permohonan/{P-4}/surat/                 masuk   200      404      kelola   kelola   kelola

# Papers and letters
GET  /berkas/{ktp}/                                   masuk   200      404      200      200      404
GET  /berkas/{foto}/                                  masuk   404      404      200      404      404
GET  /berkas/{baru}/                                  masuk   404      404      404      404      404
GET  /berkas/00000000-0000-0000-0000-000000000001/    masuk   404      404      404      404      404
GET  /berkas/{ktp}/kecil/                             masuk   200      404      200      200      404
GET  /berkas/{foto}/kecil/                            masuk   404      404      200      404      404
GET  /berkas/{ktp}/halaman/1/                         masuk   200      404      200      200      404
GET  /berkas/{ktp}/halaman/2/                         masuk   404      404      404      404      404
GET  /berkas/{foto}/halaman/1/                        masuk   404      404      200      404      404
POST /berkas/{ktp}/                                   masuk   405      405      405      405      405
GET  /berkas/surat/{surat-4}/                         masuk   404      404      200      200      404
GET  /berkas/surat/{surat-3}/                         masuk   404      404      200      200      404
GET  /berkas/surat/999999/                            masuk   404      404      404      404      404

# The signer's desk
GET  /meja/                                           petugas petugas  petugas  403      200      403
POST /meja/                                           petugas petugas  petugas  403      405      403
GET  /meja/{P-3}/                                     petugas petugas  petugas  403      200      403
GET  /meja/{P-1}/                                     petugas petugas  petugas  403      →{meja}  403
POST /meja/{P-3}/?langkah=tandatangani                petugas petugas  petugas  403      →{meja}  403
GET  /meja/jam-ringkasan/                             petugas petugas  petugas  403      →{meja}      403
POST /meja/jam-ringkasan/                             petugas petugas  petugas  403      →{meja}  403
POST /meja/jam-ringkasan/?jam=99                      petugas petugas  petugas  403      200      403

# The office; pages of single tables stand below
GET  /kelola/                                         petugas petugas  petugas  200      200      200
GET  /kelola/login/                                   200     200      200      kelola   kelola   kelola
POST /kelola/login/                                   200     200      200      200      200      200
GET  /kelola/logout/                                  kelola  kelola   kelola   kelola      kelola      kelola
POST /kelola/logout/                                  kelola  kelola   kelola   200      200      200
GET  /kelola/login/kode/                              →/kelola/login/ →/kelola/login/ →/kelola/login/ →/kelola/login/ →/kelola/login/ →/kelola/login/
POST /kelola/login/kode/                              →/kelola/login/ →/kelola/login/ →/kelola/login/ →/kelola/login/ →/kelola/login/ →/kelola/login/
GET  /kelola/akun-saya/                               petugas petugas  petugas  200      200      200
POST /kelola/akun-saya/                               petugas petugas  petugas  405      405      405
GET  /kelola/akun-saya/keluarkan/                     petugas petugas  petugas  →/kelola/akun-saya/ →/kelola/akun-saya/ →/kelola/akun-saya/
POST /kelola/akun-saya/keluarkan/                     petugas petugas  petugas  →/kelola/akun-saya/ →/kelola/akun-saya/ →/kelola/akun-saya/
GET  /kelola/akun-saya/kode-kedua/                    petugas petugas  petugas  200      200      200
POST /kelola/akun-saya/kode-kedua/                    petugas petugas  petugas  200      200      200
GET  /kelola/akun-saya/kode-kedua/lepas/              petugas petugas  petugas  →/kelola/akun-saya/kode-kedua/ →/kelola/akun-saya/kode-kedua/ →/kelola/akun-saya/kode-kedua/
POST /kelola/akun-saya/kode-kedua/lepas/              petugas petugas  petugas  200      200      200
GET  /kelola/pengukuhan/1/                            petugas petugas  petugas  404      404      404
POST /kelola/pengukuhan/1/                            petugas petugas  petugas  404      404      404
GET  /kelola/password_change/                         petugas petugas  petugas  200      200      200
GET  /kelola/password_change/done/                    petugas petugas  petugas  200      200      200
GET  /kelola/jsi18n/                                  petugas petugas  petugas  200      200      200
GET  /kelola/autocomplete/?{keluarga}                 petugas petugas  petugas  200      403      200
GET  /kelola/r/{ct}/1/                                petugas petugas  petugas  404      404      404
GET  /kelola/auth/                                    petugas petugas  petugas  →{atur}  →{atur}  →{atur}
GET  /kelola/penduduk/                                petugas petugas  petugas  →{atur}  →{atur}  →{atur}
GET  /kelola/surat/                                   petugas petugas  petugas  →{atur}  →{atur}  →{atur}
GET  /kelola/layanan/                                 petugas petugas  petugas  →{atur}  →{atur}  →{atur}
GET  /kelola/pengaturan/                              petugas petugas  petugas  200      200      200
GET  /kelola/mulai/                                   petugas petugas  petugas  403      403      200
POST /kelola/mulai/                                   petugas petugas  petugas  403      403      →/kelola/mulai/
GET  /kelola/mulai/contoh/                            petugas petugas  petugas  →/kelola/mulai/ →/kelola/mulai/ →/kelola/mulai/
POST /kelola/mulai/contoh/                            petugas petugas  petugas  403      403      200
GET  /kelola/bantuan/                                 petugas petugas  petugas  200      200      200
POST /kelola/bantuan/                                 petugas petugas  petugas  405      405      405
GET  /kelola/bantuan/loket/                           petugas petugas  petugas  200      200      200
POST /kelola/bantuan/loket/                           petugas petugas  petugas  405      405      405
GET  /kelola/cari/                                    petugas petugas  petugas  kelola   kelola   kelola
POST /kelola/cari/?q=wayan                            petugas petugas  petugas  200      200      200
GET  /kelola/tidak-ada/                               petugas petugas  petugas  404      404      404
POST /kelola/penduduk/penduduk/{orang}/terbitkan-pin/ petugas petugas  petugas  200      403      403
GET  /kelola/penduduk/penduduk/{orang}/terbitkan-pin/ petugas petugas  petugas  →{orang}      →{orang}      →{orang}
POST /kelola/penduduk/penduduk/{orang}/kunci-akun/    petugas petugas  petugas  →{orang} 403      403
GET  /kelola/penduduk/penduduk/{orang}/kunci-akun/    petugas petugas  petugas  →{orang}      →{orang}      →{orang}
POST /kelola/penduduk/penduduk/{orang}/buka-kunci-akun/ petugas petugas petugas →{orang} 403      403
GET  /kelola/penduduk/penduduk/{orang}/buka-kunci-akun/ petugas petugas petugas →{orang}      →{orang}      →{orang}
POST /kelola/penduduk/penduduk/{orang}/buka-hp-baru/  petugas petugas  petugas  →{orang} 403      403
GET  /kelola/penduduk/penduduk/{orang}/buka-hp-baru/  petugas petugas  petugas  →{orang}      →{orang}      →{orang}
GET  /kelola/laporan/                                 petugas petugas  petugas  403      200      200
POST /kelola/laporan/                                 petugas petugas  petugas  405      405      405
GET  /kelola/laporan/xlsx/                            petugas petugas  petugas  403      200      200
POST /kelola/laporan/xlsx/                            petugas petugas  petugas  405      405      405
GET  /kelola/layanan/slip-pin/                        petugas petugas  petugas  200      403      403
GET  /kelola/layanan/slip-pin/?{satu}                 petugas petugas  petugas  200      403      403
POST /kelola/layanan/slip-pin/                        petugas petugas  petugas  →{slip}  403      403
GET  /kelola/layanan/loket/                           petugas petugas  petugas  200      403      403
POST /kelola/layanan/loket/                           petugas petugas  petugas  200      403      403
GET  /kelola/layanan/loket/{orang}/                   petugas petugas  petugas  200      403      403
POST /kelola/layanan/loket/{orang}/                   petugas petugas  petugas  405      405      405
GET  /kelola/layanan/loket/{orang}/domisili/          petugas petugas  petugas  200      403      403
POST /kelola/layanan/loket/{orang}/domisili/          petugas petugas  petugas  200      403      403
GET  /kelola/layanan/kata-pesan/                      petugas petugas  petugas  403      403      200
POST /kelola/layanan/kata-pesan/                      petugas petugas  petugas  405      405      405
GET  /kelola/layanan/kata-pesan/diproses/             petugas petugas  petugas  403      403      200
POST /kelola/layanan/kata-pesan/diproses/             petugas petugas  petugas  403      403      200
GET  /kelola/layanan/kata-pesan/balas_kk/             petugas petugas  petugas  403      403      404
GET  /kelola/layanan/hubungi/                         petugas petugas  petugas  200      403      403
POST /kelola/layanan/hubungi/                         petugas petugas  petugas  405      405      405
POST /kelola/layanan/hubungi/{kabar}/selesai/         petugas petugas  petugas  →{hub}   403      403
GET  /kelola/layanan/hubungi/{kabar}/selesai/         petugas petugas  petugas  →{hub}      →{hub}      →{hub}
POST /kelola/layanan/hubungi/{kabar}/tidak-diangkat/  petugas petugas  petugas  →{hub}   403      403
POST /kelola/layanan/hubungi/{kabar}/kirim-lagi/      petugas petugas  petugas  →{hub}   403      403
POST /kelola/layanan/hubungi/{kabar}/hapus/           petugas petugas  petugas  404      403      403
GET  /kelola/layanan/siapa-dikabari/                  petugas petugas  petugas  403      403      200
POST /kelola/layanan/siapa-dikabari/                  petugas petugas  petugas  403      403      →{siapa}
GET  /kelola/layanan/lencana/                         petugas petugas  petugas  200      200      200
POST /kelola/layanan/lencana/                         petugas petugas  petugas  405      405      405
GET  /kelola/sesi/                                    petugas petugas  petugas  200      200      200
POST /kelola/sesi/                                    petugas petugas  petugas  200      200      200
POST /kelola/layanan/saluran/coba/                    petugas petugas  petugas  kelola   403      kelola
GET  /kelola/layanan/saluran/coba/                    petugas petugas  petugas  →{klay}   →{klay}   →{klay}
POST /kelola/layanan/permintaanpin/{pin}/terbitkan/   petugas petugas  petugas  →{pin}   403      403
GET  /kelola/layanan/permintaanpin/{pin}/terbitkan/   petugas petugas  petugas  →{pin}      →{pin}      →{pin}
POST /kelola/layanan/permintaanpin/{pin}/tolak/       petugas petugas  petugas  200      403      403
GET  /kelola/layanan/permintaanpin/{pin}/tolak/       petugas petugas  petugas  →{pin}      →{pin}      →{pin}
POST /kelola/layanan/permintaanpin/{pin}/foto-ulang/  petugas petugas  petugas  200      403      403
GET  /kelola/layanan/permintaanpin/{pin}/foto-ulang/  petugas petugas  petugas  →{pin}      →{pin}      →{pin}
POST /kelola/layanan/permintaanpin/{pin}/kirim-ulang/ petugas petugas  petugas  →{pin}   403      403
GET  /kelola/layanan/permintaanpin/{pin}/kirim-ulang/ petugas petugas  petugas  →{pin}      →{pin}      →{pin}
POST /kelola/layanan/catatanwarga/{catatan}/dibaca/   petugas petugas  petugas  →{catat} 403      403
GET  /kelola/layanan/catatanwarga/{catatan}/dibaca/   petugas petugas  petugas  →{chat}      →{chat}      →{chat}
POST /kelola/layanan/catatanwarga/{catatan}/jawab/    petugas petugas  petugas  200      403      403
GET  /kelola/layanan/catatanwarga/{catatan}/jawab/    petugas petugas  petugas  →{chat}      →{chat}      →{chat}
POST /kelola/layanan/catatanwarga/{catatan}/sambung/  petugas petugas  petugas  →{chat}  403      403
GET  /kelola/layanan/catatanwarga/{catatan}/sambung/  petugas petugas  petugas  →{chat}      →{chat}      →{chat}
GET  /kelola/surat/formulir/                          petugas petugas  petugas  403      403      200
POST /kelola/surat/formulir/                          petugas petugas  petugas  403      403      404
GET  /kelola/surat/formulir/f101/contoh/              petugas petugas  petugas  403      403      404
POST /kelola/surat/formulir/f101/contoh/              petugas petugas  petugas  405      405      405
GET  /kelola/layanan/permohonan/{id-1}/formulir/      petugas petugas  petugas  200      403      403
POST /kelola/layanan/permohonan/{id-1}/formulir/      petugas petugas  petugas  200      403      403
GET  /kelola/layanan/permohonan/{id-1}/formulir/f102/ petugas petugas  petugas  404      403      403
POST /kelola/layanan/permohonan/{id-1}/formulir/f102/ petugas petugas  petugas  405      405      405
GET  /kelola/surat/tatanaskah/lambang/                petugas petugas  petugas  403      403      404
POST /kelola/surat/surat/{surat-4}/periksa-berkas/    petugas petugas  petugas  →{surat} →{surat} →{surat}
GET  /kelola/surat/surat/{surat-4}/periksa-berkas/    petugas petugas  petugas  →{surat}      →{surat}      →{surat}
POST /kelola/surat/surat/{surat-4}/cabut/?{cabut}     petugas petugas  petugas  403      →{surat} →{surat}
POST /kelola/surat/surat/{surat-4}/cabut/             petugas petugas  petugas  403      200      200
GET  /kelola/surat/surat/{surat-4}/cabut/             petugas petugas  petugas  →{surat}      →{surat}      →{surat}
GET  /kelola/surat/surat/{surat-4}/pengganti/         petugas petugas  petugas  200      403      200
POST /kelola/surat/surat/{surat-4}/pengganti/         petugas petugas  petugas  200      403      200
GET  /kelola/surat/surat/{surat-3}/pengganti/         petugas petugas  petugas  →{surat-3} 403    →{surat-3}
GET  /kelola/surat/surat/999999/pengganti/            petugas petugas  petugas  404      404      404
GET  /kelola/surat/catatanagenda/pdf/?tahun=          petugas petugas  petugas  →{agenda} →{agenda} →{agenda}
POST /kelola/surat/catatanagenda/pdf/                 petugas petugas  petugas  405      405      405
GET  /kelola/surat/catatanagenda/xlsx/                petugas petugas  petugas  200      200      200
POST /kelola/surat/catatanagenda/xlsx/                petugas petugas  petugas  405      405      405
GET  /kelola/layanan/penyerahan/pdf/?tahun=           petugas petugas  petugas  →{kirim} →{kirim} →{kirim}
POST /kelola/layanan/penyerahan/pdf/                  petugas petugas  petugas  405      405      405
GET  /kelola/layanan/penyerahan/xlsx/                 petugas petugas  petugas  200      200      200
POST /kelola/layanan/penyerahan/xlsx/                 petugas petugas  petugas  405      405      405
GET  /kelola/surat/arsipsurat/muatan/{arsip}/         petugas petugas  petugas  200      403      200
POST /kelola/surat/arsipsurat/muatan/{arsip}/         petugas petugas  petugas  →{arsip} 403      →{arsip}
GET  /kelola/surat/arsipsurat/muatan/00000000-0000-4000-8000-000000000000/ petugas petugas petugas 404 403 404
POST /kelola/surat/bukunomor/                         petugas petugas  petugas  403      403      →{buku}
POST /kelola/penduduk/impor/ekspor/                   petugas petugas  petugas  403      403      →/kelola/penduduk/impor/
POST /kelola/penduduk/impor/ekspor/?alasan=Laporan    petugas petugas  petugas  403      403      200
GET  /kelola/penduduk/impor/ekspor/                   petugas petugas  petugas  →/kelola/penduduk/impor/      →/kelola/penduduk/impor/      →/kelola/penduduk/impor/
GET  /kelola/penduduk/impor/{impor}/hasil/            petugas petugas  petugas  403      403      404
POST /kelola/penduduk/impor/{impor}/hasil/            petugas petugas  petugas  405      405      405
POST /kelola/penduduk/impor/{impor}/terapkan/         petugas petugas  petugas  403      403      →{impor}
GET  /kelola/penduduk/impor/{impor}/terapkan/         petugas petugas  petugas  →{impor}      →{impor}      →{impor}
POST /kelola/penduduk/impor/{impor}/buang/            petugas petugas  petugas  403      403      →{impor}
POST /kelola/penduduk/impor/{impor}/putuskan/         petugas petugas  petugas  403      403      →{impor}
GET  /kelola/penduduk/impor/{impor}/putuskan/         petugas petugas  petugas  →{impor}      →{impor}      →{impor}
POST /kelola/penduduk/impor/{impor}/betulkan/         petugas petugas  petugas  403      403      →{impor}
GET  /kelola/penduduk/impor/{impor}/betulkan/         petugas petugas  petugas  →{impor}      →{impor}      →{impor}
GET  /kelola/penduduk/impor/{impor}/buang/            petugas petugas  petugas  →{impor}      →{impor}      →{impor}
POST /kelola/penduduk/impor/{impor}/urungkan/         petugas petugas  petugas  403      403      →{impor}
GET  /kelola/penduduk/impor/{impor}/urungkan/         petugas petugas  petugas  →{impor}      →{impor}      →{impor}
GET  /kelola/penduduk/akun/{petugas}/password/        petugas petugas  petugas  403      403      200
GET  /kelola/penduduk/akun/{akun-warga}/password/     petugas petugas  petugas  403      403      404
GET  /kelola/penduduk/akun/{petugas}/buka/            petugas petugas  petugas  →{petugas}      →{petugas}      →{petugas}
POST /kelola/penduduk/akun/{petugas}/buka/            petugas petugas  petugas  403      403      →{petugas}
GET  /kelola/penduduk/akun/{petugas}/kode/            petugas petugas  petugas  →{petugas}      →{petugas}      →{petugas}
POST /kelola/penduduk/akun/{petugas}/kode/            petugas petugas  petugas  403      403      200
GET  /kelola/penduduk/akun/{petugas}/lepas-kode-kedua/ petugas petugas petugas  →{petugas}      →{petugas}      →{petugas}
POST /kelola/penduduk/akun/{petugas}/lepas-kode-kedua/ petugas petugas petugas  403      403      →{petugas}
GET  /kelola/surat/jenissurat/impor/                  petugas petugas  petugas  403      403      200
POST /kelola/surat/jenissurat/impor/                  petugas petugas  petugas  403      403      200
GET  /kelola/surat/jenissurat/pratinjau/              petugas petugas  petugas  403      403      200
POST /kelola/surat/jenissurat/pratinjau/              petugas petugas  petugas  405      405      405
GET  /kelola/surat/jenissurat/{jenis}/kata-kata/      petugas petugas  petugas  403      403      200
POST /kelola/surat/jenissurat/{jenis}/kata-kata/      petugas petugas  petugas  403      403      200
GET  /kelola/surat/jenissurat/{jenis}/versi/          petugas petugas  petugas  403      403      200
POST /kelola/surat/jenissurat/{jenis}/versi/          petugas petugas  petugas  405      405      405
GET  /kelola/surat/jenissurat/{jenis}/versi/1/pakai/  petugas petugas  petugas  403      403      200
POST /kelola/surat/jenissurat/{jenis}/versi/1/pakai/  petugas petugas  petugas  403      403      →/kelola/surat/jenissurat/1/versi/
GET  /kelola/surat/jenissurat/{jenis}/salin/          petugas petugas  petugas  403      403      200
POST /kelola/surat/jenissurat/{jenis}/salin/          petugas petugas  petugas  403      403      200
GET  /kelola/surat/jenissurat/{jenis}/unduh/          petugas petugas  petugas  403      403      200
POST /kelola/surat/jenissurat/{jenis}/unduh/          petugas petugas  petugas  405      405      405
GET  /kelola/surat/jenissurat/{jenis}/bawaan/         petugas petugas  petugas  403      403      →{jenis}
POST /kelola/surat/jenissurat/{jenis}/bawaan/         petugas petugas  petugas  403      403      →{jenis}
GET  /kelola/layanan/belum-diambil/                   petugas petugas  petugas  200      403      403
POST /kelola/layanan/belum-diambil/                   petugas petugas  petugas  405      405      405
GET  /kelola/layanan/harilibur/?tahun=2027            petugas petugas  petugas  403      403      200
POST /kelola/layanan/harilibur/simpan/                petugas petugas  petugas  403      403      →/kelola/layanan/harilibur/?tahun=2026
GET  /kelola/layanan/harilibur/simpan/                petugas petugas  petugas  →/kelola/layanan/harilibur/ →/kelola/layanan/harilibur/ →/kelola/layanan/harilibur/
POST /kelola/layanan/permohonan/{id-1}/mendesak/      petugas petugas  petugas  200      403      403
POST /kelola/layanan/permohonan/{id-1}/mendesak/?{segera} petugas petugas petugas →{id-1} 403     403
GET  /kelola/layanan/permohonan/{id-1}/mendesak/      petugas petugas  petugas  →{id-1}      →{id-1}      →{id-1}
GET  /kelola/layanan/berikutnya/                      petugas petugas  petugas  →{id-1} 403 403
POST /kelola/layanan/berikutnya/                      petugas petugas  petugas  405      405      405
GET  /kelola/layanan/permohonan/{id-1}/draf/          petugas petugas  petugas  200      403      403
GET  /kelola/layanan/permohonan/{id-1}/siap/          petugas petugas  petugas  200      200      200
POST /kelola/layanan/permohonan/{id-1}/ambil/         petugas petugas  petugas  →{id-1} 403      403
POST /kelola/layanan/permohonan/{id-1}/cetak/         petugas petugas  petugas  →{id-1} 403      403
POST /kelola/layanan/permohonan/{id-1}/catatan/       petugas petugas  petugas  200      403      403
GET  /kelola/layanan/permohonan/{id-1}/langkah/tolak/ petugas petugas  petugas  →{id-1}      →{id-1}      →{id-1}
"""

# One line per step: on which request it is pressed, and the status it leads to for whom. "–" is a
# refusal in words (200) that changes nothing.
LANGKAH = """
#                        anonim   warga    tetangga operator          perbekel         admin_desa
P-1 proses               petugas  petugas  petugas  DIPROSES          –                –
P-1 minta_perbaikan      petugas  petugas  petugas  PERLU_PERBAIKAN   –                –
P-1 tolak                petugas  petugas  petugas  DITOLAK           –                –
P-1 batalkan             petugas  petugas  petugas  –                 –                –
P-1 ajukan               petugas  petugas  petugas  –                 –                –
P-2 ajukan_ulang         petugas  petugas  petugas  –                 –                –
P-6 setujui              petugas  petugas  petugas  DICETAK           –                –
P-3 cetak                petugas  petugas  petugas  –                 –                –
P-3 kembalikan           petugas  petugas  petugas  –                 DIPROSES         –
P-3 tarik_kembali        petugas  petugas  petugas  DIPROSES          –                –
P-3 tandatangani         petugas  petugas  petugas  –                 SIAP_DIAMBIL     –
P-4 serahkan             petugas  petugas  petugas  SELESAI           –                –
"""

# Tables of the office. D daftar, T tambah (GET and POST), L lihat, S simpan (POST to the same
# page), R riwayat, H hapus. Anonymous people and residents are sent to the office login everywhere.
TABEL = """
#                        operator                  perbekel                  admin_desa
#                        D   T   L   S   R   H     D   T   L   S   R   H     D   T   L   S   R   H
auth.group               403 403 403 403 403 403   403 403 403 403 403 403   403 403 403 403 403 403
penduduk.desa            403 403 403 403 403 403   403 403 403 403 403 403   →1  403 200 200 200 403
penduduk.banjar          403 403 403 403 403 403   403 403 403 403 403 403   200 200 200 200 200 403
penduduk.keluarga        200 403 200 403 200 403   403 403 403 403 403 403   200 200 200 200 200 403
penduduk.penduduk        200 403 200 403 200 403   403 403 403 403 403 403   200 200 200 200 200 403
penduduk.kejadianakun    200 403 200 403 200 403   403 403 403 403 403 403   403 403 403 403 403 403
penduduk.impor           403 403 403 403 403 403   403 403 403 403 403 403   200 200 200 200 200 403
penduduk.akun            403 403 403 403 403 403   403 403 403 403 403 403   200 200 200 200 200 403
surat.tatanaskah         403 403 403 403 403 403   403 403 403 403 403 403   →1  403 200 200 200 403
surat.pejabat            403 403 403 403 403 403   403 403 403 403 403 403   200 200 200 200 200 403
surat.jenissurat         403 403 403 403 403 403   403 403 403 403 403 403   200 200 200 200 200 403
surat.surat              200 403 200 403 200 403   200 403 200 403 200 403   200 403 200 403 200 403
surat.catatanagenda      200 200 200 200 200 403   200 403 200 403 200 403   200 403 200 403 200 403
surat.arsipsurat         200 200 200 403 200 403   200 403 200 403 200 403   200 200 200 403 200 403
surat.bukunomor          200 403 200 403 200 403   403 403 403 403 403 403   200 403 200 403 200 403
layanan.penyerahan       200 403 200 403 200 403   200 403 200 403 200 403   200 403 200 403 200 403
layanan.permohonan       200 403 200 200 200 403   200 403 200 200 200 403   200 403 200 200 200 403
layanan.notifikasi       200 403 200 403 200 403   403 403 403 403 403 403   200 403 200 403 200 403
layanan.pengaturanpesan  403 403 403 403 403 403   403 403 403 403 403 403   →1  403 200 200 200 403
layanan.permintaanpin    200 403 200 200 200 403   403 403 403 403 403 403   403 403 403 403 403 403
layanan.catatanwarga     200 403 200 200 200 403   403 403 403 403 403 403   403 403 403 403 403 403
layanan.pesansimulasi    200 403 200 403 200 403   403 403 403 403 403 403   200 403 200 403 200 403
layanan.alasansiap       403 403 403 403 403 403   403 403 403 403 403 403   200 200 200 200 200 200
layanan.harilibur        403 403 403 403 403 403   403 403 403 403 403 403   200 200 200 200 200 200
layanan.jejak            403 403 403 403 403 403   403 403 403 403 403 403   200 403 200 403 200 403
"""

UBIN = ("", "add/", "1/change/", "1/history/", "1/delete/", "1/")

# Who may open what is the same on every database.
pytestmark = [pytest.mark.sekali, pytest.mark.usefixtures("ringan")]


class _Batal(Exception):
    """Rolls a request back, so that the next one meets the same village."""


def _baris(tabel: str) -> list[list[str]]:
    return [b.split() for b in tabel.splitlines() if b and not b.startswith("#")]


def _kirim(desa: Desa_, nama: str, metode: str, alamat: str, isi: dict | None = None):
    """One request of one person; whatever it changed is undone. Returns answer and statuses."""
    client = Client()
    client.cookies.load(desa.kuki[nama])
    alamat, _, tanya = alamat.partition("?")
    data = dict(x.partition("=")[::2] for x in tanya.split("&") if x) | (isi or {})
    try:
        with transaction.atomic():
            jawab = client.get(alamat, data) if metode == "GET" else client.post(alamat, data)
            if jawab.streaming:
                jawab.getvalue()
            status = dict(Permohonan.objects.values_list("nomor", "status"))
            raise _Batal
    except _Batal:
        return jawab, status


def _ringkas(jawab, alamat: str) -> str:
    """The answer in the words of the tables."""
    if jawab.status_code != 302:
        return str(jawab.status_code)
    bersih = alamat.partition("?")[0]
    if jawab.url.partition("?")[0] == "/masuk/" and f"next={bersih}" in jawab.url:
        return "masuk"
    if jawab.url.partition("?")[0] == "/kelola/login/" and f"next={bersih}" in jawab.url:
        return "petugas"
    return {"/kelola/": "kelola", "/": "awal"}.get(jawab.url, f"→{jawab.url}")


def _tujuan(isi: dict[str, str]) -> dict[str, str]:
    """Where →{x} leads."""
    return {
        **{k: f"/layanan/permohonan/{v}/" for k, v in isi.items() if k.startswith("P-")},
        "cek": f"/cek/{isi['kode']}/",
        "lay": "/layanan/",
        "dok": "/layanan/surat/domisili/",
        "sandi": "/kelola/password_change/",
        "meja": "/meja/",
        "data": "/layanan/data-saya/",
        "nomor": "/layanan/data-saya/nomor/",
        "klay": "/kelola/layanan/",
        "atur": "/kelola/pengaturan/",
        "slip": "/kelola/layanan/slip-pin/",
        "catat": "/kelola/layanan/catatanwarga/",
        "chat": f"/kelola/layanan/catatanwarga/{isi['catatan']}/change/",
        "hub": "/kelola/layanan/hubungi/",
        "siapa": "/kelola/layanan/siapa-dikabari/",
        "agenda": "/kelola/surat/catatanagenda/",
        "kirim": "/kelola/layanan/penyerahan/",
        "arsip": "/kelola/surat/arsipsurat/",
        "buku": "/kelola/surat/bukunomor/",
        "id-1": f"/kelola/layanan/permohonan/{isi['id-1']}/change/",
        "orang": f"/kelola/penduduk/penduduk/{isi['orang']}/change/",
        "petugas": f"/kelola/penduduk/akun/{isi['petugas']}/change/",
        "pin": f"/kelola/layanan/permintaanpin/{isi['pin']}/change/",
        "surat": f"/kelola/surat/surat/{isi['surat-4']}/change/",
        "surat-3": f"/kelola/surat/surat/{isi['surat-3']}/change/",
        "impor": f"/kelola/penduduk/impor/{isi['impor']}/change/",
        "jenis": f"/kelola/surat/jenissurat/{isi['jenis']}/change/",
        "versi": f"/kelola/surat/jenissurat/{isi['jenis']}/versi/",
    }


# --- The matrix -------------------------------------------------------------------------------


@pytest.mark.lambat
def test_every_page_answers_as_the_table_says(desa):
    tujuan = _tujuan(desa.isi)
    harus, nyata = {}, {}
    for metode, pola, *jawaban in _baris(HALAMAN):
        alamat = pola.format(**desa.isi)
        data = {"aksi": "simpan"} if metode == "POST" else {}
        for nama, jawaban_nama in zip(ORANG, jawaban, strict=True):
            jawab, _ = _kirim(desa, nama, metode, alamat, data)
            harus[nama, metode, pola] = jawaban_nama.format(**tujuan)
            nyata[nama, metode, pola] = _ringkas(jawab, alamat)

    assert nyata == harus


BAHAN = {
    "minta_perbaikan": {"minta_perbaikan-syarat-ktp": "Kurang."},
    "tolak": {"tolak-catatan": "Bukan warga."},
    "kembalikan": {"kembalikan-catatan": "Nama salah."},
    "tarik_kembali": {"tarik_kembali-catatan": "Nama salah."},
    "serahkan": {
        "serahkan-penerima": "PEMOHON",
        "serahkan-nama": "I Wayan Contoh",
        "serahkan-cara": "KTP-el",
    },
}


_SETUJUI = {"setujui-no_pengantar": "12/BD/XI/2026", "setujui-tgl_pengantar": "2026-11-20"}


@pytest.mark.lambat
def test_every_step_of_the_office_is_open_to_its_people_only(desa):
    mandat = desa.orang["perbekel"].pejabat.mandat.get()
    harus, nyata = {}, {}
    for pada, langkah, *jawaban in _baris(LANGKAH):
        permohonan = Permohonan.objects.get(nomor=desa.isi[pada])
        alamat = f"/kelola/layanan/permohonan/{permohonan.pk}/langkah/{langkah}/"
        kalimat = {f"setujui-teks-{b.kunci}": teks for b, teks in pengisian.kalimat(permohonan)}
        bahan = BAHAN.get(langkah, _SETUJUI | {"setujui-mandat": str(mandat.pk)} | kalimat)
        for nama, jawaban_nama in zip(ORANG, jawaban, strict=True):
            jawab, status = _kirim(desa, nama, "POST", alamat, bahan)
            ke = status[permohonan.nomor]
            diam = "–" if jawab.status_code == 200 else _ringkas(jawab, alamat)
            harus[nama, langkah] = jawaban_nama
            nyata[nama, langkah] = diam if ke == permohonan.status else ke

    assert nyata == harus
    assert {langkah for _, langkah in harus} == set(langkah_.LANGKAH)


@pytest.mark.lambat
def test_every_table_of_the_office_answers_as_the_table_says(desa):
    harus, nyata = {}, {}
    for label, *jawaban in _baris(TABEL):
        induk, pk = f"/kelola/{label.replace('.', '/')}/", desa.pk[label]
        minta = {
            "D": [("GET", induk)],
            "T": [("GET", f"{induk}add/"), ("POST", f"{induk}add/")],
            "L": [("GET", f"{induk}{pk}/change/")],
            "S": [("POST", f"{induk}{pk}/change/")],
            "R": [("GET", f"{induk}{pk}/history/")],
            "H": [("GET", f"{induk}{pk}/delete/")],
        }
        kunci = [(nama, label, huruf) for nama in PETUGAS for huruf in minta]
        for (nama, _, huruf), satu in zip(kunci, jawaban, strict=True):
            harus[nama, label, huruf] = {satu.replace("→1", f"→{induk}1/change/")}
            nyata[nama, label, huruf] = {
                _ringkas(_kirim(desa, nama, metode, alamat)[0], alamat)
                for metode, alamat in minta[huruf]
            }

    assert nyata == harus


def test_table_names_every_registered_model():
    assert {b[0] for b in _baris(TABEL)} == {m._meta.label_lower for m in admin.site._registry}


def test_deleting_a_day_off_is_all_that_can_be_deleted(desa):
    terhapus = []
    for label, pk in desa.pk.items():
        alamat = f"/kelola/{label.replace('.', '/')}/{pk}/delete/"
        jawab, _ = _kirim(desa, "admin_desa", "POST", alamat, {"post": "yes"})
        if jawab.status_code == 302:
            terhapus.append(label)

    assert set(terhapus) == {"layanan.alasansiap", "layanan.harilibur"}


# --- Every address ----------------------------------------------------------------------------


def _rute(resolver: URLResolver, awalan: str = "") -> set[str]:
    """The pattern of every address that the site knows."""
    semua = set()
    for satu in resolver.url_patterns:
        pola = awalan + str(satu.pattern).removeprefix("^")
        semua |= {pola} if isinstance(satu, URLPattern) else _rute(satu, pola)
    return semua


class _Contoh(dict):
    """Something that fits every pattern, where only the address matters."""

    def __missing__(self, nama: str) -> str:
        uuid = ("ktp", "baru", "foto", "pin")
        return "00000000-0000-0000-0000-000000000001" if nama in uuid else "1"


def _semua_alamat() -> list[str]:
    """All addresses of the three tables."""
    halaman = {b[1].format_map(_Contoh()).partition("?")[0] for b in _baris(HALAMAN)}
    langkah = {f"/kelola/layanan/permohonan/1/langkah/{b[1]}/" for b in _baris(LANGKAH)}
    tabel = {f"/kelola/{b[0].replace('.', '/')}/{ubin}" for b in _baris(TABEL) for ubin in UBIN}
    return sorted(halaman | langkah | tabel)


def test_every_address_stands_in_a_table():
    ada = {resolve(alamat).route for alamat in _semua_alamat()}

    assert _rute(get_resolver()) - ada == set()
    assert len(ada) > 120  # the walk does see the office


@pytest.mark.lambat
def test_office_is_closed_to_strangers_and_residents_at_every_address(warga):
    """Whatever Django's admin adds tomorrow: login or the way out, never a page."""
    alamat = [a for a in _semua_alamat() if a.startswith("/kelola/")]
    bocor = [
        (siapa, metode, satu)
        for siapa, client in (("anonim", sebagai(None)), ("warga", sebagai(warga)))
        for satu in set(alamat) - {"/kelola/login/", "/kelola/login/kode/", "/kelola/logout/"}
        for metode in ("get", "post")
        if _ringkas(getattr(client, metode)(satu, {"post": "yes", "_save": "1"}), satu) != "petugas"
    ]

    assert bocor == []
    assert len(alamat) > 100


def test_switched_off_accounts_are_strangers(warga, operator, perbekel):
    permohonan = factories.buat_permohonan(warga)
    for akun, alamat, ke in (
        (warga, f"/layanan/permohonan/{permohonan.nomor}/", "masuk"),
        (operator, "/kelola/layanan/permohonan/", "petugas"),
        (perbekel, "/meja/", "petugas"),
    ):
        client = sebagai(akun)
        terbuka = client.get(alamat).status_code
        Akun.objects.filter(pk=akun.pk).update(is_active=False)

        assert terbuka == 200
        assert _ringkas(client.get(alamat), alamat) == ke


def test_petugas_without_a_role_finds_every_room_closed(desa):
    client = sebagai(factories.buat_petugas("tanpaperan"))
    alamat = {
        "/kelola/": 200,
        "/kelola/layanan/permohonan/": 403,
        f"/kelola/layanan/permohonan/{desa.isi['id-1']}/change/": 403,
        "/kelola/penduduk/penduduk/": 403,
        "/meja/": 403,
        f"/berkas/{desa.isi['ktp']}/": 404,
        f"/berkas/surat/{desa.isi['surat-4']}/": 404,
    }

    assert {satu: client.get(satu).status_code for satu in alamat} == alamat
