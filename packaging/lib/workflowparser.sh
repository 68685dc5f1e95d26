# shellcheck shell=bash
# GitHub's own parser of workflow files and the language service that its editors use, which tests
# compare our reader with. Both come from npm, lie among the parts, and no program of the project
# uses them.

workflow_parser=(
    @actions/workflow-parser@0.3.61 @actions/expressions@0.3.61 @actions/languageservice@0.3.61
    yaml@2.9.1 cronstrue@2.61.0
    vscode-languageserver-textdocument@1.0.16 vscode-languageserver-types@3.18.5 vscode-uri@3.2.0
)

provide_workflow_parser() {
    local folder=$parts/workflow-parser work
    [[ -r $folder/packages && $(<"$folder/packages") == "${workflow_parser[*]}" ]] && return 0
    say "fetching GitHub's parser of workflow files and its language service from npm"
    rm -rf "$folder".??????
    work=$(mktemp -d "$folder.XXXXXX")
    # shellcheck disable=SC2064 # the name as it is now
    trap "rm -rf '$work'" EXIT
    if ! env -C "$work" npm install --no-save --no-package-lock --ignore-scripts --no-audit --no-fund \
        "${workflow_parser[@]}" >"$work/log" 2>&1; then
        cat "$work/log" >&2
        rm -rf "$work"
        trap - EXIT
        say "GitHub's parser of workflow files and its language service could not be fetched by npm; its lines above say why. The test that compares with them is skipped."
        return 0
    fi
    printf '%s\n' "${workflow_parser[*]}" >"$work/packages"
    chmod 755 "$work"
    rm -rf "$folder"
    mv "$work" "$folder"
    trap - EXIT
}
