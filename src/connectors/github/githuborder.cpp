#include "connectors/github/githuborder.h"

#include "action/commandline.h"
#include "connectors/http/httperror.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace pilothouse {

namespace {

const QByteArray detailsField("return_run_details");

QByteArray orderBody(const QJsonObject &body)
{
    return QJsonDocument(body).toJson(QJsonDocument::Compact);
}

class OrderWriter
{
public:
    explicit OrderWriter(GithubOrder::Details details) : m_details(details) {}

    GithubOrder operator()(const RerunFailedJobs &order) const
    {
        return {QStringLiteral("/runs/%1/rerun-failed-jobs").arg(order.run.value),
                {},
                QStringLiteral("gh run rerun %1 --failed").arg(order.run.value)};
    }
    GithubOrder operator()(const RerunJob &order) const
    {
        return {QStringLiteral("/jobs/%1/rerun").arg(order.job.value),
                {},
                QStringLiteral("gh run rerun --job %1").arg(order.job.value)};
    }
    GithubOrder operator()(const CancelRun &order) const
    {
        const bool force = order.force == CancelRun::Force::Yes;
        return {
            (force ? QStringLiteral("/runs/%1/force-cancel") : QStringLiteral("/runs/%1/cancel"))
                .arg(order.run.value),
            {},
            QStringLiteral("gh run cancel %1%2")
                .arg(order.run.value)
                .arg(force ? QStringLiteral(" --force") : QString())};
    }
    GithubOrder operator()(const ReviewEnvironments &order) const
    {
        const QString state = order.state == ReviewState::Approved ? QStringLiteral("approved")
                                                                   : QStringLiteral("rejected");
        QJsonArray ids;
        QString flags;
        for (const PendingEnvironment &each : order.environments) {
            ids.append(each.id);
            flags += QStringLiteral(" -F 'environment_ids[]=%1'").arg(each.id);
        }
        const QString path = QStringLiteral("/runs/%1/pending_deployments").arg(order.run.value);
        return {
            path,
            orderBody({{QStringLiteral("environment_ids"), ids},
                       {QStringLiteral("state"), state},
                       {QStringLiteral("comment"), order.comment}}),
            QStringLiteral("gh api --method POST 'repos/{owner}/{repo}/actions%1'%2 "
                           "-f state=%3 -f %4")
                .arg(path, flags, state, shellWord(QStringLiteral("comment=") + order.comment))};
    }
    GithubOrder operator()(const DispatchWorkflow &order) const
    {
        const QString file = order.workflowPath.section(QLatin1Char('/'), -1);
        QJsonObject inputs;
        QString flags;
        for (const DispatchValue &each : order.inputs) {
            inputs.insert(each.key, each.value);
            flags += QStringLiteral(" -f ") + shellWord(each.key + QLatin1Char('=') + each.value);
        }
        QJsonObject body{{QStringLiteral("ref"), order.ref}};
        if (!inputs.isEmpty())
            body.insert(QStringLiteral("inputs"), inputs);
        if (m_details == GithubOrder::Details::Asked)
            body.insert(QString::fromLatin1(detailsField), true);
        return {QStringLiteral("/workflows/%1/dispatches").arg(file), orderBody(body),
                QStringLiteral("gh workflow run %1 --ref %2%3")
                    .arg(shellWord(file), shellWord(order.ref), flags)};
    }

private:
    GithubOrder::Details m_details;
};

} // namespace

GithubOrder githubOrder(const RunOrder &order, GithubOrder::Details details)
{
    return std::visit(OrderWriter(details), order);
}

bool asksForDetails(const QByteArray &apiVersion)
{
    return apiVersion < QByteArray("2026-03-10"); // dates compare as text
}

bool refusesDetails(const Error &error)
{
    const int status = statusOf(error);
    return (status == 422 || status == 400) && bodyOf(error).contains(detailsField);
}

} // namespace pilothouse
