"""What somebody typed into a page whose session had ended meanwhile."""

from django.db import models

from penduduk.models.akun import Akun


class Ketikan(models.Model):
    """A form that came too late, for half an hour: for this account in this browser only."""

    akun = models.ForeignKey(Akun, on_delete=models.CASCADE, related_name="ketikan")
    sidik = models.CharField(max_length=64, help_text="Peramban, seperti di Perangkat.")
    alamat = models.CharField(max_length=500, help_text="Ke mana formulir dikirim.")
    halaman = models.CharField(max_length=500, help_text="Di halaman mana formulirnya.")
    isi = models.JSONField(default=dict, help_text="bidang: [nilai]")
    berkas = models.JSONField(default=list, help_text='{"bidang", "nama", "jenis", …}')
    sesi_berakhir = models.BooleanField(help_text="Salah: halamannya yang terlalu lama terbuka.")
    pada = models.DateTimeField()

    class Meta:
        verbose_name = "ketikan"
        verbose_name_plural = "ketikan"
        indexes = [models.Index(fields=["pada"], name="ketikan_pada")]
        constraints = [
            models.UniqueConstraint(
                fields=["akun", "sidik", "alamat"], name="ketikan_sekali_per_alamat"
            )
        ]

    def __str__(self) -> str:
        return f"ketikan {self.pk}"
