# shellcheck shell=bash
# KSyntaxHighlighting with Qt 6 for Debian 12, which has it for Qt 5 only: the source package of
# Debian 13 is fetched and verified by apt, built here, and kept in the cache. (In Debian 13 it
# is the package libkf6syntaxhighlighting-dev.)

provide_highlighting() {
    [[ $codename == bookworm ]] || return 0
    [[ -e $highlighting/complete ]] && return 0
    need_space "$cache" 500 "building KSyntaxHighlighting"
    say "building KSyntaxHighlighting for Qt 6 from Debian 13's source (about a minute)"
    local work
    rm -rf "$cache"/building.*
    work=$(mktemp -d "$cache/building.XXXXXX")
    # shellcheck disable=SC2064 # the name as it is now
    trap "rm -rf '$work'" EXIT
    fetch_highlighting "$work"
    build_highlighting "$work"
    install_highlighting "$work"
    rm -rf "$work"
    trap - EXIT
}

fetch_highlighting() {
    local work=$1 mirror
    [[ -r $archive_keyring ]] ||
        refuse "The keys of the Debian archive are missing: install the package debian-archive-keyring."
    mirror=$(machine_mirror "$work/own" "$work/log")
    make_apt_root "$work/apt" "deb-src [signed-by=$archive_keyring] $mirror trixie main"
    update_apt_root "$work/apt" "$work/log"
    mkdir "$work/tar" "$work/source"
    fetching "$work/log" "The source of KSyntaxHighlighting" \
        env -C "$work/tar" APT_CONFIG="$work/apt/apt.conf" \
        apt-get -q source --download-only --tar-only ksyntax-highlighting
    quietly "$work/log" "The source of KSyntaxHighlighting could not be unpacked; the lines above say why." \
        tar -x --strip-components=1 -C "$work/source" -f "$work/tar/"*.orig.tar.*
}

# Debian 12's extra-cmake-modules is 5.103, which is enough, though the source asks for its own
# version. Only the library is of use: no translations (they would need Qt's linguist tools), no
# tests, no examples, no program, no QML module.
build_highlighting() {
    local work=$1
    sed -i -e 's/^find_package(ECM [0-9.]* /find_package(ECM 5.103 /' \
        -e '/^ecm_install_po_files_as_qm/d' -e '/add_subdirectory(examples)/d' \
        "$work/source/CMakeLists.txt"
    sed -i '/add_subdirectory(cli)/d' "$work/source/src/CMakeLists.txt"
    quietly "$work/log" "KSyntaxHighlighting could not be configured; the lines above say why." \
        cmake -S "$work/source" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_INSTALL_PREFIX="$highlighting" -DKDE_INSTALL_USE_QT_SYS_PATHS=OFF \
        -DQT_MAJOR_VERSION=6 -DBUILD_WITH_QT6=ON -DBUILD_TESTING=OFF \
        -DCMAKE_DISABLE_FIND_PACKAGE_Qt6Quick=ON
    quietly "$work/log" "KSyntaxHighlighting could not be built; the lines above say why." \
        nice cmake --build "$work/build"
}

# The finished folder gets its name in one step, so that a half-made one is never used.
install_highlighting() {
    local work=$1
    quietly "$work/log" "KSyntaxHighlighting could not be installed into the cache; the lines above say why." \
        env DESTDIR="$work/out" cmake --install "$work/build"
    touch "$work/out$highlighting/complete"
    rm -rf "$highlighting"
    mv "$work/out$highlighting" "$highlighting"
}
