#include "app/wiring/signin/consentdesk.h"

#include "base/future.h"

#include <algorithm>
#include <utility>

namespace pilothouse {

ConsentDesk::ConsentDesk(ConsentFile file, const Clock &clock, QString workspaceFile)
    : m_file(std::move(file)), m_clock(clock), m_workspaceFile(std::move(workspaceFile))
{}

QFuture<Result<void>> ConsentDesk::ask(const ProgramUse &use)
{
    const auto known = m_file.of(use);
    if (!known)
        return ready<void>(fail(ErrorKind::SignedOut, known.error().message, known.error().detail));
    if (known->standing == Consent::Standing::Allowed)
        return ready<void>({});
    if (!m_attended || m_declined.contains(use))
        return ready<void>(fail(notAllowed(use, *known)));

    auto promise = std::make_shared<QPromise<Result<void>>>();
    promise->start();
    auto future = promise->future();
    const auto open = std::find_if(m_open.begin(), m_open.end(),
                                   [&](const Question &each) { return each.use == use; });
    if (open != m_open.end()) {
        open->waiting.push_back(std::move(promise));
        return future;
    }
    m_open.push_back({use, {std::move(promise)}});
    Q_EMIT asked(use, *known);
    return future;
}

Result<void> ConsentDesk::allow(const ProgramUse &use)
{
    auto remembered = m_file.allow(use, m_clock.now());
    if (remembered) {
        m_declined.removeAll(use);
        answer(use, {});
    }
    return remembered;
}

void ConsentDesk::decline(const ProgramUse &use)
{
    m_declined.append(use);
    const auto known = m_file.of(use);
    answer(use, fail(notAllowed(use, known.value_or(Consent()))));
}

Error ConsentDesk::notAllowed(const ProgramUse &use, const Consent &known) const
{
    const QString command
        = QStringLiteral("pilothouse-cli consent --workspace %1").arg(m_workspaceFile);
    const QString message
        = known.standing == Consent::Standing::Changed
              ? tr("The program %1 is not the file that you allowed to run on %2. Look at "
                   "it and allow it anew: %3")
                    .arg(use.program, known.since.toLocalTime().toString(Qt::ISODate), command)
              : tr("You have not allowed the program %1 to run. Look at it and allow it: "
                   "%2")
                    .arg(use.program, command);
    return Error{ErrorKind::SignedOut, message, use.askedBy, {}};
}

void ConsentDesk::answer(const ProgramUse &use, const Result<void> &result)
{
    const auto open = std::find_if(m_open.begin(), m_open.end(),
                                   [&](const Question &each) { return each.use == use; });
    if (open == m_open.end())
        return;
    // Whoever hears of it may ask again.
    const auto waiting = std::exchange(open->waiting, {});
    m_open.erase(open);
    for (const auto &promise : waiting) {
        promise->addResult(result);
        promise->finish();
    }
}

} // namespace pilothouse
