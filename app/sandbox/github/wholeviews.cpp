#include "app/sandbox/github/wholeviews.h"

#include "app/sandbox/world/world.h"

#include <QUrl>

#include <algorithm>
#include <utility>

namespace pilothouse::sandbox {

namespace {

void insertAll(QJsonObject &object, const QJsonObject &more)
{
    for (auto it = more.begin(); it != more.end(); ++it)
        object.insert(it.key(), it.value());
}

bool asksForApproval(const RunFacts &facts, const QString &environment)
{
    const auto &workflows = facts.world.scenario().workflows;
    return std::any_of(workflows.begin(), workflows.end(), [&](const PlannedWorkflow &workflow) {
        return std::any_of(workflow.jobs.begin(), workflow.jobs.end(), [&](const PlannedJob &job) {
            return job.gate && job.environment == environment;
        });
    });
}

} // namespace

QJsonObject rootView(const GithubPlace &place)
{
    static constexpr std::pair<const char *, const char *> links[] = {
        {"current_user_url", "/user"},
        {"authorizations_url", "/authorizations"},
        {"code_search_url", "/search/code?q={query}{&page,per_page,sort,order}"},
        {"commit_search_url", "/search/commits?q={query}{&page,per_page,sort,order}"},
        {"emails_url", "/user/emails"},
        {"emojis_url", "/emojis"},
        {"events_url", "/events"},
        {"feeds_url", "/feeds"},
        {"followers_url", "/user/followers"},
        {"following_url", "/user/following{/target}"},
        {"gists_url", "/gists{/gist_id}"},
        {"issue_search_url", "/search/issues?q={query}{&page,per_page,sort,order}"},
        {"issues_url", "/issues"},
        {"keys_url", "/user/keys"},
        {"label_search_url", "/search/labels?q={query}&repository_id={repository_id}"},
        {"notifications_url", "/notifications"},
        {"organization_url", "/orgs/{org}"},
        {"organization_repositories_url", "/orgs/{org}/repos{?type,page,per_page,sort}"},
        {"organization_teams_url", "/orgs/{org}/teams"},
        {"public_gists_url", "/gists/public"},
        {"rate_limit_url", "/rate_limit"},
        {"repository_url", "/repos/{owner}/{repo}"},
        {"repository_search_url", "/search/repositories?q={query}{&page,per_page,sort,order}"},
        {"current_user_repositories_url", "/user/repos{?type,page,per_page,sort}"},
        {"starred_url", "/user/starred{/owner}{/repo}"},
        {"starred_gists_url", "/gists/starred"},
        {"user_url", "/users/{user}"},
        {"user_organizations_url", "/user/orgs"},
        {"user_repositories_url", "/users/{user}/repos{?type,page,per_page,sort}"},
        {"user_search_url", "/search/users?q={query}{&page,per_page,sort,order}"},
    };
    QJsonObject out{{QStringLiteral("current_user_authorizations_html_url"),
                     place.web + QLatin1String("/settings/connections/applications{/client_id}")}};
    for (const auto &[name, path] : links)
        out.insert(QLatin1String(name), place.api + QLatin1String(path));
    return out;
}

QJsonObject wholeUserView(const GithubPlace &place, const QString &login, const QDateTime &since)
{
    QJsonObject out = userView(place, login);
    for (const char *untold :
         {"name", "company", "blog", "location", "email", "hireable", "bio", "twitter_username"})
        out.insert(QLatin1String(untold), QJsonValue::Null);
    for (const char *none : {"public_repos", "public_gists", "followers", "following"})
        out.insert(QLatin1String(none), 0);
    out.insert(QStringLiteral("user_view_type"), QStringLiteral("public"));
    out.insert(QStringLiteral("created_at"), githubTime(since));
    out.insert(QStringLiteral("updated_at"), githubTime(since));
    return out;
}

QJsonObject wholeRepositoryView(const GithubPlace &place, const QDateTime &pushedAt)
{
    QJsonObject out = repositoryView(place);
    const QString page = place.repositoryWeb();
    const QString path = place.fullName() + QLatin1String(".git");
    const QString host = QUrl(place.web).host();
    insertAll(out, {{QStringLiteral("clone_url"), page + QLatin1String(".git")},
                    {QStringLiteral("git_url"), QStringLiteral("git://%1/%2").arg(host, path)},
                    {QStringLiteral("ssh_url"), QStringLiteral("git@%1:%2").arg(host, path)},
                    {QStringLiteral("svn_url"), page},
                    {QStringLiteral("language"), QStringLiteral("Python")},
                    {QStringLiteral("visibility"), QStringLiteral("private")},
                    {QStringLiteral("size"), 1},
                    {QStringLiteral("pushed_at"), githubTime(pushedAt)},
                    {QStringLiteral("created_at"), githubTime(pushedAt.addYears(-1))},
                    {QStringLiteral("updated_at"), githubTime(pushedAt)},
                    {QStringLiteral("permissions"), QJsonObject{{QStringLiteral("admin"), false},
                                                                {QStringLiteral("maintain"), true},
                                                                {QStringLiteral("push"), true},
                                                                {QStringLiteral("triage"), true},
                                                                {QStringLiteral("pull"), true}}}});
    for (const char *untold : {"homepage", "mirror_url", "license"})
        out.insert(QLatin1String(untold), QJsonValue::Null);
    for (const char *none :
         {"forks", "forks_count", "open_issues", "open_issues_count", "stargazers_count",
          "watchers", "watchers_count", "network_count", "subscribers_count"})
        out.insert(QLatin1String(none), 0);
    for (const char *absent : {"archived", "disabled", "has_discussions", "has_pages",
                               "has_projects", "has_wiki", "has_issues", "has_downloads"})
        out.insert(QLatin1String(absent), false);
    return out;
}

QJsonObject wholePullView(const GithubPlace &place, const MadeCommit &commit,
                          const QJsonObject &repository)
{
    QJsonObject out = pullView(place, commit, repository);
    insertAll(out, {{QStringLiteral("merged"), true},
                    {QStringLiteral("merged_by"), userView(place, commit.login)},
                    {QStringLiteral("mergeable"), QJsonValue::Null},
                    {QStringLiteral("mergeable_state"), QStringLiteral("unknown")},
                    {QStringLiteral("maintainer_can_modify"), false},
                    {QStringLiteral("commits"), 1},
                    {QStringLiteral("comments"), 0},
                    {QStringLiteral("review_comments"), 0},
                    {QStringLiteral("changed_files"), commit.changedFiles},
                    {QStringLiteral("additions"), commit.addedLines},
                    {QStringLiteral("deletions"), commit.removedLines}});
    return out;
}

QJsonObject wholeEnvironmentView(const RunFacts &facts, const QString &environment)
{
    QJsonObject out = environmentView(facts, environment);
    QJsonArray rules;
    if (asksForApproval(facts, environment)) {
        const qint64 id = environmentId(environment) + 1;
        const QJsonObject reviewer{
            {QStringLiteral("type"), QStringLiteral("User")},
            {QStringLiteral("reviewer"), userView(facts.place, QStringLiteral("release-manager"))}};
        rules.append(QJsonObject{{QStringLiteral("id"), id},
                                 {QStringLiteral("node_id"), nodeId(QStringLiteral("GA"), id)},
                                 {QStringLiteral("type"), QStringLiteral("required_reviewers")},
                                 {QStringLiteral("prevent_self_review"), false},
                                 {QStringLiteral("reviewers"), QJsonArray{reviewer}}});
    }
    const QJsonValue since = githubTime(facts.world.startedAt().addDays(-40));
    insertAll(out, {{QStringLiteral("created_at"), since},
                    {QStringLiteral("updated_at"), since},
                    {QStringLiteral("protection_rules"), rules},
                    {QStringLiteral("deployment_branch_policy"), QJsonValue::Null}});
    return out;
}

} // namespace pilothouse::sandbox
