# shellcheck shell=bash
# Debian packages: which are needed, and how missing ones are installed.

build_packages=(
    g++ cmake ninja-build ccache pkg-config ca-certificates
    qt6-base-dev qt6-charts-dev qt6-svg-dev
    libqt6sql6-psql libqt6sql6-sqlite libqt6svg6 qt6-qpa-plugins
    libyaml-cpp-dev libgit2-dev libexpected-dev libpg-query-dev libpq-dev libmicrohttpd-dev zlib1g-dev
    libhyperscan-dev qtkeychain-qt6-dev libsecret-1-0
    fonts-inter fonts-jetbrains-mono git
)
# The fuzzers come with clang, and lld links the tests' three hundred programs. By the names that
# llvm-symbolizer finds, known leaks of libraries are told from ours.
test_packages=(clang-format clang-tidy clang lld llvm libclang-rt-dev openssl dbus-daemon gnome-keyring)
# What benches measure beside.
bench_packages=(ripgrep graphviz)

case $codename in
bookworm)
    # Qt Charts asks for the first; KSyntaxHighlighting is built with the others.
    build_packages+=(libqt6opengl6-dev extra-cmake-modules perl xz-utils)
    postgresql_packages=(postgresql-15 postgresql-client-15)
    prometheus_packages=(prometheus)
    kubectl_package=kubernetes-client
    postgresql_libraries=(
        libgssapi-krb5-2 libicu72 libldap-2.5-0 liblz4-1 libpam0g libpq5 libreadline8 libssl3
        libsystemd0 libxml2 libzstd1 tzdata
    )
    ;;
trixie)
    build_packages+=(libkf6syntaxhighlighting-dev)
    postgresql_packages=(postgresql-17 postgresql-client-17)
    prometheus_packages=(prometheus promtool)
    kubectl_package=kubectl
    postgresql_libraries=(
        libgssapi-krb5-2 libicu76 libldap2 liblz4-1 libpam0g libpq5 libreadline8t64 libssl3t64
        libsystemd0 libxml2 libzstd1 tzdata
    )
    ;;
esac
# Tests drive the sandbox with it; whoever has it from elsewhere keeps that one.
command -v kubectl >/dev/null || test_packages+=("$kubectl_package")
command -v curl >/dev/null || test_packages+=(curl)
command -v node >/dev/null || test_packages+=(nodejs)
command -v npm >/dev/null || test_packages+=(npm)

# Prints those of the named packages that are not installed.
missing_packages() {
    local name status installed=" "
    while read -r status name; do
        [[ $status == installed ]] && installed+="$name "
    done < <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null)
    for name in "$@"; do
        [[ $installed == *" $name "* ]] || printf '%s\n' "$name"
    done
}

# Runs a command as root, through sudo where needed. Only sudo itself may ask for something,
# and only where somebody can answer.
as_root() {
    if ((EUID == 0)); then
        "$@"
    elif has_terminal; then
        sudo -- "$@"
    else
        sudo -n -- "$@"
    fi
}

can_become_root() {
    ((EUID == 0)) && return 0
    command -v sudo >/dev/null || return 1
    if has_terminal; then sudo -v; else sudo -n true 2>/dev/null; fi
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 LC_ALL=C.UTF-8 \
        apt-get -q -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

# Another program (a daily timer, say) may hold the lock of the package lists for a while.
update_package_lists() {
    local log=$1 tries
    for tries in {1..12}; do
        apt update >"$log" 2>&1 && ! grep -q '^W: Failed to fetch' "$log" && return 0
        grep -q 'Could not get lock' "$log" || return 1
        ((tries == 12)) || sleep 5
    done
    return 1
}

# Installs those of the named packages that are missing. A shell of its own, for the log goes with
# it also where it refuses, and a caller may have an exit trap.
install_packages() (
    local missing log
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0

    local command="apt-get install --no-install-recommends ${missing[*]}"
    can_become_root ||
        refuse "These packages are missing, and installing them needs root (sudo is absent, or it refused). Ask an administrator to run: $command"
    need_space /usr $((80 * ${#missing[@]} + 400)) "${#missing[@]} packages"

    log=$(mktemp)
    # shellcheck disable=SC2064 # the name as it is now
    trap "rm -f '$log'" EXIT
    say "installing with apt: ${missing[*]}"
    update_package_lists "$log" || refuse_fetch "$log" "The package lists"
    # An installation that was cut short earlier is finished first.
    quietly "$log" "dpkg has unfinished work that it cannot finish; run 'dpkg --configure -a' as root and see what it says." \
        as_root env DEBIAN_FRONTEND=noninteractive dpkg --configure -a --force-confdef --force-confold
    if ! apt install -y --no-install-recommends --no-remove "${missing[@]}" >"$log" 2>&1; then
        ! grep -q 'Failed to fetch' "$log" || refuse_fetch "$log" "The packages"
        tail -n 30 "$log" >&2
        refuse "apt could not install the packages; its last lines above say why. The command was: $command"
    fi
)
