# shellcheck shell=bash
# Where things lie. Every script reads the same answers from here; nothing is remembered
# between two runs but what stands in these folders.

top=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)

home=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
cache=${XDG_CACHE_HOME:-$home/.cache}/pilothouse

release() {
    local ID="" VERSION_CODENAME=""
    # shellcheck source=/dev/null
    [[ -r /etc/os-release ]] && . /etc/os-release
    printf '%s %s\n' "${ID:-unknown}" "${VERSION_CODENAME:-unknown}"
}

# debian bookworm | debian trixie
read -r distribution codename < <(release)

# The servers are started as "nobody" when the caller is root (PostgreSQL refuses root), and
# root's home is closed to nobody: so root's parts lie under the system's temporary folder.
if ((EUID == 0)); then
    parts=/var/tmp/pilothouse-0/parts
else
    parts=$cache/parts
fi

# KSyntaxHighlighting for Qt 6, where the distribution has it for Qt 5 only. The last number
# rises when the recipe in highlighting.sh changes.
highlighting=$cache/ksyntaxhighlighting-5.116-$codename-1

# What the console's build and the programs that it starts need to know.
export PILOTHOUSE_PARTS=$parts
if [[ $codename == bookworm ]]; then
    export CMAKE_PREFIX_PATH=$highlighting${CMAKE_PREFIX_PATH:+:$CMAKE_PREFIX_PATH}
fi

# Fails with one sentence when less than MEGABYTES are free where FOLDER is, or will be.
#   need_space FOLDER MEGABYTES WHAT
need_space() {
    local folder=$1 megabytes=$2 what=$3 free
    while [[ ! -d $folder ]]; do folder=$(dirname -- "$folder"); done
    free=$(df -Pm -- "$folder" | awk 'NR == 2 { print $4 }')
    ((free >= megabytes)) ||
        refuse "There is too little disk space for $what: $folder has $free MB free and $megabytes MB are needed."
}
