# shellcheck shell=bash
# GitHub's own client of the command line, for tests alone: Debian's package unpacked among the
# parts as gh/usr/bin/gh, never installed.

provide_gh() {
    local folder=$parts/gh work
    [[ -x $folder/usr/bin/gh ]] && return 0
    need_space "$parts" 100 "gh"
    say "fetching without installing: gh"
    rm -rf "$folder".??????
    work=$(mktemp -d "$folder.XXXXXX")
    # shellcheck disable=SC2064 # the name as it is now
    trap "rm -rf '$work'" EXIT
    mkdir "$work/debs"
    download_packages "$work" gh
    quietly "$work/log" "The package gh could not be unpacked; the lines above say why." \
        dpkg -x "$work"/debs/*.deb "$work/out"
    quietly "$work/log" "gh does not start on this machine; the lines above say why." \
        "$work/out/usr/bin/gh" --version
    chmod 755 "$work/out"
    rm -rf "$folder"
    mv "$work/out" "$folder"
    rm -rf "$work"
    trap - EXIT
}
