# shellcheck shell=bash
# The real servers of the rehearsal, PostgreSQL and Prometheus: the machine's own where it has
# them, otherwise Debian's packages unpacked into the parts folder. They are never installed, so
# that no service starts on the user's machine. The folder looks like a root: usr/lib/postgresql,
# usr/bin/prometheus, usr/bin/promtool; its file "files" lists what it holds.

provide_servers() {
    local work lock
    parts_complete && return 0
    need_space "$(dirname -- "$parts")" 600 "the servers of the rehearsal"
    make_parts_folder
    exec {lock}>"$(dirname -- "$parts")/parts.lock"
    flock "$lock"
    if ! parts_complete; then
        rm -rf "$parts".??????
        work=$(mktemp -d "$(dirname -- "$parts")/parts.XXXXXX")
        # shellcheck disable=SC2064 # the name as it is now
        trap "rm -rf '$work'" EXIT
        gather_servers "$work"
        check_servers "$work/parts"
        keep_other_parts "$work/parts"
        rm -rf "$parts"
        mv "$work/parts" "$parts"
        rm -rf "$work"
        trap - EXIT
    fi
    exec {lock}>&-
}

# Every listed file is looked at: a cleaner of the temporary folder may have taken some.
parts_complete() {
    local file
    [[ -r $parts/files ]] || return 1
    while read -r file; do
        [[ -e $parts/$file ]] || return 1
    done <"$parts/files"
}

# What the tests have among the parts took longer to make; only "usr" is the servers' own.
keep_other_parts() {
    local folder
    for folder in "$parts"/*/; do
        [[ ! -d $folder || $folder == */usr/ ]] || mv "$folder" "$1/"
    done
}

# Root's parts stand in a folder where everybody may write: one that somebody else has made
# there is not used.
make_parts_folder() {
    local folder
    folder=$(dirname -- "$parts")
    ((EUID != 0)) && { mkdir -p "$folder"; return 0; }
    [[ -e $folder || -L $folder ]] || mkdir -m 755 "$folder"
    [[ ! -L $folder && $(stat -c '%u %a' "$folder") == "0 755" ]] ||
        refuse "The folder $folder was not made by root with mode 755: remove it, then run this again."
}

gather_servers() {
    local work=$1 wanted=() own
    mkdir -p "$work/debs" "$work/parts/usr/bin"
    own=$(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort -V | tail -n 1)
    if [[ -x $own && -x ${own%postgres}initdb ]]; then
        own=${own%/bin/postgres}
        mkdir -p "$work/parts/usr/lib/postgresql"
        ln -s "$own" "$work/parts/usr/lib/postgresql/${own##*/}"
    else
        install_packages "${postgresql_libraries[@]}"
        wanted+=("${postgresql_packages[@]}")
    fi
    if [[ -x /usr/bin/prometheus && -x /usr/bin/promtool ]]; then
        ln -s /usr/bin/prometheus /usr/bin/promtool "$work/parts/usr/bin/"
    else
        wanted+=("${prometheus_packages[@]}")
    fi
    ((${#wanted[@]} == 0)) || unpack_servers "$work" "${wanted[@]}"
    chmod 755 "$work/parts"
    find "$work/parts" ! -type d -printf '%P\n' | sort >"$work/files"
    mv "$work/files" "$work/parts/files"
}

unpack_servers() {
    local work=$1 deb
    shift
    say "fetching without installing: $*"
    download_packages "$work" "$@"
    for deb in "$work/debs/"*.deb; do
        quietly "$work/log" "The package ${deb##*/} could not be unpacked; the lines above say why." \
            dpkg -x "$deb" "$work/unpacked"
    done
    # llvmjit.so would need LLVM, 100 MB for nothing: without it PostgreSQL just does not compile
    # its queries. Prometheus' pages are links to packages of scripts that are not here.
    rm -rf "$work/unpacked/usr/share/"{doc,man,locale,lintian,bug,prometheus} \
        "$work/unpacked/usr/lib/postgresql/"*/lib/{llvmjit.so,bitcode}
    cp -a "$work/unpacked/usr/." "$work/parts/usr/"
}

# With the machine's package lists where they serve, otherwise with fresh ones of our own.
download_packages() {
    local work=$1
    shift
    env -C "$work/debs" apt-get -q download "$@" >"$work/log" 2>&1 && return 0
    make_apt_root "$work/apt"
    update_apt_root "$work/apt" "$work/log"
    fetching "$work/log" "The packages $*" \
        env -C "$work/debs" APT_CONFIG="$work/apt/apt.conf" apt-get -q download "$@"
}

check_servers() {
    local root=$1 program lacking
    for program in "$root"/usr/lib/postgresql/*/bin/{postgres,initdb} "$root"/usr/bin/{prometheus,promtool}; do
        [[ -x $program ]] ||
            refuse "The unpacked servers lack ${program##*/}: Debian's packages have changed; please report it."
        # ldd fails on what needs no library at all.
        lacking=$({ ldd "$program" 2>/dev/null || true; } | awk '/not found/ { print $1 }')
        [[ -z $lacking ]] ||
            refuse "${program##*/} cannot start, since these libraries are missing: ${lacking//$'\n'/, }."
        "$program" --version >/dev/null 2>&1 ||
            refuse "${program##*/} does not start on this machine: run $program --version and see what it says."
    done
}
