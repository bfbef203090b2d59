"""The operators' queue and the page of one request. Nothing here can be edited: a request moves
only by the buttons of the flow."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.timesince import timesince

from layanan import tasks
from layanan.admin.dasar import TerbukaFilter
from layanan.forms.langkah import LangkahForm, MendesakForm, SetujuiForm, form_langkah
from layanan.janji import janji
from layanan.models import Berkas, Notifikasi, Permohonan
from layanan.permohonan import alur, dampak, koreksi, mendesak, pengisian
from layanan.permohonan.langkah import LANGKAH, PERISTIWA, URUSAN_KANTOR
from penduduk.admin.dasar import HanyaBaca
from penduduk.akun.pintu import AuthenticatedRequest, pelaku
from penduduk.antrean import bangunkan
from penduduk.forms import ketikan
from penduduk.halaman import jaga, subhalaman, tampilkan
from penduduk.identitas import nik, telepon
from penduduk.models import Penduduk
from surat.admin.surat import lencana
from surat.bahasa.orang import identitas
from surat.buku import agenda
from surat.isian import jawaban
from surat.jenis import berkas as berkas_jenis
from surat.kertas import cetak_luar
from surat.models import Surat
from surat.naskah import tercetak
from surat.peraga import pratinjau
from surat.terbit import keadaan, kode_cek

_LENCANA_MENDESAK = mark_safe(' <span class="lencana lencana-mendesak">Mendesak</span>')


class StatusFilter(TerbukaFilter):
    title = parameter_name = "status"
    pilihan = Permohonan.Status.choices
    terbuka = Permohonan.PERLU_DIKERJAKAN
    sebutan = "Perlu dikerjakan"


@admin.register(Permohonan)
class PermohonanAdmin(HanyaBaca):
    judul_daftar = "Antrean permohonan"
    list_display = ("nomor", "nama_jenis", "pemohon", "lencana", "umur", "janji")
    list_filter = (StatusFilter, "jenis")
    list_select_related = ("jenis", "pemohon")
    list_per_page = 50
    search_fields = ("nomor",)  # see cara_cari
    search_help_text = "Cari nomor permohonan atau surat, nama, NIK, nomor HP, atau kode."

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Open: the urgent, then the oldest. Done, so that nothing is urgent, or looked for: the
        newest."""
        if request.GET.get("q") or request.GET.get("status") in ("SEMUA", *Permohonan.AKHIR):
            return ["-diajukan_pada", "-pk"]
        return [mendesak.dulu(), "diajukan_pada", "pk"]

    @admin.display(description="surat", ordering="jenis__nama")
    def nama_jenis(self, permohonan: Permohonan) -> str:
        return permohonan.jenis.nama

    @admin.display(description="status", ordering="status")
    def lencana(self, permohonan: Permohonan) -> str:
        segera = permohonan.mendesak and permohonan.status in mendesak.BISA
        return format_html(
            '<span class="lencana lencana-{}">{}</span>{}',
            permohonan.status.lower(),
            permohonan.get_status_display(),
            _LENCANA_MENDESAK if segera else "",
        )

    @admin.display(description="umur", ordering="diajukan_pada")
    def umur(self, permohonan: Permohonan) -> str:
        return timesince(permohonan.diajukan_pada, depth=1)

    @admin.display(description="dijanjikan", ordering="janji_pada")
    def janji(self, permohonan: Permohonan) -> str:
        tanggal = timezone.localtime(permohonan.janji_pada)
        if permohonan.status == Permohonan.Status.PERLU_PERBAIKAN:
            return "berhenti: menunggu warga"
        terbuka = permohonan.status in Permohonan.DIJANJIKAN
        sisa = permohonan.janji_pada - timezone.now()
        kelas = ""
        if terbuka and sisa < timedelta(0):
            kelas = "terlambat"
        elif terbuka and sisa < timedelta(days=1):
            kelas = "mendesak"
        kata = " (terlambat)" if kelas == "terlambat" else ""
        return format_html('<span class="{}">{}{}</span>', kelas, f"{tanggal:%d-%m-%Y %H.%M}", kata)

    def cara_cari(self, teks: str) -> list[Q]:
        kode, surat = kode_cek.rapikan(teks), agenda.cara_nomor(teks)
        cara = [Q(nomor__memuat=teks)] if surat else []
        if agenda.mungkin_orang(teks):
            cara.append(Q(pemohon__in=Penduduk.objects.cari(teks)))
        if kode_cek.sah(kode):
            cara, surat = [*cara, Q(kode_resi=kode)], [*surat, Q(kode_cek=kode)]
        if angka := telepon.potongan(teks):
            cara.append(Q(nomor_hp__memuat=angka))
        if kode.isdecimal() and len(kode) == 6:
            cara.append(Q(kode_ambil__memuat=kode))
        return [*cara, *(Q(surat__in=Surat.objects.filter(satu)) for satu in surat)]

    def _ambil(self, request: HttpRequest, pk: Any) -> Permohonan:
        semua = Permohonan.objects.select_related(
            "jenis",
            "pemohon__keluarga__banjar",
            "surat__cetakan",
            "surat__tanda_tangan",
            "menggantikan",
            "wakil_pejabat",
            "penyerahan",
        ).prefetch_related(keadaan.relasi("surat__"))
        permohonan = self.satu(request, pk, semua)
        permohonan.jenis = berkas_jenis.siap(permohonan.jenis.kode)
        return permohonan

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return self._halaman(request, self._ambil(request, object_id))

    def _halaman(
        self,
        request: HttpRequest,
        permohonan: Permohonan,
        form_salah: LangkahForm | None = None,
        form_mendesak: MendesakForm | None = None,
    ) -> HttpResponse:
        """The page; with a form that was not accepted, filled as it was, also where somebody else
        was faster and the form itself is not offered any more."""
        sekarang, akun = timezone.now(), pelaku(request)
        isi = _isi_halaman(permohonan)
        pindah = [r.pk for r in isi["riwayat"] if r.langkah not in URUSAN_KANTOR]
        langkah = [
            {
                "langkah": satu,
                "tanda": alur.tanda(permohonan, satu.nama, terakhir=max(pindah, default=0)),
                "form": form_salah
                if form_salah and form_salah.prefix == satu.nama
                else form_langkah(satu.nama, permohonan, pada=timezone.localdate()),
                "terbuka": bool(form_salah and form_salah.prefix == satu.nama),
            }
            for satu in alur.langkah_tersedia(permohonan, oleh=akun, pada=sekarang)
        ]
        if any(isinstance(x["form"], SetujuiForm) for x in langkah):
            cetak_luar.hangatkan()  # so that its draft comes at once
        boleh_mendesak = mendesak.boleh(permohonan, oleh=akun, pada=sekarang)
        sisa: list[BaseForm] = []
        if form_salah and not any(x["terbuka"] for x in langkah):
            sisa.append(form_salah)
        if form_mendesak and (permohonan.mendesak or not boleh_mendesak):
            sisa.append(form_mendesak)
        return tampilkan(
            request,
            "admin/layanan/permohonan/rincian.html",
            f"{permohonan.nomor} · {permohonan.jenis.nama}",
            permohonan=permohonan,
            janji=janji.kalimat(permohonan, pada=sekarang),
            langkah=langkah,
            boleh_mendesak=boleh_mendesak,
            form_mendesak=form_mendesak or MendesakForm(prefix="mendesak"),
            ketikan=[satu for form in sisa for satu in ketikan(form)],
            **isi,
        )

    @subhalaman("<int:pk>/langkah/<slug:nama>/", metode="POST")
    def langkah(self, request: AuthenticatedRequest, pk: int, nama: str) -> HttpResponse:
        """One step, pressed by an operator or a signer; what was typed survives a refusal."""
        permohonan = self._ambil(request, pk)
        if nama not in LANGKAH:
            raise Http404
        form = form_langkah(nama, permohonan, data=request.POST, pada=timezone.localdate())
        if sebab := alur.sudah_lain(permohonan, nama, dilihat=request.POST.get("dari", "")):
            # Decided on a page that shows an older state: look again before acting.
            messages.error(request, sebab)
            return self._ditahan(request, pk, form)
        if not form.is_valid():
            return self._halaman(request, permohonan, form)
        if isinstance(form, SetujuiForm) and "draf" in request.POST:
            return self._draf(request, permohonan, form)
        try:
            alur.jalankan(
                permohonan,
                nama,
                form.bahan(),
                oleh=request.user,
                pada=timezone.now(),
                catatan=form.cleaned_data.get("catatan", ""),
            )
        except alur.Keduluan as galat:
            messages.error(request, str(galat))
            return self._ditahan(request, pk, form)
        except alur.LangkahTidakSah as galat:
            messages.error(request, str(galat))
            return self._halaman(request, self._ambil(request, pk), form)
        bangunkan(tasks.kirim_pesan, tasks.cetak_surat)
        label = LANGKAH[nama].label.lower()
        messages.success(request, f"{permohonan.nomor}: “{label}” sudah dicatat.")
        return self.ke("change", pk)

    def _draf(self, request: HttpRequest, satu: Permohonan, form: SetujuiForm) -> HttpResponse:
        """The very letter before it has a number, as PDF. Takes and keeps nothing."""
        jaga(request, LANGKAH["setujui"].siapa.izin)
        try:
            isi = pratinjau.cetak(form.bahan().draf(satu, pada=timezone.now()))
        except (dampak.BahanTidakSah, pratinjau.PratinjauGagal) as galat:
            form.add_error(None, str(galat))
            return self._halaman(request, satu, form)
        kepala = {"Content-Disposition": f'inline; filename="draf-{satu.nomor}.pdf"'}
        return HttpResponse(isi, content_type="application/pdf", headers=kepala)

    def _ditahan(self, request: HttpRequest, pk: int, form: LangkahForm) -> HttpResponse:
        """As the request stands now, with the form as it was filled in; a mere button held
        nothing that could be lost."""
        if not form.fields:
            return self.ke("change", pk)
        return self._halaman(request, self._ambil(request, pk), form)

    @subhalaman("<int:pk>/mendesak/", metode="POST")
    def mendesak(self, request: AuthenticatedRequest, pk: int) -> HttpResponse:
        """Mark as urgent with a reason, or take the mark off; what was typed survives a refusal."""
        permohonan, sekarang = self._ambil(request, pk), timezone.now()
        jaga(request, PERISTIWA["mendesak"].siapa.izin)
        form = MendesakForm(request.POST, prefix="mendesak")
        try:
            if request.POST.get("aksi") == "lepas":
                mendesak.lepas(permohonan, oleh=request.user, pada=sekarang)
                kata = "tanda mendesak sudah dilepas"
            elif form.is_valid():
                alasan = form.cleaned_data["alasan"]
                mendesak.tandai(permohonan, alasan=alasan, oleh=request.user, pada=sekarang)
                kata = "sudah ditandai mendesak"
            else:
                return self._halaman(request, permohonan, form_mendesak=form)
        except alur.LangkahTidakSah as galat:
            messages.error(request, str(galat))
            return self._halaman(request, self._ambil(request, pk), form_mendesak=form)
        bangunkan(tasks.kirim_pesan)
        messages.success(request, f"{permohonan.nomor}: {kata}.")
        return self.ke("change", pk)


def _isi_halaman(permohonan: Permohonan) -> dict[str, Any]:
    """Everything that stands on the page of one request; a constant number of queries."""
    orang, hari_ini = permohonan.pemohon, timezone.localdate()
    lampiran = list(
        permohonan.lampiran.filter(diganti_pada__isnull=True)
        .select_related("berkas")
        .order_by("pk")
    )
    syarat = [
        {
            "syarat": s,
            "lampiran": [x for x in lampiran if x.syarat == s.kode],
            "dibawa": s.kode in permohonan.dibawa,
        }
        for s in permohonan.jenis.syarat.all()
    ]
    jenis, jawab = permohonan.jenis, permohonan.isian
    temuan, disebut = None, None
    if permohonan.status in Permohonan.PERLU_DIKERJAKAN:
        temuan, disebut = pengisian.temuan(jenis, jawab, pemohon=orang, hari=hari_ini)
    return {
        "temuan": temuan,
        "identitas": identitas(orang, pada=hari_ini),
        "peringatan_nik": nik.peringatan(
            orang.nik or "0" * 16,
            tanggal_lahir=orang.tanggal_lahir,
            jenis_kelamin=orang.jenis_kelamin,
        )
        if orang.nik
        else ["Penduduk ini belum punya NIK."],
        "nomor_hp": telepon.tampil(permohonan.nomor_hp),
        "surat_lama": koreksi.tentang_surat_lama(permohonan, hari=hari_ini),
        "jawaban": jawaban.dalam_kata(jenis, jawab, pada=hari_ini, penduduk=disebut),
        "syarat": syarat,
        "ada_diperiksa": any(x.berkas.keadaan == Berkas.Keadaan.DIPERIKSA for x in lampiran),
        "riwayat": list(permohonan.riwayat.select_related("oleh", "surat")),
        "pesan": Notifikasi.objects.tentang(permohonan)
        .select_related("penerima", "ditangani_oleh")
        .order_by("pk"),
        "penyerahan": getattr(permohonan, "penyerahan", None),
        "kata_asing": tercetak.kata_asing(permohonan.surat.data)
        if permohonan.status == Permohonan.Status.DICETAK and permohonan.surat
        else [],
        "lencana_surat": lencana(keadaan.lihat(permohonan.surat, hari=hari_ini))
        if permohonan.surat
        else "",
    }
