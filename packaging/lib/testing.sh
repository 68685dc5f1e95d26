# shellcheck shell=bash
# Running the tests by ctest, and what must hold beside their passing.

not_held="" # see failed_checks
# Each test runs once. Those that start no program of ours are watched by the sanitizers.
sanitized_labels=(unit wire gui)
plain_labels=(real kill tour architecture)

# Runs tests at the same time on two cores. What ctest prints is kept as FOLDER/LOG, and all that
# the tests printed as FOLDER/LOG.full (ctest's own copy is overwritten when it just lists tests).
#   run_tests FOLDER LOG CTEST-OPTION …
run_tests() {
    local folder=$1 log=$1/$2
    shift 2
    # A server that a test leaves behind must not hold the folder's lock.
    ctest --test-dir "$folder" --output-on-failure --no-tests=error -j2 \
        --test-output-size-passed 4000000 "$@" {build_lock}>&- | tee "$log" ||
        fault "tests failed; ctest names them above."
    cp "$folder/Testing/Temporary/LastTest.log" "$log.full"
    summaries+=("$log")
    not_held+=$(failed_checks "$log.full")
}

# Prints what did not hold, as the tests that failed say it themselves: a log of CI is read from
# its end, and stack traces stand between.
failed_checks() {
    awk '
        function add(line) { if (lines++ < 24) said = said "    " substr(line, 1, 400) "\n" }
        /^[0-9]+\/[0-9]+ Testing: / { name = $3; said = before = ""; lines = tells = 0 }
        /^(PASS|QINFO|QWARN|QDEBUG|Totals)/ { tells = 0 }
        /^(QINFO|QWARN)/ { before = $0 }
        /^(FAIL!|QFATAL|XPASS)/ { if (before) add(before); before = ""; tells = 1 }
        tells { add($0) }
        /^   Loc:/ { tells = 0 }
        /^Test Failed\./ { printf "%s did not hold:\n%s", name, said }' "$1"
}

run_sanitized_tests() {
    local folder=$1
    shift
    ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1:fast_unwind_on_malloc=0:malloc_context_size=10 \
        LSAN_OPTIONS=suppressions=$top/packaging/lib/leaks.supp:print_suppressions=0 \
        UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1 \
        run_tests "$folder" sanitized.log "$@"
}

# only_labels LABEL … prints what tells CMake to make no other tests.
only_labels() {
    local IFS=';'
    printf '%s' "-DPILOTHOUSE_TEST_LABELS=$*"
}

# Prints the programs of the tests that ctest would choose.
test_targets() {
    local folder=$1
    shift
    # A test that was added since has no program until CMake has seen it.
    ninja -C "$folder" build.ninja >/dev/null
    ctest --test-dir "$folder" -N "$@" | sed -n 's/^ *Test *#[0-9]*: */test_/p'
}

# Prints the fuzz programs; ctest names each as its program is named.
fuzz_targets() {
    ninja -C "$1" build.ninja >/dev/null
    ctest --test-dir "$1" -N -L '^fuzz$' | sed -n 's/^ *Test *#[0-9]*: *\(fuzz_.*\)/\1/p'
}

#   check_labels FOLDER LABEL …
check_labels() {
    local folder=$1 label count
    shift
    for label in "$@"; do
        count=$(test_targets "$folder" -L "^$label\$" | wc -l)
        ((count)) || fault "no test has the label \"$label\": every kind of test must run at least one."
    done
}

# Which tests were skipped, and which of their functions: the reasons are read from what they printed,
# since a program that was skipped in part has passed for ctest. (One in which nothing was run has not:
# see nothing_was_run in tests/CMakeLists.txt.)
#   check_skips LOG
check_skips() {
    local log=$1 skipped
    skipped=$(
        sed -n 's/^SKIP *: //p' "$log.full"
        grep -E '\*\*\*(Skipped|Not Run)|\((Disabled|Not Run|Skipped)\)' "$log" || true
    )
    [[ -n $skipped ]] || return 0
    say "skipped:"
    printf '%s\n' "$skipped" >&2
    [[ ${CI-} != true ]] || fault "tests were skipped, and in CI every test must run."
}
