#!/usr/bin/env bash
# Puts SPIN, and the C compiler that its models need, on this machine, from Debian; nothing if they are there.
set -euo pipefail

if command -v spin >/dev/null && command -v gcc >/dev/null; then exit 0; fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
for command in "update -qq" "install -y --no-install-recommends spin gcc libc6-dev"; do
  # shellcheck disable=SC2086
  if ! DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get $command >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    exit 1
  fi
done
echo "installed SPIN"
