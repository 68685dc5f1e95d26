#pragma once

#include "base/commandrunner.h"
#include "base/programs/loginpath.h"
#include "base/programs/programconsent.h"
#include "connectors/postgres/postgressettings.h"

#include <QFuture>
#include <QObject>
#include <QPromise>
#include <QTimer>

#include <memory>
#include <optional>

namespace pilothouse {

/// What a passage needs to run. All of it outlives it.
struct PassageSetting
{
    CommandRunner &runner;
    LoginPath &path;
    ProgramConsent &consent;
};

/// The way to a database behind a wall: a program such as kubectl port-forward, cloud-sql-proxy or
/// ssh. It is started when somebody first needs the database and the person has allowed it, kept,
/// started again when it was lost, and ended with this. GUI thread.
class Passage final : public QObject
{
    Q_OBJECT

public:
    /// Stands in a command for a free port of this computer.
    static const QString portPlaceholder;

    /// With the placeholder in an argument the database is reached at that port of 127.0.0.1, else
    /// where `target` says.
    Passage(ProgramUse wish, const PassageSetting &setting, PostgresSettings target,
            QObject *parent = nullptr);
    ~Passage() override;

    /// Where the database is at this end of the way.
    [[nodiscard]] const PostgresSettings &nearEnd() const { return m_target; }

    /// Done once a server answers at the near end, soon where the way is open already. Refused if
    /// something else answers there before the program runs; NotFound if the program is missing;
    /// Unavailable with its last line if it ends; TimedOut after the settings' patience (it is
    /// ended then); what consent says if it is not allowed.
    [[nodiscard]] QFuture<Result<void>> open();

private:
    enum class State {
        Idle,
        Looking,  ///< whether the near end is free
        Checking, ///< whether the way that was opened still leads there
        Asking,   ///< whether it may run
        Opening,
    };

    void askToRun();
    void start(const ProgramUse &use);
    void look();
    void looked(bool answers);
    void ended(const Result<CommandOutput> &how);
    void settle(const Result<void> &result);
    void stop();
    [[nodiscard]] QString name() const;

    ProgramUse m_wish;
    PassageSetting m_setting;
    PostgresSettings m_target;
    State m_state = State::Idle;
    std::shared_ptr<QPromise<Result<void>>> m_opening;       ///< of all who wait for it
    std::optional<QFuture<Result<CommandOutput>>> m_program; ///< nothing = it does not run
    int m_starts = 0;
    QString m_lastLine;
    QTimer m_nextLook;
    QTimer m_patience;
};

} // namespace pilothouse
