#pragma once

#include "action/preview.h"
#include "base/clock.h"
#include "journal/journal.h"
#include "release/leaving.h"
#include "rollout/guard/headlessguard.h"

#include <QHash>
#include <QObject>
#include <QPointer>

#include <functional>
#include <optional>

class QWidget;

namespace pilothouse {

class ClosingDialog;

/// Whether the window may close, and what is written down when it does: asks once, in one dialog,
/// where something is in flight. GUI thread; what it is given outlives it.
class Closing final : public QObject
{
    Q_OBJECT

public:
    struct Sources
    {
        EnvironmentMark environment;
        QString actor; ///< who closes
        std::function<Leaving()> leaving;
        Journal &journal;
        const Clock &clock;
        HeadlessGuard *headless = nullptr; ///< nullptr = none can be started from here
        /// The guards of this window say that they end; `done` is called once they have.
        std::function<void(const std::function<void()> &done)> signOff = {};
    };

    /// `window` is whatever asks; its top-level window is closed once that was chosen.
    Closing(const Sources &sources, QWidget &window);

    /// At once where nothing is in flight or leaving was chosen; else opens the question.
    [[nodiscard]] bool mayClose();
    /// What the question shows may be another thing now.
    void refresh();
    /// The program is being ended and nobody is asked: writes down what is in flight. `done` is
    /// called when it is written, or cannot be.
    void noteLeft(const std::function<void()> &done);

Q_SIGNALS:
    /// The confirmation of this track's rollback is wanted; the window stays.
    void rollBackRequested(const pilothouse::TrackName &track);

private:
    void leave();
    void arm();
    void armNext(const QList<TrackName> &tracks);
    void stay();
    /// `done` gets the first error.
    void write(const std::function<void(const std::optional<Error> &)> &done);
    void close();
    void signOff(const std::function<void()> &done);

    Sources m_sources;
    QWidget &m_window;
    QPointer<ClosingDialog> m_dialog;
    QHash<TrackName, HeadlessGuard::Watching> m_watched; ///< started from this question
    bool m_decided = false;
    bool m_unwritten = false; ///< the note was refused: the next press closes without it
};

} // namespace pilothouse
