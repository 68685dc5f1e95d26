#include "release/notices/noticelimit.h"

#include "base/words.h"

#include <algorithm>

namespace pilothouse {

QList<Notice> NoticeLimit::admitted(const QList<Notice> &notices, std::chrono::milliseconds now)
{
    QList<Notice> shown;
    for (const Notice &notice : notices) {
        const QString lane
            = notice.isUrgent() ? notice.key() : notice.key() + QStringLiteral(" calm");
        QList<Shown> &earlier = m_shown[lane];
        erase_if(earlier, [now](const Shown &each) { return now - each.at >= within; });
        const QString words = notice.title + QLatin1Char('\n') + notice.text;
        const bool said = std::any_of(earlier.cbegin(), earlier.cend(),
                                      [&words](const Shown &each) { return each.words == words; });
        if (said || earlier.size() >= most)
            continue;
        earlier.append({now, words});
        shown.append(notice);
        if (earlier.size() == most)
            shown.last().text
                += Words::tr(" (it changes often: quiet for %1 min)").arg(within.count());
    }
    return shown;
}

} // namespace pilothouse
