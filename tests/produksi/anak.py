"""What needs the village's own database, for tests.proses.Anak."""


def orang() -> str:
    """A resident (whose NIK comes back), an operator, a perbekel with a mandate; their passwords as
    in tests.factories."""
    from tests import factories

    factories.buat_operator()
    factories.buat_perbekel()
    return factories.buat_warga().warga.nik or ""
