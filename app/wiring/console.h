#pragma once

#include "base/reading.h"
#include "workspace/workspace.h"

#include <QObject>

#include <memory>

namespace pilothouse {

class ConsentDesk;
class Journal;
class Keychain;
class LogController;
class MigrationController;
class MovingRunsDesk;
class PipelineController;
class ReleaseController;
class Reminders;
class RolloutController;
struct Parts;
struct ShiftParts;

/// The composition root of one workspace: makes the connectors, gives them to the controllers,
/// connects the controllers with each other, and settles what an earlier console left open. It owns
/// all of it. GUI thread.
class Console final : public QObject
{
    Q_OBJECT

public:
    struct Options
    {
        enum class Mode { MayAct, ReadOnly };
        Mode mode = Mode::MayAct;
        QString actor; ///< who acts on this machine; empty = the login's full name
        /// With a window the desktop is told what changes, and the plan arms guards: they end
        /// with it.
        enum class Window { None, Shown } window = Window::None;
    };

    /// Nothing is asked of the world before `start`.
    Console(const Workspace &workspace, const Options &options, QObject *parent = nullptr);
    ~Console() override;

    void start();
    /// What an earlier console left open was looked at.
    [[nodiscard]] bool isSettled() const;
    /// Some of it could not be told: it is looked at again, now and then, and by the next start.
    [[nodiscard]] bool looksAgain() const;
    /// What a window shows; valid as long as this lives.
    [[nodiscard]] Parts parts();
    /// Why the journal cannot be written, if so: said in the window, promotions are off.
    [[nodiscard]] const std::optional<Error> &journalError() const;

    [[nodiscard]] Keychain &keychain();
    /// Asks whether sign-in programs may run; a window answers it.
    [[nodiscard]] ConsentDesk &consent();
    [[nodiscard]] ReleaseController &release();
    [[nodiscard]] PipelineController &pipeline();
    [[nodiscard]] LogController &jobLogs();
    [[nodiscard]] LogController &podLogs();
    [[nodiscard]] MigrationController &migrations();
    /// Of changes that are not over, in every database.
    [[nodiscard]] Reminders &reminders();
    [[nodiscard]] Journal &journal();
    [[nodiscard]] QList<RolloutController *> tracks() const;
    /// One for the CI host, if there is one, and one for each track with a build service.
    [[nodiscard]] QList<MovingRunsDesk *> movingRuns() const;
    /// How each source that is set up is doing, each name once.
    [[nodiscard]] QList<SourceState> sources() const;
    /// What the begin of a shift asks beside the controllers.
    [[nodiscard]] ShiftParts shiftParts();

Q_SIGNALS:
    void settled(); ///< some time after start(), and with each further look

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace pilothouse
