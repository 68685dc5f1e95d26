#pragma once

#include "base/clock.h"
#include "connectors/secrets/consentfile.h"

#include <QObject>
#include <QPromise>

#include <memory>
#include <vector>

namespace pilothouse {

/// Answers whether a sign-in program may run: by what the user has allowed earlier, else by asking
/// the person at the window, once for all who wait. Where nobody is at a window the answer is no,
/// with the command that allows it. What was declined is not asked again before the next start, but
/// what another process of the user allows counts. GUI thread.
class ConsentDesk final : public QObject, public ProgramConsent
{
    Q_OBJECT

public:
    /// `workspaceFile` stands in the command. The clock outlives it.
    ConsentDesk(ConsentFile file, const Clock &clock, QString workspaceFile);

    [[nodiscard]] QFuture<Result<void>> ask(const ProgramUse &use) override;

    /// Somebody listens to `asked` and answers.
    void setAttended(bool attended) { m_attended = attended; }
    /// Allows and remembers; an Error, and nothing runs, if it cannot be remembered.
    [[nodiscard]] Result<void> allow(const ProgramUse &use);
    void decline(const ProgramUse &use);
    /// What was declined may be asked again.
    void reconsider() { m_declined.clear(); }

Q_SIGNALS:
    void asked(const pilothouse::ProgramUse &use, const pilothouse::Consent &known);

private:
    struct Question
    {
        ProgramUse use;
        std::vector<std::shared_ptr<QPromise<Result<void>>>> waiting;
    };

    [[nodiscard]] Error notAllowed(const ProgramUse &use, const Consent &known) const;
    void answer(const ProgramUse &use, const Result<void> &result);

    ConsentFile m_file;
    const Clock &m_clock;
    QString m_workspaceFile;
    bool m_attended = false;
    std::vector<Question> m_open;
    QList<ProgramUse> m_declined;
};

} // namespace pilothouse
