#pragma once

#include "base/id.h"

#include <QString>

#include <functional>
#include <memory>

namespace pilothouse {

class Notifier;

/// Tells the desktop what a guard without a window comes to, where there is one: a session bus, and
/// no CI. GUI thread; nothing waits for it but leave().
class GuardNotices
{
public:
    explicit GuardNotices(TrackName track);
    ~GuardNotices();

    /// A later one takes the place of the one on screen.
    void tell(const QString &title, const QString &text);
    /// Calls `done` at once where nothing was told; else when the desktop had time to take it.
    void leave(const std::function<void()> &done);

private:
    TrackName m_track;
    std::unique_ptr<Notifier> m_desktop; ///< nullptr = there is none
    bool m_told = false;
};

} // namespace pilothouse
