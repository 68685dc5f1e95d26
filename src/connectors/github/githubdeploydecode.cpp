#include "connectors/github/githubdeploydecode.h"

#include "base/words.h"
#include "connectors/http/jsonreader.h"

#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {
namespace {

const QLatin1String inactive("inactive");

GithubDeployment deploymentIn(const JsonReader &entry)
{
    GithubDeployment deployment;
    deployment.id = entry.integer("id");
    deployment.environment = entry.string("environment");
    deployment.ref = entry.stringOr("ref");
    deployment.commit = CommitId(entry.string("sha"));
    if (const auto creator = entry.find("creator"))
        deployment.creator = creator->stringOr("login");
    deployment.at = entry.time("created_at");
    return deployment;
}

/// "https://github.com/o/r/actions/runs/7012/job/30007012104"
RunId runOfAddress(const QString &address)
{
    static const QRegularExpression form(QStringLiteral("/actions/runs/([0-9]+)"));
    return RunId(form.match(address).captured(1).toLongLong());
}

GithubDeploymentStatus deploymentStatusIn(const JsonReader &entry)
{
    GithubDeploymentStatus status;
    status.state = entry.string("state");
    status.at = entry.time("created_at");
    // Both hold the same address; the older name is what old servers know.
    status.run = runOfAddress(entry.stringOr("log_url"));
    if (status.run.value == 0)
        status.run = runOfAddress(entry.stringOr("target_url"));
    return status;
}

template <typename T>
Result<QList<T>> decodeList(const QByteArray &page, T (*read)(const JsonReader &))
{
    const auto reader = JsonReader::parse(page, QStringLiteral("GitHub"));
    if (!reader)
        return fail(reader.error());
    QList<T> result;
    for (const JsonReader &item : reader->items())
        result.append(read(item));
    return reader->finish(result);
}

/// The newest that says how it went; nullptr = none was told.
const GithubDeploymentStatus *decidingOf(const QList<GithubDeploymentStatus> &newestFirst)
{
    const auto found = std::find_if(newestFirst.cbegin(), newestFirst.cend(),
                                    [](const auto &each) { return each.state != inactive; });
    return found == newestFirst.cend() ? nullptr : &*found;
}

bool isEnd(const QString &state)
{
    return state == QLatin1String("success") || state == QLatin1String("failure")
           || state == QLatin1String("error");
}

QString wordsOf(const GithubDeployment &deployment, const QString &state)
{
    const QString commit = shortSha(deployment.commit);
    const QString &where = deployment.environment;
    if (state == QLatin1String("success"))
        return Words::tr("%1 deployed to %2").arg(commit, where);
    if (state == QLatin1String("failure") || state == QLatin1String("error"))
        return Words::tr("deploy of %1 to %2 failed").arg(commit, where);
    if (state == QLatin1String("waiting"))
        return Words::tr("deploy of %1 to %2 waits for an approval").arg(commit, where);
    if (state == inactive)
        return Words::tr("deploy of %1 to %2, in force no more").arg(commit, where);
    return Words::tr("deploy of %1 to %2 …").arg(commit, where);
}

} // namespace

Result<QList<GithubDeployment>> decodeDeployments(const QByteArray &page)
{
    return decodeList<GithubDeployment>(page, deploymentIn);
}

Result<QList<GithubDeploymentStatus>> decodeDeploymentStatuses(const QByteArray &page)
{
    return decodeList<GithubDeploymentStatus>(page, deploymentStatusIn);
}

bool hasEnded(const QList<GithubDeploymentStatus> &newestFirst)
{
    const GithubDeploymentStatus *deciding = decidingOf(newestFirst);
    return deciding ? isEnd(deciding->state) : !newestFirst.isEmpty();
}

SeenDeed deedOf(const GithubDeployment &deployment,
                const QList<GithubDeploymentStatus> &newestFirst)
{
    const GithubDeploymentStatus *told = decidingOf(newestFirst);
    if (!told && !newestFirst.isEmpty())
        told = &newestFirst.first(); // inactive, and nothing else
    SeenDeed deed;
    deed.at = told && isEnd(told->state) && told->at.isValid() ? told->at : deployment.at;
    deed.who = deployment.creator;
    deed.what = wordsOf(deployment, told ? told->state : QString());
    deed.key = QStringLiteral("github deployment %1").arg(deployment.id);
    deed.commit = deployment.commit;
    for (const GithubDeploymentStatus &status : newestFirst) {
        if (deed.run.value == 0)
            deed.run = status.run;
    }
    if (deed.run.value != 0)
        deed.what = Words::tr("%1 · run %2").arg(deed.what).arg(deed.run.value);
    return deed;
}

} // namespace pilothouse
