#pragma once

#include "release/notices/notices.h"

#include <QHash>

#include <chrono>

namespace pilothouse {

/// Keeps what flaps from ringing: of one key at most `most` notices in `within`, and the same words
/// at most once in it. Urgent ones count apart from the others. Times since boot.
class NoticeLimit
{
public:
    static constexpr std::chrono::minutes within{10};
    static constexpr qsizetype most = 3;

    /// Those that may be shown; the last one of a key for a while says that it is the last.
    [[nodiscard]] QList<Notice> admitted(const QList<Notice> &notices,
                                         std::chrono::milliseconds now);

private:
    struct Shown
    {
        std::chrono::milliseconds at{0};
        QString words;
    };
    QHash<QString, QList<Shown>> m_shown; ///< by key and urgency
};

} // namespace pilothouse
