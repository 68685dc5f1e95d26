#pragma once

#include "base/commandrunner.h"

#include <QFutureWatcher>
#include <QObject>
#include <QStringList>
#include <QUrl>

#include <memory>
#include <vector>

namespace pilothouse {

/// How a vendor's own program signs in to the vendor. It leads through that in the browser, keeps
/// what comes of it itself, and says on the way what is to be typed there.
struct VendorLogin
{
    QStringList sources; ///< the systems that it opens, as their chips name them
    Command command;

    /// As one types it in a terminal.
    [[nodiscard]] QString text() const;
};

/// Runs the vendors' own logins, one at a time for each, when a person asks for one. It sees no
/// token: the program that was asked keeps it. The runner outlives it. GUI thread.
class SignInDesk final : public QObject
{
    Q_OBJECT

public:
    enum class Stage {
        Idle,
        Running, ///< the program waits for the person in the browser
        Failed,  ///< it ended without a sign-in; `said` ends with why
    };
    struct Progress
    {
        Stage stage = Stage::Idle;
        QStringList said; ///< the program's last lines, what looks like a token masked
        QUrl page;        ///< the first address that it named: where to go on
    };

    SignInDesk(CommandRunner &runner, QList<VendorLogin> logins, QObject *parent = nullptr);
    ~SignInDesk() override;

    /// The login that opens this source; nullptr where none is known (a keychain, an environment
    /// variable, a database's password).
    [[nodiscard]] const VendorLogin *loginOf(const QString &source) const;
    [[nodiscard]] Progress progressOf(const QString &source) const;

    /// Does nothing where none is known or while it runs.
    void start(const QString &source);
    /// Ends the program; nothing was signed in then.
    void cancel(const QString &source);

Q_SIGNALS:
    /// The progress of these sources changed.
    void changed(const QStringList &sources);
    /// The program ended well: what these sources lacked is there now, they can be read again.
    void signedIn(const QStringList &sources);

private:
    struct Seat
    {
        VendorLogin login;
        Progress progress;
        QFutureWatcher<Result<CommandOutput>> watcher;
    };
    [[nodiscard]] Seat *seatOf(const QString &source) const;
    void hear(Seat &seat, const QString &line);
    void end(Seat &seat);

    CommandRunner &m_runner;
    std::vector<std::unique_ptr<Seat>> m_seats;
};

} // namespace pilothouse
