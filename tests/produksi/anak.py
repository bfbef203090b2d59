"""What needs the village's own database, for tests.proses.Anak."""


def orang() -> str:
    """A resident (whose NIK comes back), an operator, a perbekel with a mandate; their passwords as
    in tests.factories."""
    from django.utils import timezone

    from surat.models import TataNaskah
    from tests import factories

    # Its first run is another test's subject.
    TataNaskah.objects.update_or_create(pk=1, defaults={"siap_pada": timezone.now()})
    factories.buat_operator()
    factories.buat_perbekel()
    return factories.buat_warga().warga.nik or ""
