# shellcheck shell=bash
# A real kube-apiserver with its etcd, for tests alone: Debian 12's source package of Kubernetes,
# built with Debian 12's Go (the last release whose sources are whole), and Debian 12's etcd. All
# three are fetched and verified by apt and never installed; what is kept are three programs among
# the parts. Go's programs bring their libraries along, so they run on Debian 13 as well.

# The last number rises when the recipe below changes.
api_server_recipe=1.20.2-1
api_server_programs=(kube-apiserver etcd etcdctl)

# Without it the tests that need it are skipped, so a failure is told and does not end the set-up.
provide_api_server() {
    local folder=$parts/kubernetes status=0
    api_server_complete "$folder" && return 0
    # In a place of its own, and not as a condition: there the shell would go on after a failure.
    set +e
    (
        set -e
        make_api_server "$folder"
    )
    status=$?
    set -e
    ((status < 128)) || exit "$status"
    ((status == 0)) ||
        say "So there is no kube-apiserver, and the tests that run against one are skipped."
}

# Every program is looked at: a cleaner of the temporary folder may have taken some.
api_server_complete() {
    local folder=$1 program
    [[ -r $folder/recipe && $(<"$folder/recipe") == "$api_server_recipe" ]] || return 1
    for program in "${api_server_programs[@]}"; do
        [[ -x $folder/$program ]] || return 1
    done
}

make_api_server() {
    local folder=$1 work
    rm -rf "$folder".??????
    need_space "$parts" 3000 "building kube-apiserver"
    install_packages make gcc rsync xz-utils
    say "building kube-apiserver from Debian 12's source (about three minutes, once)"
    work=$(mktemp -d "$folder.XXXXXX")
    # shellcheck disable=SC2064 # the name as it is now
    trap "rm -rf '$work'" EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    fetch_api_server "$work"
    unpack_api_server "$work"
    build_api_server "$work"
    check_api_server "$work/out"
    printf '%s\n' "$api_server_recipe" >"$work/out/recipe"
    chmod 755 "$work/out"
    rm -rf "$folder"
    mv "$work/out" "$folder"
}

fetch_api_server() {
    local work=$1 mirror source
    [[ -r $archive_keyring ]] ||
        refuse "The keys of the Debian archive are missing: install the package debian-archive-keyring."
    mirror=$(machine_mirror "$work/own" "$work/log")
    source="[signed-by=$archive_keyring] $mirror bookworm main"
    make_apt_root "$work/apt" "deb $source"$'\n'"deb-src $source"
    # The packages of another release may depend on what this machine has not; nothing is installed.
    printf 'Dir::State::status "/dev/null";\n' >>"$work/apt/apt.conf"
    update_apt_root "$work/apt" "$work/log"
    mkdir "$work/debs" "$work/tar"
    fetching "$work/log" "Debian 12's Go and etcd" \
        env -C "$work/debs" APT_CONFIG="$work/apt/apt.conf" apt-get -q download \
        golang-1.19-go golang-1.19-src etcd-server etcd-client golang-github-modern-go-reflect2-dev
    fetching "$work/log" "The source of Kubernetes" \
        env -C "$work/tar" APT_CONFIG="$work/apt/apt.conf" \
        apt-get -q source --download-only --tar-only kubernetes
}

unpack_api_server() {
    local work=$1 deb
    for deb in "$work/debs/"*.deb; do
        quietly "$work/log" "The package ${deb##*/} could not be unpacked; the lines above say why." \
            dpkg -x "$deb" "$work/root"
    done
    mkdir -p "$work/gopath/src/k8s.io/kubernetes" "$work/out"
    quietly "$work/log" "The source of Kubernetes could not be unpacked; the lines above say why." \
        tar -x --strip-components=1 -C "$work/gopath/src/k8s.io/kubernetes" -f "$work/tar/"*.orig.tar.*
    cp "$work/root/usr/bin/"{etcd,etcdctl} "$work/out/"
    # The copy of reflect2 that Kubernetes brings along crashes under Go 1.18 and later as soon as
    # a custom object comes in; Debian's is one version further.
    rm -rf "$work/gopath/src/k8s.io/kubernetes/vendor/github.com/modern-go/reflect2"
    cp -a "$work/root/usr/share/gocode/src/github.com/modern-go/reflect2" \
        "$work/gopath/src/k8s.io/kubernetes/vendor/github.com/modern-go/"
    rm -rf "$work/tar" "$work/debs"
}

# By Kubernetes' own make, for it generates a source that is not in the package. No module is
# fetched: all are vendored.
build_api_server() {
    local work=$1 tree=$1/gopath/src/k8s.io/kubernetes
    quietly "$work/log" "kube-apiserver could not be built; the lines above say why." \
        env -C "$tree" GOROOT="$work/root/usr/lib/go-1.19" \
        PATH="$work/root/usr/lib/go-1.19/bin:$PATH" \
        GOPATH="$work/gopath" GOCACHE="$work/gocache" GOENV=off GOPROXY=off GOFLAGS= \
        KUBE_GIT_VERSION="v${api_server_recipe%-*}" KUBE_GIT_TREE_STATE=archive \
        KUBE_GIT_COMMIT=unknown \
        nice make WHAT=cmd/kube-apiserver
    cp "$tree/_output/bin/kube-apiserver" "$work/out/"
}

check_api_server() {
    local program
    for program in "${api_server_programs[@]}"; do
        chmod 755 "$1/$program"
        "$1/$program" --version >/dev/null 2>&1 || "$1/$program" version >/dev/null 2>&1 ||
            refuse "$program was made but does not start on this machine: run $program --version and see what it says."
    done
}
