# One verb a line; what it does lies in bugbug/skrip/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test check fix bench serentak gangguan pulih beban jelajah produksi contoh-surat kunci css
PY := .venv/bin/python
UJI := DJANGO_SETTINGS_MODULE=tests.settings $(PY)
KUNCI := .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make kunci"

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 21

run:  ## serve the site with a demo village on http://127.0.0.1:8000 (stop: Ctrl-C)
	@bash bugbug/skrip/siapkan.sh jalan && exec bash bugbug/skrip/jalan.sh

test:  ## all tests; a part of them: make test ARGS="-k alur"
	@bash bugbug/skrip/siapkan.sh uji && bash bugbug/skrip/uji.sh $(ARGS)

check:  ## style, types, imports, migrations, generated diagrams, scripts
	@bash bugbug/skrip/siapkan.sh uji
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	.venv/bin/lint-imports --no-logo
	$(UJI) manage.py makemigrations --check --dry-run
	$(UJI) manage.py check
	$(UJI) manage.py diagram_alur --periksa
	@bash bugbug/skrip/audit.sh
	@if command -v shellcheck >/dev/null; then shellcheck bugbug/skrip/*.sh pasang/*.sh .ci/run; else echo "SKIPPED: shellcheck is missing (apt-get install shellcheck)"; fi

fix:  ## mend the style and write the generated diagrams anew
	@bash bugbug/skrip/siapkan.sh uji
	$(PY) -m ruff check --fix
	$(PY) -m ruff format
	$(UJI) manage.py diagram_alur --tulis

bench:  ## measure speed
	@bash bugbug/skrip/siapkan.sh uji && $(PY) -m tests.bench

serentak:  ## 64 threads issue 100 letters each, and processes are killed (some minutes)
	@UJI_SERENTAK=100 $(MAKE) --no-print-directory test ARGS="tests/surat/buku/test_nomor_serentak.py -n 0 -s"

gangguan:  ## 2,000 steps while workers are killed, Redis stops, Twilio misbehaves; fewer: ARGS="--jumlah 200"
	@bash bugbug/skrip/siapkan.sh uji && $(PY) -m tests.gangguan $(ARGS)

pulih:  ## restore drill: work, kill, destroy, restore, with figures; smaller: ARGS="--isi 50 --detik 10"
	@bash bugbug/skrip/siapkan.sh uji && $(PY) -m tests.pulih $(ARGS)

beban:  ## 200 people at once, then five times as many, then 200 again; ARGS="--produksi" behind nginx; "--server --kembar", "--rendam 600"
	@bash bugbug/skrip/siapkan.sh uji && $(PY) -m tests.beban $(ARGS)

jelajah:  ## 10,000 odd requests to every address by everybody; other ones: UJI_JELAJAH_BIBIT=7
	@UJI_JELAJAH=$${UJI_JELAJAH:-10000} $(MAKE) --no-print-directory test ARGS="tests/jelajah -n 0 --show-capture=no"

produksi:  ## the production set-up from an empty folder: nginx, Caddy, PostgreSQL, Redis, and a letter through it
	@bash bugbug/skrip/siapkan.sh uji && $(PY) -m tests.produksi

contoh-surat:  ## print samples of all letters into var/contoh-surat/; one: ARGS="--jenis usaha"
	@bash bugbug/skrip/siapkan.sh jalan
	$(PY) manage.py migrate --verbosity 0
	$(PY) manage.py muat_jenis_surat
	$(PY) manage.py contoh_surat $(ARGS)

kunci:  ## lock the versions of all Python packages with their hashes
	@bash bugbug/skrip/siapkan.sh uji
	$(KUNCI) requirements.txt -o requirements.lock
	$(KUNCI) requirements-run.txt -o requirements-run.lock
	$(KUNCI) requirements-dev.txt -o requirements-dev.lock

css:  ## make the CSS files anew from the classes in use
	@bash bugbug/skrip/css.sh
