#!/usr/bin/env bash
# Puts the editors of the tests on this machine: terminal editors and Chromium from Debian, the VS Code server (Node
# extension host), its ripgrep and vsce from npm, at the versions and hashes of tools/package-lock.json. What is there
# already is left alone, so a second run takes no time. Needs Node, npm and apt; prints one line for each thing that it installs.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
log="$(mktemp)"
trap 'rm -f "$log"' EXIT

# Runs a command silently; only a failure shows what it said.
quietly() {
  if ! "$@" >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    echo "install.sh: failed: $*" >&2
    exit 1
  fi
}

as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
lists_are_new=no
update_lists() {
  if [ "$lists_are_new" = no ]; then quietly "${as_root[@]}" apt-get update -qq; fi
  lists_are_new=yes
}

# --- from Debian -----------------------------------------------------------------------------------------------------
# package:file that shows it is there
wanted=(
  chromium:/usr/bin/chromium
  neovim:/usr/bin/nvim
  vim:/usr/bin/vim
  vim-ale:/usr/share/vim-ale/plugin/ale.vim
  emacs-nox:/usr/bin/emacs
  elpa-eglot:/usr/share/doc/elpa-eglot
  tmux:/usr/bin/tmux
  unzip:/usr/bin/unzip
  libkf5syntaxhighlighting-tools:/usr/bin/kate-syntax-highlighter
  fonts-dejavu-core:/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf
)
missing=()
for entry in "${wanted[@]}"; do
  [ -e "${entry#*:}" ] || missing+=("${entry%%:*}")
done
if [ "${#missing[@]}" -gt 0 ]; then
  echo "installing ${missing[*]}"
  update_lists
  quietly "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

# --- from npm --------------------------------------------------------------------------------------------------------
tools="$here/tools"
done_mark="$tools/node_modules/.ready"
# The mark holds what was installed by which recipe: a changed lock file or a changed script installs anew.
recipe="$(cat "$tools/package-lock.json" "${BASH_SOURCE[0]}" | sha256sum)"
if [ "$(cat "$done_mark" 2>/dev/null || true)" != "$recipe" ]; then
  echo "installing the VS Code server and vsce"
  cd "$tools"
  # No install scripts: they want compilers and downloads, and nothing that the tests use needs them.
  quietly npm ci --ignore-scripts --no-audit --no-fund
  cd node_modules/code-server/lib/vscode
  quietly npm install --ignore-scripts --omit=dev --no-audit --no-fund # its shrinkwrap is out of step: not `npm ci`
  # Native parts that are not built: plain logging, no watchdog.
  echo "throw new Error('spdlog not built');" >node_modules/@vscode/spdlog/index.js
  echo "exports.start = () => {};" >node_modules/native-watchdog/index.js
  ln -sfn node_modules node_modules.asar
  # Its own ripgrep is downloaded by an install script; the same program comes as a package.
  mkdir -p node_modules/@vscode/ripgrep/bin
  cp "$tools/node_modules/@vscode/ripgrep-linux-x64/bin/rg" node_modules/@vscode/ripgrep/bin/rg
  echo "$recipe" >"$done_mark"
fi

# --- newer ones from Debian's next release, beside the system ---------------------------------------------------------
# Neovim 0.10 and Helix with the libraries that they want, unpacked into a folder of their own: nothing of the system changes.
newer="$tools/node_modules/.newer"
if [ ! -e "$newer/.ready" ]; then
  echo "installing a newer Neovim, and Helix"
  rm -rf "$newer"
  mkdir -p "$newer/etc" "$newer/state/lists/partial" "$newer/cache/archives/partial" "$newer/root" "$newer/bin"
  : >"$newer/status"
  # shellcheck disable=SC2016 # apt fills in the $(…)
  mirror_of_debian() { apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' 2>/dev/null | sort -u | head -n 1; }
  mirror="$(mirror_of_debian)"
  if [ -z "$mirror" ]; then
    update_lists
    mirror="$(mirror_of_debian)"
  fi
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$newer/etc/trixie.list"
  apt=(apt-get -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$newer/etc" -o "Dir::State=$newer/state"
    -o "Dir::State::status=$newer/status" -o "Dir::Cache=$newer/cache" -o APT::Sandbox::User="$(id -un)"
    -o "Dir::Log=$newer")
  quietly "${apt[@]}" update
  quietly "${apt[@]}" install -y --download-only --no-install-recommends neovim hx
  for package in "$newer"/cache/archives/*.deb; do quietly dpkg -x "$package" "$newer/root"; done
  libraries='$root/usr/lib/x86_64-linux-gnu'
  # Its own loader and libraries for the editor only: what the editor starts (node) keeps those of the system.
  cat >"$newer/bin/nvim" <<EOF
#!/bin/sh
root=\$(dirname "\$0")/../root
export VIMRUNTIME="\$root/usr/share/nvim/runtime"
export LUA_PATH="\$root/usr/share/lua/5.1/?.lua;;" LUA_CPATH="$libraries/lua/5.1/?.so;;"
exec "$libraries/ld-linux-x86-64.so.2" --library-path "$libraries" "\$root/usr/bin/nvim" "\$@"
EOF
  cat >"$newer/bin/hx" <<EOF
#!/bin/sh
root=\$(dirname "\$0")/../root
export HELIX_RUNTIME="\$root/usr/lib/hx/runtime"
exec "$libraries/ld-linux-x86-64.so.2" --library-path "$libraries" "\$root/usr/lib/hx/hx" "\$@"
EOF
  chmod +x "$newer/bin/nvim" "$newer/bin/hx"
  rm -rf "$newer/cache" "$newer/state"
  : >"$newer/.ready"
fi
