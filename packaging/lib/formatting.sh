# shellcheck shell=bash
# What clang-format and clang-tidy have to say.

# The formatter's versions differ in what they ask for: Debian 12's is the one that counts.
formatter_version=14

# About eight seconds a file, two at the same time: they are there in four to five minutes.
tidy_files=60
tidy_seconds=60
tidy_minutes=6 # after so long it begins with no further file, and says so
tidy_hours=24

check_formatting() {
    local files wrong
    if [[ $(clang-format --version) != *"version $formatter_version."* ]]; then
        say "formatting is not checked here: clang-format $formatter_version counts, and this machine has another one"
        return 0
    fi
    mapfile -d '' -t files < <(source_files '*.cpp' '*.h')
    ((${#files[@]})) || return 0
    wrong=$(cd "$top" && clang-format --dry-run "${files[@]}" 2>&1 |
        sed -n 's/^\(.*\):[0-9]*:[0-9]*: warning: .*/\1/p' | sort -u)
    [[ -z $wrong ]] ||
        fault "these files are not formatted (clang-format -i would do it): ${wrong//$'\n'/, }"
}

# All that git tracks, or would if it were added.
source_files() {
    if git -C "$top" rev-parse --git-dir >/dev/null 2>&1; then
        git -C "$top" ls-files -z --cached --others --exclude-standard --deduplicate -- "$@" |
            while IFS= read -r -d '' file; do
                [[ ! -e $top/$file ]] || printf '%s\0' "$file"
            done
    else
        (cd "$top" && find src ui app tests \( -name "$1" -o -name "${2-$1}" \) -print0)
    fi
}

# The commit that the changes are measured against. On a branch: where it left origin/main. On main
# itself nothing tells how many commits came in together, so all of the newest commit's day count: the
# base is the newest one that is a day older than it (by the commits' own dates, so that the same commit
# is always checked alike), or the oldest where the history does not go back so far.
base_commit() {
    local head base newest
    head=$(git -C "$top" rev-parse -q --verify HEAD 2>/dev/null) || return 1
    base=$(git -C "$top" merge-base origin/main HEAD 2>/dev/null) || base=$head
    if [[ $base == "$head" ]]; then
        newest=$(git -C "$top" log -1 --format=%ct)
        base=$(git -C "$top" rev-list -1 --before="$((newest - 3600 * tidy_hours))" HEAD)
        [[ -n $base ]] || base=$(git -C "$top" rev-list HEAD | tail -n 1)
        [[ $base != "$head" ]] || return 1
    fi
    printf '%s\n' "$base"
}

# What moc makes of this file, if it asks for that, is in FOLDER: of the tests that another build
# runs nothing was made here, and they cannot be read without.
#   has_moc FOLDER FILE
has_moc() {
    local moc
    moc=$(sed -n 's/^#include "\(.*\.moc\)"$/\1/p' "$top/$2")
    [[ -z $moc || -n $(find "$1/tests" -name "$moc" -print -quit) ]]
}

# The changed .cpp files of which FOLDER/tidy/compile_commands.json tells, those changed last first: what
# is not committed, then commit by commit. The older ones were looked at when they were the newest.
#   changed_files FOLDER BASE
changed_files() {
    {
        git -C "$top" diff --name-only --no-renames HEAD -- '*.cpp'
        git -C "$top" ls-files --others --exclude-standard -- '*.cpp'
        git -C "$top" log --name-only --no-renames --format= "$2..HEAD" -- '*.cpp'
    } | awk '$0 != "" && !seen[$0]++' |
        while IFS= read -r file; do
            if [[ -e $top/$file ]] &&
                grep -qF "\"file\": \"$top/$file\"" "$1/tidy/compile_commands.json" &&
                has_moc "$1" "$file"; then
                printf '%s\n' "$file"
            fi
        done
}

# How each source is compiled by itself, for clang-tidy: a folder in FOLDER that is configured so and
# nothing is built in. What moc makes lies in FOLDER. clang cannot read the headers that g++ has
# precompiled, nor knows what is g++'s own.
#   each_by_itself FOLDER
each_by_itself() {
    mkdir -p "$1/each" "$1/tidy"
    configure "$1/each" "${tests_options[@]}"
    # What was added since is in no list until CMake has seen it.
    ninja -C "$1/each" build.ninja >/dev/null
    sed -E "s#$1/each#$1#g
        s/ -(Winvalid-pch|fpch-preprocess|-param=ggc-min-heapsize=[0-9]+)//g
        s/ -include [^ ]*cmake_pch\.hxx//" \
        "$1/each/compile_commands.json" >"$1/tidy/compile_commands.json"
}

check_changed_files() {
    local folder=$1 base files found=0
    if ! base=$(base_commit); then
        say "clang-tidy is not run: there is no earlier commit to compare with"
        return 0
    fi
    each_by_itself "$folder"
    mapfile -t files < <(changed_files "$folder" "$base")
    if ((${#files[@]} > tidy_files)); then
        say "clang-tidy looks at the $tidy_files that were changed last of ${#files[@]} changed files"
        files=("${files[@]:0:tidy_files}")
    fi
    ((${#files[@]})) || return 0
    printf '%s\0' "${files[@]}" |
        (cd "$top" && xargs -0 -n 1 -P 2 bash -c '
            if ((EPOCHSECONDS >= $2)); then
                printf "%s: clang-tidy did not look at it, for want of time\n" "$3"
                exit 0
            fi
            status=0
            timeout "$0" nice clang-tidy -p "$1" --quiet --warnings-as-errors="*" \
                --extra-arg=-Wno-error "$3" 2>/dev/null || status=$?
            if ((status == 124)); then
                printf "%s: clang-tidy did not end within %s s\n" "$3" "$0"
                status=0
            fi
            exit "$status"
        ' "$tidy_seconds" "$folder/tidy" "$((EPOCHSECONDS + 60 * tidy_minutes))") || found=$?
    ((found == 0)) || fault "clang-tidy has findings in the files changed since ${base:0:9}; they stand above."
}
