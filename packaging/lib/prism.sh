# shellcheck shell=bash
# GitHub's description of its API and Prism, a proxy that holds answers against a description, for
# tests alone. Both come from npm and lie among the parts: prism/node_modules as the lock file in
# lib/prism names it, hash by hash, and prism/github.json.

# What of lib/prism counts is told by the hash of the lock file.
prism_lock=$top/packaging/lib/prism
# PACKAGE HASH-OF-THE-FILE
github_description="@octokit/openapi@23.0.2 829b4bebb19a53133289f7b0bc819f4f1118115821db2ca9f25e9ee995a7da2a"

# Without them the test that needs them is skipped, so a failure is told and does not end the set-up.
provide_prism() {
    local folder=$parts/prism work recipe
    recipe="$(sha256sum <"$prism_lock/package-lock.json") $github_description"
    [[ -r $folder/recipe && $(<"$folder/recipe") == "$recipe" ]] && return 0
    need_space "$parts" 600 "Prism and GitHub's description of its API"
    say "fetching Prism and GitHub's description of its API from npm"
    rm -rf "$folder".??????
    work=$(mktemp -d "$folder.XXXXXX")
    # shellcheck disable=SC2064 # the name as it is now
    trap "rm -rf '$work'" EXIT
    if fetch_prism "$work" >"$work/log" 2>&1; then
        printf '%s\n' "$recipe" >"$work/out/recipe"
        rm -rf "$folder"
        mv "$work/out" "$folder"
    else
        cat "$work/log" >&2
        say "Prism and GitHub's description of its API could not be fetched by npm; the lines above say why. The test that needs them is skipped."
    fi
    rm -rf "$work"
    trap - EXIT
}

# Called as a condition, where the shell does not end at a failure: each step says so itself.
fetch_prism() {
    local work=$1 package hash
    read -r package hash <<<"$github_description"
    mkdir "$work/out" "$work/description" && chmod 755 "$work/out" &&
        cp "$prism_lock"/*.json "$work/out" &&
        env -C "$work/out" npm ci --ignore-scripts --no-audit --no-fund &&
        env -C "$work/description" npm pack --ignore-scripts --silent "$package" &&
        tar -x -O -f "$work/description"/*.tgz package/generated/api.github.com.json \
            >"$work/out/github.json" &&
        sha256sum --check <<<"$hash  $work/out/github.json"
}
