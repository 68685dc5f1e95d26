#include "connectors/cloudbuild/cloudbuildcontrol.h"

#include "action/commandline.h"
#include "base/chaining.h"
#include "pipeline/act/runorder.h"
#include "pipeline/overlay.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace pilothouse {

namespace {

using Fetched = CloudBuildApi::Fetched;

struct BuildCall
{
    QString verb; ///< empty = not offered
    QByteArray body;
    QString command; ///< for gcloud, without the build
};

BuildCall callOf(const RunOrder &order)
{
    if (std::holds_alternative<CancelRun>(order))
        return {QStringLiteral("cancel"), "{}", QStringLiteral("gcloud builds cancel")};
    const auto *review = std::get_if<ReviewEnvironments>(&order);
    if (!review)
        return {};
    const bool approves = review->state == ReviewState::Approved;
    const QJsonObject result{{QStringLiteral("decision"),
                              approves ? QStringLiteral("APPROVED") : QStringLiteral("REJECTED")},
                             {QStringLiteral("comment"), review->comment}};
    return {QStringLiteral("approve"),
            QJsonDocument(QJsonObject{{QStringLiteral("approvalResult"), result}})
                .toJson(QJsonDocument::Compact),
            approves ? QStringLiteral("gcloud alpha builds approve")
                     : QStringLiteral("gcloud alpha builds reject")};
}

QString waitName(const CloudBuild &build)
{
    return QStringLiteral("build ") + build.id.left(8);
}

Error notOffered()
{
    return {ErrorKind::Refused,
            CloudBuildApi::tr("Cloud Build does not do this: the pipeline hands its builds over."),
            {},
            {}};
}

} // namespace

QString CloudBuildControl::systemName() const
{
    return QStringLiteral("Cloud Build");
}

PlannedCall CloudBuildControl::plan(const RunOrder &order) const
{
    const BuildCall call = callOf(order);
    PlannedCall planned;
    planned.language = PlannedCall::Language::Http;
    if (call.verb.isEmpty()) {
        planned.summary = notOffered().message;
        return planned;
    }
    const QString id = idOf(runOf(order));
    planned.summary = QStringLiteral("POST builds/%1:%2").arg(id.left(8), call.verb);
    planned.exact = QStringLiteral("POST %1\nContent-Type: application/json\n\n%2")
                        .arg(m_api.buildUrl(id, call.verb).toString(),
                             QString::fromUtf8(QJsonDocument::fromJson(call.body)
                                                   .toJson(QJsonDocument::Indented)
                                                   .trimmed()));
    planned.copyable = call.command + QLatin1Char(' ') + id;
    planned.curl
        = curlCommand("POST", m_api.buildUrl(id, call.verb), "application/json", call.body);
    return planned;
}

QFuture<Result<Fetched>> CloudBuildControl::fetch(const RunId &run)
{
    if (const QString id = idOf(run); !id.isEmpty())
        return m_api.build(id);
    // Of an earlier console: the newest builds are looked through for it.
    return askNext<Fetched>(
        m_api.list({}), &m_api, [this, run](const Result<CloudBuildApi::Listed> &listed) {
            if (!listed)
                return ready<Fetched>(fail(listed.error()));
            for (const CloudBuild &build : listed->page.builds)
                know(build);
            const QString id = idOf(run);
            return id.isEmpty() ? ready<Fetched>(
                       fail(ErrorKind::NotFound,
                            CloudBuildApi::tr("Cloud Build no longer lists this build.")))
                                : m_api.build(id);
        });
}

QFuture<Result<TakenOrder>> CloudBuildControl::send(const RunOrder &order)
{
    const BuildCall call = callOf(order);
    if (call.verb.isEmpty())
        return ready<TakenOrder>(fail(notOffered()));
    const QString id = idOf(runOf(order));
    if (id.isEmpty())
        return ready<TakenOrder>(
            fail(ErrorKind::NotFound,
                 CloudBuildApi::tr("Cloud Build has not named this build. Read the list again.")));
    return converted<TakenOrder>(m_api.post(id, call.verb, call.body), &m_api,
                                 [](const Result<void> &done) -> Result<TakenOrder> {
                                     if (!done)
                                         return fail(done.error());
                                     return TakenOrder{};
                                 });
}

QFuture<Result<Reading<Run>>> CloudBuildControl::run(const RunId &run)
{
    return converted<Reading<Run>>(fetch(run), &m_api,
                                   [](const Result<Fetched> &fetched) -> Result<Reading<Run>> {
                                       if (!fetched)
                                           return fail(fetched.error());
                                       Reading<Run> reading;
                                       reading.value = runOf(fetched->build);
                                       reading.source = QStringLiteral("Cloud Build");
                                       reading.serverAt = fetched->serverAt;
                                       reading.receivedSinceBoot = fetched->receivedSinceBoot;
                                       return reading;
                                   });
}

QFuture<Result<QList<PendingEnvironment>>> CloudBuildControl::waiting(const RunId &run)
{
    using Answer = QList<PendingEnvironment>;
    return converted<Answer>(fetch(run), &m_api,
                             [run](const Result<Fetched> &fetched) -> Result<Answer> {
                                 if (!fetched)
                                     return fail(fetched.error());
                                 if (!fetched->build.asksApproval)
                                     return Answer();
                                 PendingEnvironment build;
                                 build.id = run.value;
                                 build.name = waitName(fetched->build);
                                 build.mayReview = true;
                                 return Answer{build};
                             });
}

QFuture<Result<QList<GivenReview>>> CloudBuildControl::reviews(const RunId &run)
{
    using Answer = QList<GivenReview>;
    return converted<Answer>(
        fetch(run), &m_api, [](const Result<Fetched> &fetched) -> Result<Answer> {
            if (!fetched)
                return fail(fetched.error());
            const CloudBuild &build = fetched->build;
            if (build.decision.isEmpty())
                return Answer();
            const bool approved = build.decision == QLatin1String("APPROVED");
            return Answer{{approved ? ReviewState::Approved : ReviewState::Rejected,
                           {waitName(build)},
                           build.actor,
                           {}}};
        });
}

QFuture<Result<QList<ConcurrencyBlock>>> CloudBuildControl::blocks(const RunId &)
{
    return ready<QList<ConcurrencyBlock>>(QList<ConcurrencyBlock>());
}

QFuture<Result<QList<Run>>> CloudBuildControl::active()
{
    return converted<QList<Run>>(
        m_api.newest(), &m_api,
        [this](const Result<CloudBuildApi::Listed> &listed) -> Result<QList<Run>> {
            if (!listed)
                return fail(listed.error());
            QList<Run> goingOn;
            for (const CloudBuild &build : listed->page.builds) {
                know(build);
                if (!hasEnded(build.status))
                    goingOn.append(runOf(build));
            }
            return goingOn;
        });
}

QFuture<Result<QList<Run>>> CloudBuildControl::dispatched(const QString &, const QDateTime &,
                                                          const QString &)
{
    return ready<QList<Run>>(QList<Run>());
}

QFuture<Result<RunAccess>> CloudBuildControl::access()
{
    return ready<RunAccess>(RunAccess());
}

} // namespace pilothouse
