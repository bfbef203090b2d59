# Satu kata kerja satu baris; isinya di bugbug/skrip/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test check fix bench serentak gangguan contoh-surat kunci css
PY := .venv/bin/python
UJI := DJANGO_SETTINGS_MODULE=tests.settings $(PY)
KUNCI := .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make kunci"

help:  ## tampilkan daftar ini
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 21

run:  ## jalankan situs dengan desa contoh di http://127.0.0.1:8000 (berhenti: Ctrl-C)
	@bash bugbug/skrip/siapkan.sh jalan && exec bash bugbug/skrip/jalan.sh

test:  ## semua uji; sebagian saja: make test ARGS="-k alur"
	@bash bugbug/skrip/siapkan.sh uji && bash bugbug/skrip/uji.sh $(ARGS)

check:  ## gaya, tipe, arah impor, migrasi, diagram alur, skrip
	@bash bugbug/skrip/siapkan.sh uji
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	.venv/bin/lint-imports --no-logo
	$(UJI) manage.py makemigrations --check --dry-run
	$(UJI) manage.py check
	$(UJI) manage.py diagram_alur --periksa
	@if command -v shellcheck >/dev/null; then shellcheck bugbug/skrip/*.sh .ci/run; else echo "DILEWATI: shellcheck belum ada (apt-get install shellcheck)"; fi

fix:  ## perbaiki gaya dan tulis ulang diagram alur
	@bash bugbug/skrip/siapkan.sh uji
	$(PY) -m ruff check --fix
	$(PY) -m ruff format
	$(UJI) manage.py diagram_alur --tulis

bench:  ## ukur kecepatan
	@bash bugbug/skrip/siapkan.sh uji && $(PY) -m tests.bench

serentak:  ## 64 utas masing-masing menerbitkan 100 surat, dan proses yang dimatikan paksa (beberapa menit)
	@UJI_SERENTAK=100 $(MAKE) --no-print-directory test ARGS="tests/surat/buku/test_nomor_serentak.py -s"

gangguan:  ## 2.000 langkah sambil pekerja dimatikan, Redis berhenti dan penyedia berulah; sebagian: ARGS="--jumlah 200"
	@bash bugbug/skrip/siapkan.sh uji && $(PY) -m tests.gangguan $(ARGS)

contoh-surat:  ## cetak contoh semua jenis surat ke var/contoh-surat/; sebagian saja: ARGS="--jenis usaha"
	@bash bugbug/skrip/siapkan.sh jalan
	$(PY) manage.py migrate --verbosity 0
	$(PY) manage.py muat_jenis_surat
	$(PY) manage.py contoh_surat $(ARGS)

kunci:  ## kunci ulang versi semua paket Python beserta hash-nya
	@bash bugbug/skrip/siapkan.sh uji
	$(KUNCI) requirements.txt -o requirements.lock
	$(KUNCI) requirements-dev.txt -o requirements-dev.lock

css:  ## buat ulang berkas CSS dari kelas yang dipakai
	@bash bugbug/skrip/css.sh
