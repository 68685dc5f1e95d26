#pragma once

#include "release/notices/notifier.h"

#include <memory>

namespace pilothouse {

/// Notices through the desktop's own service, org.freedesktop.Notifications on the session bus. The
/// bus is looked for in a thread of the pool, and every call is answered later: a desktop that
/// hangs holds up nothing. GUI thread.
class DesktopNotifier final : public Notifier
{
    Q_OBJECT

public:
    struct Settings
    {
        QString application; ///< as the desktop shows it
        QString busAddress;  ///< empty = the session's bus
    };

    explicit DesktopNotifier(Settings settings, QObject *parent = nullptr);
    ~DesktopNotifier() override;

    void show(const Notice &notice) override;

private Q_SLOTS:
    // Signals of the service; ids that are not ours are somebody else's.
    void actionInvoked(uint id, const QString &action);
    void tokenGiven(uint id, const QString &token);
    void closed(uint id, uint reason);

private:
    struct Private;
    std::unique_ptr<Private> d;

    void begin();
    void send(const Notice &notice);
    void answered(const Notice &notice, uint id);
    void failed(const Error &error);
};

} // namespace pilothouse
