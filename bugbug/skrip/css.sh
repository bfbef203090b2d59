#!/usr/bin/env bash
# Builds static/css/bugbug.css (committed; Node is needed only here): Bootstrap purged to the
# classes that the templates use, plus static/css/sumber/bugbug.css, minified.
# Needs: npm, and .venv for the templates of crispy-bootstrap5.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
akar=$(pwd -P)

command -v npm >/dev/null || { echo "GAGAL: npm belum ada (Node 18 atau lebih baru)." >&2; exit 1; }
crispy=$(.venv/bin/python -c 'import crispy_bootstrap5 as c; print(c.__path__[0])')/templates/bootstrap5

paket=$(mktemp -d)
trap 'rm -rf "$paket"' EXIT
npm install --silent --no-audit --no-fund --no-save --ignore-scripts --prefix "$paket" \
    bootstrap@5.3.9 purgecss@8.0.0 lightningcss@1.33.0
node bugbug/skrip/css.mjs "$paket" "$akar" "$crispy"

.venv/bin/python - static/css/bugbug.css <<'PY'
import gzip
import sys
from pathlib import Path

isi = Path(sys.argv[1]).read_bytes()
ukuran = f"{len(isi)} byte, gzip {len(gzip.compress(isi, 9))}"
try:
    import brotli
except ModuleNotFoundError:
    pass
else:
    ukuran += f", brotli {len(brotli.compress(isi))}"
sys.stdout.write(f"{sys.argv[1]}: {ukuran}\n")
PY
