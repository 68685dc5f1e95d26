# shellcheck shell=bash
# The sandbox and the console on it, as one: neither outlives the other, nor this script.

# What the sandbox is told besides.
sandbox_options=()

# rehearse [CONSOLE-OPTION …]: ends with the console's exit code. Whoever rolled something back is
# told how long it took.
rehearse() {
    local status=0 ended="" workspace
    sweep_rehearsals
    trap stop_rehearsal EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    make_rehearsal_folder
    start_sandbox
    "${dies_with_us[@]}" "$top/build/bin/pilothouse" "$workspace" "$@" &
    console=$!
    # bash's own line about a killed child is left out.
    wait -n -p ended "$console" "$sandbox" 2>/dev/null || status=$?
    if [[ $ended == "$sandbox" ]]; then
        sandbox=""
        tail -n 20 "$folder/sandbox.log" >&2
        say "The rehearsal ended by itself (exit code $status), so the console was closed; its last lines stand above."
        exit 1
    fi
    console=""
    "$top/build/bin/pilothouse-cli" journal --workspace "$workspace" --incidents 2>/dev/null || true
    ((status <= 128)) || say "The console was ended by signal $((status - 128))."
    exit "$status"
}

folder="" sandbox="" console=""

# When this script is killed outright, the kernel tells the child.
dies_with_us=(setpriv --pdeathsig TERM)

# The folder's lock is held by this script and by all that it starts, so a folder whose lock is
# free was left behind (by kill -9, say). It is called "lock" only once it is held.
make_rehearsal_folder() {
    folder=$(mktemp -d "${TMPDIR:-/tmp}/pilothouse-rehearsal.XXXXXX")
    mkdir "$folder/world"
    # Root's servers run as nobody, who must be able to pass.
    ((EUID != 0)) || chmod 711 "$folder" "$folder/world"
    local lock
    exec {lock}>"$folder/lock.new"
    flock "$lock"
    mv "$folder/lock.new" "$folder/lock"
}

sweep_rehearsals() {
    local left
    for left in "${TMPDIR:-/tmp}"/pilothouse-rehearsal.*; do
        [[ -O $left && -e $left/lock ]] || continue
        flock -n "$left/lock" true || continue
        rm -rf "$left"
    done
}

# Starts the sandbox and waits for its one line, which names the workspace file.
start_sandbox() {
    local line="" named='"workspace" *: *"([^"\\]+)"'
    mkfifo "$folder/ready"
    # In a session of its own: Ctrl-C is for this script, which then ends things in order.
    setsid "${dies_with_us[@]}" "$top/build/bin/pilothouse-sandbox" \
        --scenario good-then-bad --dir "$folder/world" "${sandbox_options[@]}" \
        >"$folder/ready" 2>"$folder/sandbox.log" &
    sandbox=$!
    # Kept open until the end, so that nothing the sandbox may still print can stop it.
    exec {ready}<"$folder/ready"
    IFS= read -r -t 60 -u "$ready" line || true
    if ! [[ $line =~ $named ]]; then
        tail -n 20 "$folder/sandbox.log" >&2
        say "The rehearsal did not tell its workspace within a minute; its last lines, if any, stand above."
        exit 1
    fi
    workspace=${BASH_REMATCH[1]}
}

stop_rehearsal() {
    trap - EXIT
    trap '' INT TERM HUP
    local pid tries
    for pid in $console $sandbox; do
        kill -TERM "$pid" 2>/dev/null || true
    done
    for pid in $console $sandbox; do
        for tries in {1..150}; do
            kill -0 "$pid" 2>/dev/null || continue 2
            sleep 0.1
        done
        say "Process $pid did not end within $((tries / 10)) seconds and is killed."
        kill -KILL "$pid" 2>/dev/null || true
    done
    [[ -z $folder ]] || rm -rf "$folder"
}
