#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Fetches what examples/build compiles: the upstream source of Debian's package mbedtls (4 MB), with lists of apt's own in a
# scratch folder. Nothing is installed, and the machine's sources.list stays as it is.
#
# Usage: make_source.sh [FOLDER for the data]; does nothing where it is there. DEBIAN_MIRROR and DEBIAN_RELEASE choose others.
set -euo pipefail
data=${1:-$(dirname "$0")/data}
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
release=${DEBIAN_RELEASE:-bookworm}
package=mbedtls

stop() { echo "make_source.sh: $1" >&2; exit 3; }
[ ! -d "$data/$package" ] || exit 0
command -v apt-get >/dev/null || stop "there is no apt-get here; unpack the source of $package into $data/$package"

mkdir -p "$data"
data=$(realpath "$data")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
mkdir -p lists/partial
echo "deb-src $mirror $release main" >sources.list
own=(-qq -o Dir::Etc::SourceList="$scratch/sources.list" -o Dir::Etc::SourceParts=- -o Dir::State::Lists="$scratch/lists"
    -o Dir::Cache::pkgcache="" -o Dir::Cache::srcpkgcache="" -o APT::Sandbox::User="" -o Debug::NoLocking=1
    -o Acquire::http::Timeout=20 -o Acquire::Retries=1)
{ apt-get "${own[@]}" update && apt-get "${own[@]}" source --download-only "$package"; } >apt.log 2>&1 ||
    stop "apt-get cannot fetch the source of $package from $mirror: $(tail -n 1 apt.log)"

mkdir unpacked
tar -x -f "$package"_*.orig.tar.* -C unpacked --strip-components=1
mv unpacked "$data/$package"
