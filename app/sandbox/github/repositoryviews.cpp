#include "app/sandbox/github/repositoryviews.h"

#include <QCryptographicHash>
#include <QUrl>

#include <utility>

namespace pilothouse::sandbox {

namespace {

QString join(const QString &base, const char *rest)
{
    return base + QString::fromLatin1(rest);
}

QString title(const MadeCommit &commit)
{
    QString subject = commit.subject;
    const qsizetype number = subject.lastIndexOf(QLatin1String(" (#"));
    if (number > 0)
        subject.truncate(number);
    return subject;
}

QString message(const MadeCommit &commit)
{
    return commit.body.isEmpty() ? commit.subject
                                 : commit.subject + QLatin1String("\n\n") + commit.body;
}

QJsonObject signature(const MadeCommit &commit)
{
    return {{QStringLiteral("name"), commit.author}, {QStringLiteral("email"), commit.email}};
}

QJsonObject datedSignature(const MadeCommit &commit)
{
    QJsonObject out = signature(commit);
    out.insert(QStringLiteral("date"), githubTime(commit.at));
    return out;
}

QString treeOf(const MadeCommit &commit)
{
    return QString::fromLatin1(
        QCryptographicHash::hash(commit.sha.toLatin1() + "tree", QCryptographicHash::Sha1).toHex());
}

} // namespace

QString GithubPlace::repositoryApi() const
{
    return api + QLatin1String("/repos/") + fullName();
}

QString GithubPlace::repositoryWeb() const
{
    return web + QLatin1Char('/') + fullName();
}

QJsonValue githubTime(const QDateTime &at)
{
    if (!at.isValid())
        return QJsonValue::Null;
    return at.toUTC().toString(QStringLiteral("yyyy-MM-dd'T'HH:mm:ss'Z'"));
}

qint64 githubId(const QString &name)
{
    const QByteArray hash = QCryptographicHash::hash(name.toUtf8(), QCryptographicHash::Sha1);
    return 100'000'000 + qint64(hash.left(4).toHex().toUInt(nullptr, 16) % 800'000'000);
}

QString nodeId(const QString &kind, qint64 id)
{
    const QByteArray raw = kind.toUtf8() + QByteArray::number(id);
    return kind + QLatin1Char('_')
           + QString::fromLatin1(raw.toBase64(QByteArray::OmitTrailingEquals));
}

QJsonObject userView(const GithubPlace &place, const QString &login)
{
    const qint64 id = githubId(login);
    // A robot's has brackets.
    const QString name = QString::fromLatin1(QUrl::toPercentEncoding(login));
    const QString url = place.api + QLatin1String("/users/") + name;
    return {{QStringLiteral("login"), login},
            {QStringLiteral("id"), id},
            {QStringLiteral("node_id"), nodeId(QStringLiteral("U"), id)},
            {QStringLiteral("avatar_url"), place.web + QStringLiteral("/avatars/u/%1").arg(id)},
            {QStringLiteral("gravatar_id"), QString()},
            {QStringLiteral("url"), url},
            {QStringLiteral("html_url"), place.web + QLatin1Char('/') + name},
            {QStringLiteral("followers_url"), join(url, "/followers")},
            {QStringLiteral("following_url"), join(url, "/following{/other_user}")},
            {QStringLiteral("gists_url"), join(url, "/gists{/gist_id}")},
            {QStringLiteral("starred_url"), join(url, "/starred{/owner}{/repo}")},
            {QStringLiteral("subscriptions_url"), join(url, "/subscriptions")},
            {QStringLiteral("organizations_url"), join(url, "/orgs")},
            {QStringLiteral("repos_url"), join(url, "/repos")},
            {QStringLiteral("events_url"), join(url, "/events{/privacy}")},
            {QStringLiteral("received_events_url"), join(url, "/received_events")},
            {QStringLiteral("type"), QStringLiteral("User")},
            {QStringLiteral("site_admin"), false}};
}

QJsonObject repositoryView(const GithubPlace &place)
{
    const QString url = place.repositoryApi();
    const qint64 id = githubId(place.fullName());
    QJsonObject owner = userView(place, place.owner);
    owner.insert(QStringLiteral("type"), QStringLiteral("Organization"));
    QJsonObject out{{QStringLiteral("id"), id},
                    {QStringLiteral("node_id"), nodeId(QStringLiteral("R"), id)},
                    {QStringLiteral("name"), place.repository},
                    {QStringLiteral("full_name"), place.fullName()},
                    {QStringLiteral("private"), true},
                    {QStringLiteral("owner"), owner},
                    {QStringLiteral("html_url"), place.repositoryWeb()},
                    {QStringLiteral("description"), QStringLiteral("Context intelligence service")},
                    {QStringLiteral("fork"), false},
                    {QStringLiteral("url"), url},
                    {QStringLiteral("default_branch"), place.branch}};
    static constexpr std::pair<const char *, const char *> links[] = {
        {"archive_url", "/{archive_format}{/ref}"},
        {"assignees_url", "/assignees{/user}"},
        {"blobs_url", "/git/blobs{/sha}"},
        {"branches_url", "/branches{/branch}"},
        {"collaborators_url", "/collaborators{/collaborator}"},
        {"comments_url", "/comments{/number}"},
        {"commits_url", "/commits{/sha}"},
        {"compare_url", "/compare/{base}...{head}"},
        {"contents_url", "/contents/{+path}"},
        {"contributors_url", "/contributors"},
        {"deployments_url", "/deployments"},
        {"downloads_url", "/downloads"},
        {"events_url", "/events"},
        {"forks_url", "/forks"},
        {"git_commits_url", "/git/commits{/sha}"},
        {"git_refs_url", "/git/refs{/sha}"},
        {"git_tags_url", "/git/tags{/sha}"},
        {"hooks_url", "/hooks"},
        {"issue_comment_url", "/issues/comments{/number}"},
        {"issue_events_url", "/issues/events{/number}"},
        {"issues_url", "/issues{/number}"},
        {"keys_url", "/keys{/key_id}"},
        {"labels_url", "/labels{/name}"},
        {"languages_url", "/languages"},
        {"merges_url", "/merges"},
        {"milestones_url", "/milestones{/number}"},
        {"notifications_url", "/notifications{?since,all,participating}"},
        {"pulls_url", "/pulls{/number}"},
        {"releases_url", "/releases{/id}"},
        {"stargazers_url", "/stargazers"},
        {"statuses_url", "/statuses/{sha}"},
        {"subscribers_url", "/subscribers"},
        {"subscription_url", "/subscription"},
        {"tags_url", "/tags"},
        {"teams_url", "/teams"},
        {"trees_url", "/git/trees{/sha}"},
    };
    for (const auto &[name, rest] : links)
        out.insert(QLatin1String(name), join(url, rest));
    return out;
}

QJsonObject headCommitView(const MadeCommit &commit)
{
    return {{QStringLiteral("id"), commit.sha},
            {QStringLiteral("tree_id"), treeOf(commit)},
            {QStringLiteral("message"), message(commit)},
            {QStringLiteral("timestamp"), githubTime(commit.at)},
            {QStringLiteral("author"), signature(commit)},
            {QStringLiteral("committer"), signature(commit)}};
}

QJsonObject commitView(const GithubPlace &place, const MadeCommit &commit, const QString &parent)
{
    const QString url = place.repositoryApi() + QLatin1String("/commits/") + commit.sha;
    const QString gitUrl = place.repositoryApi() + QLatin1String("/git/commits/") + commit.sha;
    const QJsonObject user = userView(place, commit.login);
    QJsonArray parents;
    if (!parent.isEmpty())
        parents.append(QJsonObject{
            {QStringLiteral("sha"), parent},
            {QStringLiteral("url"), place.repositoryApi() + QLatin1String("/commits/") + parent},
            {QStringLiteral("html_url"),
             place.repositoryWeb() + QLatin1String("/commit/") + parent}});
    const QJsonObject tree{{QStringLiteral("sha"), treeOf(commit)},
                           {QStringLiteral("url"),
                            place.repositoryApi() + QLatin1String("/git/trees/") + treeOf(commit)}};
    return {{QStringLiteral("sha"), commit.sha},
            {QStringLiteral("node_id"), nodeId(QStringLiteral("C"), githubId(commit.sha))},
            {QStringLiteral("commit"),
             QJsonObject{{QStringLiteral("author"), datedSignature(commit)},
                         {QStringLiteral("committer"), datedSignature(commit)},
                         {QStringLiteral("message"), message(commit)},
                         {QStringLiteral("tree"), tree},
                         {QStringLiteral("url"), gitUrl},
                         {QStringLiteral("comment_count"), 0}}},
            {QStringLiteral("url"), url},
            {QStringLiteral("html_url"),
             place.repositoryWeb() + QLatin1String("/commit/") + commit.sha},
            {QStringLiteral("comments_url"), join(url, "/comments")},
            {QStringLiteral("author"), user},
            {QStringLiteral("committer"), user},
            {QStringLiteral("parents"), parents}};
}

QJsonObject pullView(const GithubPlace &place, const MadeCommit &commit,
                     const QJsonObject &repository)
{
    const QString number = QString::number(commit.pullRequest);
    const QString url = place.repositoryApi() + QLatin1String("/pulls/") + number;
    const QString issue = place.repositoryApi() + QLatin1String("/issues/") + number;
    const QString page = place.repositoryWeb() + QLatin1String("/pull/") + number;
    const qint64 id = githubId(url);
    const QJsonObject user = userView(place, commit.login);
    const auto end = [&](const QString &branch, const QString &sha) {
        return QJsonObject{{QStringLiteral("label"), place.owner + QLatin1Char(':') + branch},
                           {QStringLiteral("ref"), branch},
                           {QStringLiteral("sha"), sha},
                           {QStringLiteral("user"), userView(place, place.owner)},
                           {QStringLiteral("repo"), repository}};
    };
    const auto link = [](const QString &href) {
        return QJsonObject{{QStringLiteral("href"), href}};
    };
    const QString statuses = place.repositoryApi() + QLatin1String("/statuses/") + commit.sha;
    QJsonObject out{
        {QStringLiteral("url"), url},
        {QStringLiteral("id"), id},
        {QStringLiteral("node_id"), nodeId(QStringLiteral("PR"), id)},
        {QStringLiteral("html_url"), page},
        {QStringLiteral("diff_url"), join(page, ".diff")},
        {QStringLiteral("patch_url"), join(page, ".patch")},
        {QStringLiteral("issue_url"), issue},
        {QStringLiteral("commits_url"), join(url, "/commits")},
        {QStringLiteral("review_comments_url"), join(url, "/comments")},
        {QStringLiteral("review_comment_url"),
         place.repositoryApi() + QLatin1String("/pulls/comments{/number}")},
        {QStringLiteral("comments_url"), join(issue, "/comments")},
        {QStringLiteral("statuses_url"), statuses},
        {QStringLiteral("number"), commit.pullRequest},
        {QStringLiteral("state"), QStringLiteral("closed")},
        {QStringLiteral("locked"), false},
        {QStringLiteral("title"), title(commit)},
        {QStringLiteral("user"), user},
        {QStringLiteral("body"), commit.body},
        {QStringLiteral("draft"), false},
        {QStringLiteral("author_association"), QStringLiteral("MEMBER")},
        {QStringLiteral("created_at"), githubTime(commit.at.addSecs(-86'400))},
        {QStringLiteral("updated_at"), githubTime(commit.at)},
        {QStringLiteral("closed_at"), githubTime(commit.at)},
        {QStringLiteral("merged_at"), githubTime(commit.at)},
        {QStringLiteral("merge_commit_sha"), commit.sha},
        {QStringLiteral("head"), end(QStringLiteral("pull-%1").arg(number), commit.sha)},
        {QStringLiteral("base"), end(place.branch, commit.sha)}};
    for (const char *none : {"milestone", "active_lock_reason", "assignee", "auto_merge"})
        out.insert(QLatin1String(none), QJsonValue::Null);
    for (const char *empty : {"labels", "assignees", "requested_reviewers", "requested_teams"})
        out.insert(QLatin1String(empty), QJsonArray());
    out.insert(
        QStringLiteral("_links"),
        QJsonObject{{QStringLiteral("self"), link(url)},
                    {QStringLiteral("html"), link(page)},
                    {QStringLiteral("issue"), link(issue)},
                    {QStringLiteral("comments"), link(join(issue, "/comments"))},
                    {QStringLiteral("review_comments"), link(join(url, "/comments"))},
                    {QStringLiteral("review_comment"),
                     link(place.repositoryApi() + QLatin1String("/pulls/comments{/number}"))},
                    {QStringLiteral("commits"), link(join(url, "/commits"))},
                    {QStringLiteral("statuses"), link(statuses)}});
    return out;
}

QJsonObject commentView(const GithubPlace &place, const CommentFacts &comment)
{
    const QString url
        = place.repositoryApi() + QStringLiteral("/issues/comments/%1").arg(comment.id);
    return {{QStringLiteral("id"), comment.id},
            {QStringLiteral("node_id"), nodeId(QStringLiteral("IC"), comment.id)},
            {QStringLiteral("url"), url},
            {QStringLiteral("html_url"),
             place.repositoryWeb()
                 + QStringLiteral("/pull/%1#issuecomment-%2").arg(comment.issue).arg(comment.id)},
            {QStringLiteral("issue_url"),
             place.repositoryApi() + QStringLiteral("/issues/%1").arg(comment.issue)},
            {QStringLiteral("body"), comment.body},
            {QStringLiteral("user"), userView(place, comment.login)},
            {QStringLiteral("author_association"), QStringLiteral("MEMBER")},
            {QStringLiteral("created_at"), githubTime(comment.at)},
            {QStringLiteral("updated_at"), githubTime(comment.at)}};
}

} // namespace pilothouse::sandbox
