#pragma once

#include "base/result.h"
#include "release/notices/notices.h"

#include <QObject>

namespace pilothouse {

/// The desktop's place for notices. GUI thread; nothing in it waits.
class Notifier : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// Shows it, in the place of an earlier one of the same key that is still there.
    virtual void show(const Notice &notice) = 0;

Q_SIGNALS:
    /// A person chose this notice. `token` lets the window come before all others where the desktop
    /// asks for one; may be empty.
    void chosen(const pilothouse::Notice &notice, const QString &token);
    /// There is nobody who shows notices: once, until one was shown again.
    void lost(const pilothouse::Error &error);
};

} // namespace pilothouse
