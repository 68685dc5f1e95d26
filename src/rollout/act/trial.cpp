#include "rollout/act/trial.h"

#include "base/whendone.h"
#include "base/words.h"

namespace pilothouse {
namespace {

using Row = PreviewRow;

/// Whether the system said no, rather than nothing.
bool isRefusal(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::BadInput:
    case ErrorKind::NotFound:
    case ErrorKind::NotAllowed:
    case ErrorKind::Conflict:
    case ErrorKind::Refused:
        return true;
    default:
        return false;
    }
}

} // namespace

QList<PreviewRow> dryRunRows(const std::optional<Result<DryRun>> &answer)
{
    const QString label = Words::tr("Dry run");
    if (!answer)
        return {{Row::Kind::Live, label, Words::tr("being asked…")}};
    if (!*answer) {
        const Error &error = answer->error();
        if (isRefusal(error.kind))
            return {{Row::Kind::Against, label,
                     Words::tr("it would be refused: %1").arg(error.message)}};
        return {{Row::Kind::Unknown, label, Words::tr("no answer: %1").arg(error.message)}};
    }
    const DryRun &run = **answer;
    if (run.how.isEmpty())
        return {};
    const QString what
        = run.changes.isEmpty()
              ? Words::tr("taken (%1): nothing would change").arg(run.how)
              : Words::tr("taken (%2): %1").arg(run.changes.join(QStringLiteral(" · ")), run.how);
    return {{Row::Kind::Live, label, what}};
}

QFuture<Result<DryRun>> Trial::question(const TrialRequest &request)
{
    if (const auto *own = std::get_if<OwnRequest>(&request))
        return m_control.dryRunOwn(*own);
    return m_control.dryRun(std::get<WeightRequest>(request));
}

void Trial::ask(const TrialRequest &request)
{
    if (m_request == request)
        return;
    m_request = request;
    m_answer.reset();
    const int asked = ++m_asked;
    const auto take = [this, asked](const Result<DryRun> &answer) {
        if (asked != m_asked)
            return;
        m_answer = answer;
        Q_EMIT answered();
    };
    whenDone(question(request), this, take, [take] {
        take(fail(ErrorKind::Cancelled, Words::tr("it was given up before an answer came.")));
    });
}

QList<PreviewRow> Trial::rows(const TrialRequest &request) const
{
    return m_request == request ? dryRunRows(m_answer) : QList<PreviewRow>();
}

} // namespace pilothouse
