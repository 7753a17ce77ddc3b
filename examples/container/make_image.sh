#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes what examples/container needs, from Debian packages alone: the image localhost/compressors:1, with bash and five
# compressors of other people, and 16 MB of this machine's own programs to compress. Nothing is installed here.
#
# Usage: make_image.sh [FOLDER for the data]; does nothing where all is there. CONTAINER_ENGINE=docker for docker.
set -euo pipefail
engine=${CONTAINER_ENGINE:-podman}
image=localhost/compressors:1
tools="bash coreutils gzip bzip2 xz-utils zstd brotli"
data=${1:-$(dirname "$0")/data}

stop() { echo "make_image.sh: $1" >&2; exit 3; }
command -v "$engine" >/dev/null || stop "there is no $engine here; install podman"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Asked for on an empty system, apt fetches the tools and all they need.
fetch() {
    mkdir -p "$scratch/archives/partial"
    # shellcheck disable=SC2086 # a list of words
    apt-get -qq -y -o Dir::State::status=/dev/null -o Dir::Cache::archives="$scratch/archives" -o Debug::NoLocking=1 \
        -o Dir::Cache::pkgcache="" -o Dir::Cache::srcpkgcache="" -o APT::Sandbox::User="" \
        --no-install-recommends --download-only install $tools >/dev/null ||
        stop "apt-get cannot fetch $tools; run 'apt-get update' first"
}

# As Debian lays systems out: /bin, /lib and the like are links into /usr.
unpack() {
    local part package
    for part in bin sbin lib lib64; do mkdir -p "$scratch/root/usr/$part"; ln -s "usr/$part" "$scratch/root/$part"; done
    for package in "$scratch"/archives/*.deb; do
        dpkg-deb --fsys-tarfile "$package" | tar -x -C "$scratch/root" --keep-directory-symlink --no-same-owner
    done
    rm -rf "$scratch/root/usr/share/"{doc,man,locale,info}
    mkdir -p "$scratch/root/"{tmp,proc,sys,dev}
}

if ! "$engine" image inspect "$image" >/dev/null 2>&1; then
    fetch
    unpack
    tar -c -C "$scratch/root" --sort=name --mtime=@0 . | "$engine" import - "$image" >/dev/null
fi

if [ ! -f "$data/programs.tar" ]; then
    mkdir -p "$data"
    tar -c -C /usr --sort=name bin 2>/dev/null | head -c 16000000 >"$data/programs.tar.part" || true
    mv "$data/programs.tar.part" "$data/programs.tar"
fi
