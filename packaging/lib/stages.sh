# shellcheck shell=bash
# The stages of packaging/test: their minutes, what failed, and the closing report.

# Five fewer than CI has: a slow machine takes almost twice as long as a quiet one.
minutes_allowed=85
stages=() seconds=() failures=()
summaries=() # logs of ctest

# Begins a stage, ending the one before; an empty name only ends.
stage() {
    local now=$SECONDS
    if ((${#stages[@]} > ${#seconds[@]})); then
        seconds+=($((now - stage_began)))
    fi
    stage_began=$now
    [[ -n $1 ]] || return 0
    stages+=("$1")
    say "--- $1"
}

# Remembers a failure and goes on: one run shows all that is wrong.
fault() {
    failures+=("${stages[-1]}: $*")
    say "FAILED: $*"
}

check_minutes() {
    ((SECONDS <= minutes_allowed * 60)) ||
        fault "all stages together took more than $minutes_allowed minutes."
}

# The exit trap: minutes, failures, and ctest's own summaries as the last lines.
report() {
    local status=$? i log
    trap - EXIT
    stage ""
    ((status == 0)) || failures+=("${stages[-1]}: ended with code $status; the stages after it were not run.")
    for i in "${!stages[@]}"; do
        printf '%6.1f min  %s\n' "$((10 * seconds[i] / 60))e-1" "${stages[i]}"
    done
    printf '%6.1f min  together, of %d allowed\n' "$((10 * SECONDS / 60))e-1" "$minutes_allowed"
    ((${#failures[@]} == 0)) || printf 'FAILED: %s\n' "${failures[@]}"
    [[ -z ${not_held-} ]] || printf '%s\n' "$not_held"
    for log in "${summaries[@]}"; do
        sed -n '/^[0-9]*% tests passed/,$p' "$log"
    done
    ((status || ${#failures[@]} == 0)) || status=1
    exit "$status"
}
