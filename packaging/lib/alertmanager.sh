# shellcheck shell=bash
# Alertmanager, for tests alone: Debian's package unpacked among the parts, never installed. Debian
# has built the place of its templates into the program. In the parts' copy that path is one of the
# same length which leads to where the program runs: the tests start it in its own folder.

provide_alertmanager() {
    local folder=$parts/alertmanager work built=/usr/share/prometheus/alertmanager name=alertmanager own
    [[ -x $folder/prometheus-alertmanager ]] && return 0
    need_space "$(dirname -- "$parts")" 200 "Alertmanager"
    say "fetching without installing: prometheus-alertmanager"
    rm -rf "$folder".??????
    work=$(mktemp -d "$folder.XXXXXX")
    # shellcheck disable=SC2064 # the name as it is now
    trap "rm -rf '$work'" EXIT
    mkdir -p "$work/debs" "$work/out/alertmanager"
    download_packages "$work" prometheus-alertmanager
    quietly "$work/log" "Alertmanager's package could not be unpacked; the lines above say why." \
        dpkg -x "$work"/debs/*.deb "$work/unpacked"
    cp "$work/unpacked$built/"*.tmpl "$work/out/alertmanager/"
    printf -v own '%*s' $((${#built} - ${#name} - 1)) ''
    own=.${own// /\/}$name
    sed "s|$built|$own|g" "$work/unpacked/usr/bin/prometheus-alertmanager" \
        >"$work/out/prometheus-alertmanager"
    chmod 755 "$work/out" "$work/out/alertmanager" "$work/out/prometheus-alertmanager"
    "$work/out/prometheus-alertmanager" --version >/dev/null 2>&1 ||
        refuse "Alertmanager does not start on this machine: Debian's package has changed; please report it."
    mv "$work/out" "$folder"
    rm -rf "$work"
    trap - EXIT
}
