#!/usr/bin/env bash
# pamit.sh COMMAND…: run COMMAND in a process group of its own and stop it politely.
# honcho sends SIGTERM to the whole group of a child. Celery's pool processes would die of it in
# the middle of a task, and their parent would wait for them until it is killed. So only the parent
# is told; it finishes what it holds. After 4 s (honcho waits 5) whatever is left is killed.
set -euo pipefail

diminta=0
set -m # job control: the background job becomes the leader of a new process group
"$@" &
anak=$!
set +m
trap 'diminta=1; kill -TERM "$anak" 2>/dev/null || true' TERM

kode=0
wait "$anak" || kode=$?
if ((diminta)); then
    kode=0
    for _ in {1..40}; do
        kill -0 "$anak" 2>/dev/null || break
        sleep 0.1
    done
fi
kill -KILL -- "-$anak" 2>/dev/null || true
exit "$kode"
