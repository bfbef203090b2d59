#!/usr/bin/env bash
# pamit.sh COMMAND…: run COMMAND in a process group of its own and stop it politely.
# honcho sends SIGTERM to the whole group of a child. Celery's pool processes would die of it in
# the middle of a task, and their parent would wait for them until it is killed. So only the parent
# is told; it finishes what it holds. After 4 s (honcho waits 5) whatever is left is killed.
set -euo pipefail

diminta=0
read -ra ikut_mati <<<"${IKUT_MATI:-}" # see jalan.sh; for when this shell itself is killed
set -m # job control: the background job becomes the leader of a new process group
"${ikut_mati[@]}" "$@" &
anak=$!
set +m
trap 'diminta=1; kill -TERM "$anak" 2>/dev/null || true' TERM

kode=0
wait "$anak" || kode=$?
if ((diminta)); then
    kode=0
    batas=$((SECONDS + 4))
    while ((SECONDS < batas)) && kill -0 "$anak" 2>/dev/null; do
        sleep 0.1
    done
fi
kill -KILL -- "-$anak" 2>/dev/null || true
exit "$kode"
