# shellcheck shell=bash
# A private apt root: another release's index, or a fresh one of this release, read and
# verified by apt without touching the machine's own apt, and without root.

archive_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# Makes the private root in FOLDER. With a source line only that source is read, otherwise the
# machine's own. Of the machine's apt configuration what concerns fetching is kept (a proxy, say),
# its hooks are not. Use it as APT_CONFIG=FOLDER/apt.conf.
#   make_apt_root FOLDER [SOURCE-LINE]
make_apt_root() {
    local root=$1 source=${2-}
    mkdir -p "$root/lists/partial" "$root/cache/archives/partial" "$root/parts"
    {
        printf 'Dir::Etc::parts "%s/parts";\nDir::Etc::main "/dev/null";\n' "$root"
        printf 'Dir::State::lists "%s/lists";\nDir::Cache "%s/cache";\n' "$root" "$root"
        if [[ -n $source ]]; then
            printf '%s\n' "$source" >"$root/sources.list"
            printf 'Dir::Etc::sourcelist "%s/sources.list";\n' "$root"
            printf 'Dir::Etc::sourceparts "%s/parts";\n' "$root"
        fi
        ((EUID != 0)) || printf 'APT::Sandbox::User "root";\n'
        apt-config dump | grep '^Acquire::' | grep -v '^Acquire::Languages'
        printf 'Acquire::Languages "none";\n'
    } >"$root/apt.conf"
}

# update_apt_root FOLDER LOGFILE
update_apt_root() {
    fetching "$2" "The package lists" \
        env APT_CONFIG="$1/apt.conf" apt-get -q -o APT::Update::Error-Mode=any update
}

# Prints the address of the Debian archive that this machine installs from. apt is asked, not the
# source files: it knows their forms, and by the signed index which of them is Debian itself.
# Where the machine's package lists were cleared away, they are fetched into FOLDER.
#   machine_mirror FOLDER LOGFILE
machine_mirror() {
    local folder=$1 log=$2 mirrors
    # shellcheck disable=SC2016 # apt's own placeholder
    local query=(apt-get indextargets --format '$(REPO_URI)' "Codename: $codename"
        'Origin: Debian' 'Label: Debian' 'Component: main' 'Created-By: Packages')
    mirrors=$("${query[@]}")
    if [[ -z $mirrors ]]; then
        make_apt_root "$folder"
        update_apt_root "$folder" "$log"
        mirrors=$(APT_CONFIG=$folder/apt.conf "${query[@]}")
    fi
    [[ -n $mirrors ]] ||
        refuse "No source for Debian's release '$codename' is set up in /etc/apt: add the Debian archive there, then run this again."
    printf '%s\n' "${mirrors%%$'\n'*}"
}
