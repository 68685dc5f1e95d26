#include "pipeline/act/runorder.h"

#include "base/tokenforms.h"
#include "base/words.h"

#include <QJsonArray>
#include <QRegularExpression>

namespace pilothouse {

namespace {

const QLatin1String runWord("run ");
const QLatin1String workflowWord("workflow ");

// Ids have 64 bits; a JSON number of the journal may be read as a double.
QString textOf(qint64 id)
{
    return QString::number(id);
}

qint64 idOf(const QJsonValue &value)
{
    return value.toString().toLongLong();
}

struct SubjectWords
{
    QString operator()(const DispatchWorkflow &order) const
    {
        return workflowWord + order.workflowPath.section(QLatin1Char('/'), -1);
    }
    template <typename Order>
    QString operator()(const Order &order) const
    {
        return runWord + textOf(order.run.value);
    }
};

struct VerbWords
{
    QString operator()(const RerunFailedJobs &) const
    {
        return QStringLiteral("re-run failed jobs");
    }
    QString operator()(const RerunJob &) const { return QStringLiteral("re-run job"); }
    QString operator()(const CancelRun &order) const
    {
        return order.force == CancelRun::Force::Yes ? QStringLiteral("force-cancel")
                                                    : QStringLiteral("cancel");
    }
    QString operator()(const ReviewEnvironments &order) const
    {
        return order.state == ReviewState::Approved ? QStringLiteral("approve")
                                                    : QStringLiteral("reject");
    }
    QString operator()(const DispatchWorkflow &) const { return QStringLiteral("dispatch"); }
};

struct OrderBody
{
    QJsonObject operator()(const RerunFailedJobs &order) const
    {
        return {{QStringLiteral("run"), textOf(order.run.value)},
                {QStringLiteral("attempt"), order.attempt}};
    }
    QJsonObject operator()(const RerunJob &order) const
    {
        return {{QStringLiteral("run"), textOf(order.run.value)},
                {QStringLiteral("attempt"), order.attempt},
                {QStringLiteral("job"), textOf(order.job.value)},
                {QStringLiteral("jobName"), order.name}};
    }
    QJsonObject operator()(const CancelRun &order) const
    {
        return {{QStringLiteral("run"), textOf(order.run.value)}};
    }
    QJsonObject operator()(const ReviewEnvironments &order) const
    {
        QJsonArray environments;
        for (const PendingEnvironment &each : order.environments)
            environments.append(QJsonObject{{QStringLiteral("id"), textOf(each.id)},
                                            {QStringLiteral("name"), each.name}});
        return {{QStringLiteral("run"), textOf(order.run.value)},
                {QStringLiteral("environments"), environments},
                {QStringLiteral("comment"), order.comment}};
    }
    QJsonObject operator()(const DispatchWorkflow &order) const
    {
        QJsonArray inputs;
        for (const DispatchValue &each : order.inputs)
            inputs.append(QJsonObject{{QStringLiteral("key"), each.key},
                                      {QStringLiteral("value"), each.value}});
        return {{QStringLiteral("workflow"), order.workflowPath},
                {QStringLiteral("ref"), order.ref},
                {QStringLiteral("inputs"), inputs}};
    }
};

ReviewEnvironments reviewIn(const QJsonObject &body, const RunId &run, ReviewState state)
{
    ReviewEnvironments review{run, {}, state, body[QLatin1String("comment")].toString()};
    const QJsonArray environments = body[QLatin1String("environments")].toArray();
    for (const auto &each : environments) {
        PendingEnvironment environment;
        environment.id = idOf(each.toObject().value(QLatin1String("id")));
        environment.name = each.toObject().value(QLatin1String("name")).toString();
        review.environments.append(environment);
    }
    return review;
}

DispatchWorkflow dispatchIn(const QJsonObject &body)
{
    DispatchWorkflow dispatch{
        body[QLatin1String("workflow")].toString(), body[QLatin1String("ref")].toString(), {}};
    const QJsonArray inputs = body[QLatin1String("inputs")].toArray();
    for (const auto &each : inputs)
        dispatch.inputs.append({each.toObject().value(QLatin1String("key")).toString(),
                                each.toObject().value(QLatin1String("value")).toString()});
    return dispatch;
}

QString maskedValue(const DispatchValue &input)
{
    // The word that says it stands at the end: "secret_name" names none.
    static const QRegularExpression secretName(
        QStringLiteral(
            "(password|passwd|passphrase|secret|token|credential|(api|private|access)[-_]?"
            "key)s?$"),
        QRegularExpression::CaseInsensitiveOption);
    if (!input.value.isEmpty() && secretName.match(input.key).hasMatch())
        return QStringLiteral("***");
    return maskedText(input.value);
}

} // namespace

QString runKey(const Run &run)
{
    return run.hostId.isEmpty() ? textOf(run.id.value) : run.hostId.left(8);
}

QString runWords(const Run &run)
{
    return run.hostId.isEmpty() ? Words::tr("run %1").arg(runKey(run))
                                : Words::tr("build %1").arg(runKey(run));
}

RunId runOf(const RunOrder &order)
{
    return std::visit(
        [](const auto &each) {
            if constexpr (std::is_same_v<std::decay_t<decltype(each)>, DispatchWorkflow>)
                return RunId();
            else
                return each.run;
        },
        order);
}

QString subjectOf(const RunOrder &order)
{
    return std::visit(SubjectWords(), order);
}

QString verbOf(const RunOrder &order)
{
    return std::visit(VerbWords(), order);
}

bool isRunSubject(const QString &subject)
{
    return subject.startsWith(runWord) || subject.startsWith(workflowWord);
}

RunOrder maskedOrder(const RunOrder &order)
{
    RunOrder own = order;
    if (auto *dispatch = std::get_if<DispatchWorkflow>(&own)) {
        for (DispatchValue &input : dispatch->inputs)
            input.value = maskedValue(input);
    }
    return own;
}

Intent intentOf(const RunOrder &order, const BeforeOrder &before, const QString &reason)
{
    Intent intent;
    intent.subject = subjectOf(order);
    intent.verb = verbOf(order);
    // What hangs must not stand before a cancellation.
    if (std::holds_alternative<CancelRun>(order))
        intent.lane = intent.subject + QStringLiteral("/cancel");
    intent.body = std::visit(OrderBody(), maskedOrder(order));
    intent.body[QLatin1String("since")] = before.since.toString(Qt::ISODateWithMs);
    intent.body[QLatin1String("login")] = before.login;
    intent.body[QLatin1String("reviews")] = before.reviews;
    QJsonArray known;
    for (const RunId &run : before.known)
        known.append(textOf(run.value));
    intent.body[QLatin1String("known")] = known;
    intent.body[QLatin1String("reason")] = reason;
    return intent;
}

std::optional<RunOrder> orderOf(const QJsonObject &body)
{
    const QString verb = body[QLatin1String("verb")].toString();
    const RunId run(idOf(body[QLatin1String("run")]));
    const int attempt = body[QLatin1String("attempt")].toInt();
    if (verb == QLatin1String("dispatch"))
        return dispatchIn(body);
    if (run == RunId())
        return {};
    if (verb == QLatin1String("re-run failed jobs") && attempt > 0)
        return RerunFailedJobs{run, attempt};
    if (verb == QLatin1String("re-run job") && attempt > 0)
        return RerunJob{run, attempt, JobId(idOf(body[QLatin1String("job")])),
                        body[QLatin1String("jobName")].toString()};
    if (verb == QLatin1String("cancel"))
        return CancelRun{run, CancelRun::Force::No};
    if (verb == QLatin1String("force-cancel"))
        return CancelRun{run, CancelRun::Force::Yes};
    if (verb == QLatin1String("approve"))
        return reviewIn(body, run, ReviewState::Approved);
    if (verb == QLatin1String("reject"))
        return reviewIn(body, run, ReviewState::Rejected);
    return {};
}

BeforeOrder beforeOf(const QJsonObject &body)
{
    BeforeOrder before;
    before.since
        = QDateTime::fromString(body[QLatin1String("since")].toString(), Qt::ISODateWithMs);
    before.login = body[QLatin1String("login")].toString();
    before.reviews = body[QLatin1String("reviews")].toInt();
    const QJsonArray known = body[QLatin1String("known")].toArray();
    for (const auto &each : known)
        before.known.append(RunId(idOf(each)));
    return before;
}

} // namespace pilothouse
