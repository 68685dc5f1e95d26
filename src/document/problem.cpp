#include "document/problem.h"

#include "base/words.h"

#include <algorithm>

namespace pilothouse {

QString Problem::toString() const
{
    QString text = file + QLatin1Char(':');
    if (line > 0)
        text += QStringLiteral("%1:%2:").arg(line).arg(column);
    text += QLatin1Char(' ') + message;
    if (!hint.isEmpty())
        text += Words::tr("; did you mean \"%1\"?").arg(hint);
    return text;
}

Problems::Problems(QString file) : m_file(std::move(file)) {}

void Problems::add(const Position &at, const QString &message, const QString &hint,
                   Problem::Severity severity)
{
    const Problem added{m_file, at.line, at.column, message, hint, severity};
    const auto alike
        = std::count_if(m_list.cbegin(), m_list.cend(), [severity](const Problem &problem) {
              return problem.severity == severity;
          });
    if (alike >= most || m_list.contains(added))
        return;
    const auto after = std::upper_bound(m_list.cbegin(), m_list.cend(), at,
                                        [](const Position &place, const Problem &problem) {
                                            return place < Position{problem.line, problem.column};
                                        });
    m_list.insert(after, added);
}

bool Problems::hasErrors() const
{
    return std::any_of(m_list.cbegin(), m_list.cend(), [](const Problem &problem) {
        return problem.severity == Problem::Severity::Error;
    });
}

Error Problems::toError() const
{
    QStringList lines;
    for (const Problem &problem : m_list) {
        if (problem.severity == Problem::Severity::Error)
            lines.append(problem.toString());
    }
    QString message = lines.value(0);
    if (lines.size() > 1)
        message += Words::tr(" (and %n more)", nullptr, int(lines.size() - 1));
    return Error{ErrorKind::BadInput, message, lines.join(QLatin1Char('\n')), {}};
}

} // namespace pilothouse
