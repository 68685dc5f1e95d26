# shellcheck shell=bash
# GitHub's own client of the command line, for tests alone: Debian's package gh, verified by apt,
# unpacked among the parts as gh/usr/bin/gh and never installed.

# Without it the tests that run it are skipped, so a failure is told and does not end the set-up.
provide_gh() {
    local folder=$parts/gh status=0
    [[ -x $folder/usr/bin/gh ]] && return 0
    # In a place of its own, and not as a condition: there the shell would go on after a failure.
    set +e
    (
        set -e
        fetch_gh "$folder"
    )
    status=$?
    set -e
    ((status < 128)) || exit "$status"
    ((status == 0)) || say "So there is no gh, and the test that runs it is skipped."
}

fetch_gh() {
    local folder=$1 work
    say "fetching without installing: gh"
    rm -rf "$folder".??????
    work=$(mktemp -d "$folder.XXXXXX")
    # shellcheck disable=SC2064 # the name as it is now
    trap "rm -rf '$work'" EXIT
    mkdir "$work/debs"
    download_packages "$work" gh
    quietly "$work/log" "The package gh could not be unpacked; the lines above say why." \
        dpkg -x "$work/debs/"gh_*.deb "$work/out"
    quietly "$work/log" "gh does not start on this machine; the lines above say why." \
        "$work/out/usr/bin/gh" --version
    chmod 755 "$work/out"
    rm -rf "$folder"
    mv "$work/out" "$folder"
}
