#!/bin/sh
# Unpacks what the release has no package for. The builder has fetched it and looked at its digest; it is looked at again here,
# since it came a long way. Each folder is there whole, root's and nobody else's to write, or not at all.
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
root=${LETTERBOX_ROOT:-}
new=''
trap '[ -z "$new" ] || rm -rf "$new"' EXIT
umask 022

tab=$(printf '\t')
while IFS= read -r line; do
    # Split at the tabs and nowhere else.
    IFS=$tab
    set -f
    # shellcheck disable=SC2086
    set -- $line
    set +f
    IFS=' '
    file=$bake/$1 sha256=$2 folder=$3 to=$root$4 new=$root$4.new
    shift 4
    [ -e "$file" ] || fail "downloads: the builder sent no $file"
    found=$(sha256sum "$file")
    [ "${found%% *}" = "$sha256" ] || fail "downloads: $file has SHA-256 ${found%% *}, not $sha256"
    [ ! -e "$to" ] || fail "downloads: $to is there already, of a package"
    rm -rf "$new"
    mkdir -p "$new"
    tar --extract --file "$file" --directory "$new" --no-same-owner --no-same-permissions
    [ -d "$new/$folder" ] || fail "downloads: $file has no folder $folder"
    for without in "$@"; do rm -rf "${new:?}/$folder/${without:?}"; done
    chmod -R u=rwX,go=rX "$new/$folder"
    mv "$new/$folder" "$to"
    rm -rf "$new"
    say "downloads: $to, $(find "$to" -type f | wc -l) files"
done <"$bake/downloads.txt"
