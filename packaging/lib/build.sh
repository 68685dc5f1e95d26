# shellcheck shell=bash
# Configuring and building. A build folder is used by one script at a time; a second one waits.

export CCACHE_BASEDIR=$top CCACHE_NOHASHDIR=1
# With precompiled headers ccache asks for this; the sources use neither __DATE__ nor __TIME__.
export CCACHE_SLOPPINESS=pch_defines,time_macros
# A compiler writes its folder into a precompiled header: by its own bytes no other checkout would
# know it again. sum_headers says what it is made of instead.
export CCACHE_PCH_EXTSUM=1

# Several sources as one: a build from nothing takes a quarter of the time. The tests' sources are
# still compiled each by itself, and clang-tidy does so with what has changed.
several_at_once=(-DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=16)
# Of one large source -O1 took two thirds of the time of -O2, which is kept for the loops that are
# worth it: see "swept" in CMakeLists.txt.
release_options=(-DCMAKE_BUILD_TYPE=Release "-DCMAKE_CXX_FLAGS_RELEASE=-O1 -DNDEBUG"
    "${several_at_once[@]}")
tests_options=(-DPILOTHOUSE_TESTS=ON -DPILOTHOUSE_WERROR=ON
    -DCMAKE_BUILD_TYPE=Debug "-DCMAKE_CXX_FLAGS_DEBUG=-O0 -g1")

# Until unlock_build, or the script's end. Close $build_lock for a program that may outlive it.
lock_build() {
    local folder=$1
    mkdir -p "$folder" || refuse "The build folder $folder cannot be made: the checkout must be writable."
    exec {build_lock}>"$folder/.lock"
    flock -n "$build_lock" && return 0
    say "waiting for another build in $folder to end"
    flock "$build_lock"
}

unlock_build() {
    exec {build_lock}>&-
}

# Configures FOLDER when it never was, or was otherwise or for another place. That the CMake
# files have changed is seen by ninja itself.
#   configure FOLDER OPTION …
configure() {
    local folder=$1 wanted
    shift
    local options=(-DCMAKE_EXPORT_COMPILE_COMMANDS=ON "$@")
    command -v ccache >/dev/null && options+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
    wanted=$(printf '%s\n' "$top" "${CMAKE_PREFIX_PATH-}" "${options[@]}")
    if [[ -e $folder/build.ninja && -e $folder/.configured ]]; then
        [[ $(<"$folder/.configured") == "$wanted" ]] && return 0
    fi
    [[ -e $folder/build.ninja ]] || need_space "$folder" 2000 "the build"
    rm -rf "$folder/.configured" "$folder/CMakeCache.txt" "$folder/CMakeFiles"
    quietly "$folder/configure.log" "CMake could not configure the build; the lines above say why." \
        cmake -S "$top" -B "$folder" -G Ninja "${options[@]}"
    sum_headers "$folder"
    printf '%s\n' "$wanted" >"$folder/.configured"
}

# For ccache: what each precompiled header of FOLDER is made of. The compiler's flags and the
# headers' names ccache sees itself; here it is told of which packages' versions they are.
sum_headers() {
    local folder=$1 header
    for header in "$folder"/CMakeFiles/*/cmake_pch.hxx; do
        [[ -e $header ]] || continue
        { versions g++; cat "$header"; } >"$header.gch.sum"
        { versions g++ clang; cat "$header"; } >"$header.pch.sum"
    done
}

# Of the packages that a precompiled header is made of, with the compilers COMPILER …
versions() {
    dpkg-query -W -f '${Package} ${Version}\n' \
        qt6-base-dev 'libstdc++-*-dev' libc6-dev "$@" 2>/dev/null || true
}

# True when FOLDER is configured with the tests.
has_tests() {
    grep -qsx -e '-DPILOTHOUSE_TESTS=ON' "$1/.configured"
}

# Builds the targets (all, without any). Says nothing when there was nothing to do.
#   build FOLDER [TARGET …]
build() {
    local folder=$1
    shift
    if ! NINJA_STATUS='[%f/%t] ' nice ninja -C "$folder" "$@" 2>&1 | show_progress "${folder##*/}"; then
        say "The build in $folder failed; the compiler's lines above say where."
        exit 1
    fi
}

# ninja's own counting becomes one line that is rewritten on a terminal, and a line at each tenth
# elsewhere. What the compiler says is passed on.
show_progress() {
    local name=$1 line tenth=-1
    local counted='^\[([0-9]+)/([0-9]+)\] '
    while IFS= read -r line; do
        if [[ $line == *'] Re-'* ]]; then
            continue # "checking globbed directories", "running CMake": steps of their own count
        elif [[ $line =~ $counted ]]; then
            ((tenth >= 0)) || say "building in $name/ (${BASH_REMATCH[2]} steps)"
            if [[ -t 2 ]]; then
                printf '\r\033[K%s' "${line:0:${COLUMNS:-78}}" >&2
                tenth=0
            elif ((10 * BASH_REMATCH[1] / BASH_REMATCH[2] > tenth)); then
                tenth=$((10 * BASH_REMATCH[1] / BASH_REMATCH[2]))
                ((tenth == 0)) || say "built ${BASH_REMATCH[1]} of ${BASH_REMATCH[2]} in $name/"
            fi
        elif [[ $line != 'ninja: Entering '* && $line != 'ninja: no work '* && $line != '-- '* ]]; then
            [[ -t 2 && $tenth -ge 0 ]] && printf '\r\033[K' >&2
            printf '%s\n' "$line" >&2
        fi
    done
    if [[ -t 2 && $tenth -ge 0 ]]; then printf '\r\033[K' >&2; fi
}
