#pragma once

#include "base/id.h"
#include "release/things/thinglink.h"
#include "ui/shell/parts.h"

#include <QObject>

#include <functional>
#include <optional>

class QTimer;

namespace pilothouse {

class MainWindow;
class RolloutController;
struct Run;

/// Follows pilothouse:// links in a window: shows what they name as soon as it is known to be
/// there. It never acts. What is not there is said in a sentence, and the window stays as it is.
/// The latest link wins. Belongs to the window.
class LinkGuide final : public QObject
{
    Q_OBJECT

public:
    LinkGuide(const Parts &parts, MainWindow &window);

    void follow(const QString &link);

Q_SIGNALS:
    void said(const QString &sentence);

private:
    /// Whether it is there; nothing = not known yet.
    using Look = std::function<std::optional<bool>()>;

    void show(const Thing &thing);
    void showCommit(const Thing &thing);
    void showRun(const Thing &thing);
    void showRunOf(const Thing &thing, const Run &run);
    void showInTrack(const Thing &thing);
    void showChange(const Thing &thing);
    /// Looks again and again, for a while; then `there` is called, or `missing` is said, or that
    /// nobody told whether `what` is there.
    void await(const QString &what, const Look &look, const std::function<void()> &there,
               const QString &missing);
    void lookAgain();
    void say(const QString &sentence);
    [[nodiscard]] RolloutController *trackOf(const QString &name) const;

    Parts m_parts;
    MainWindow &m_window;
    QTimer *m_again;
    int m_looksLeft = 0;
    int m_generation = 0; ///< answers for an earlier link are dropped
    Look m_look;
    std::function<void()> m_there;
    QString m_what;
    QString m_missing;
};

} // namespace pilothouse
