"""The PIN hasher with the smallest cost; its own tests use the real one."""

from penduduk.akun.hashers import PINHasher


class PINHasherCepat(PINHasher):
    time_cost = 1
    memory_cost = 8
