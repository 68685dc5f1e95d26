# shellcheck shell=bash
# How the scripts speak: progress goes to standard error, so that standard output
# stays free for what a program prints (JSON lines, ctest's summary).

say() {
    printf 'pilothouse: %s\n' "$*" >&2
}

# One sentence, and exit code 2: the machine is not as it must be. A command that
# merely failed ends with its own code instead.
refuse() {
    printf 'pilothouse: %s\n' "$*" >&2
    exit 2
}

# Runs a command silently; when it fails, shows all that it printed and then the sentence.
#   quietly LOGFILE SENTENCE COMMAND …
quietly() {
    local log=$1 sentence=$2
    shift 2
    if ! "$@" >"$log" 2>&1; then
        cat "$log" >&2
        refuse "$sentence"
    fi
}

# Runs a command that fetches; when it fails, says what was to be fetched and why it was not.
#   fetching LOGFILE WHAT COMMAND …
fetching() {
    local log=$1 what=$2
    shift 2
    "$@" >"$log" 2>&1 || refuse_fetch "$log" "$what"
}

refuse_fetch() {
    local reason
    reason=$(grep -m 1 -oE '(Temporary failure|Could not|Unable to|Connection|No space|40[0-9] |Hash Sum mismatch|File has unexpected size).*' "$1") ||
        reason=$(tail -n 1 "$1")
    refuse "$2 could not be fetched (${reason:-no reason was given}): check the network and the sources in /etc/apt, then run this again."
}

# Looked at once: where a command's words go into a log, standard error is none although somebody sits there.
terminal=no
if [[ -t 0 && -t 2 ]]; then terminal=yes; fi

# True when a person can answer a question.
has_terminal() {
    [[ $terminal == yes ]]
}
