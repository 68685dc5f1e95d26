# shellcheck shell=bash
# GitHub's description of its API and Prism, a proxy that holds requests and answers against a
# description, for tests alone. Both come from npm and lie among the parts: prism/node_modules as
# the lock file in lib/prism names it, hash by hash, and prism/github.json.

prism_lock=$top/packaging/lib/prism
# PACKAGE HASH-OF-THE-FILE
github_description="@octokit/openapi@23.0.2 829b4bebb19a53133289f7b0bc819f4f1118115821db2ca9f25e9ee995a7da2a"

provide_prism() {
    local folder=$parts/prism work recipe package hash
    recipe="$(sha256sum <"$prism_lock/package-lock.json") $github_description"
    [[ -r $folder/recipe && $(<"$folder/recipe") == "$recipe" ]] && return 0
    need_space "$parts" 600 "Prism and GitHub's description of its API"
    say "fetching Prism and GitHub's description of its API from npm"
    rm -rf "$folder".??????
    work=$(mktemp -d "$folder.XXXXXX")
    # shellcheck disable=SC2064 # the name as it is now
    trap "rm -rf '$work'" EXIT
    mkdir "$work/out" "$work/description"
    cp "$prism_lock"/*.json "$work/out"
    quietly "$work/log" "Prism could not be fetched by npm; the lines above say why." \
        env -C "$work/out" npm ci --ignore-scripts --no-audit --no-fund
    read -r package hash <<<"$github_description"
    quietly "$work/log" "GitHub's description of its API could not be fetched by npm; the lines above say why." \
        env -C "$work/description" npm pack --ignore-scripts --silent "$package"
    tar -x -O -f "$work/description"/*.tgz package/generated/api.github.com.json \
        >"$work/out/github.json"
    quietly "$work/log" "GitHub's description of its API is not the one that is wanted; please report it." \
        sha256sum --check <<<"$hash  $work/out/github.json"
    printf '%s\n' "$recipe" >"$work/out/recipe"
    chmod 755 "$work/out"
    rm -rf "$folder"
    mv "$work/out" "$folder"
    rm -rf "$work"
    trap - EXIT
}
