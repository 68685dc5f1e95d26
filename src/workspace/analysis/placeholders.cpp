#include "workspace/analysis/placeholders.h"

#include "base/words.h"
#include "document/nearestword.h"

#include <QRegularExpression>

namespace pilothouse {

QStringList sidePlaces()
{
    return {QStringLiteral("stable.revision"), QStringLiteral("stable.commit"),
            QStringLiteral("candidate.revision"), QStringLiteral("candidate.commit")};
}

QStringList queryPlaces()
{
    return sidePlaces() << QStringLiteral("commit") << QStringLiteral("revision");
}

void checkPlaces(Fields &fields, const char *key, const QString &text, const QStringList &known)
{
    static const QRegularExpression place(QStringLiteral(R"(\$\{([^}]*)\}?)"));
    auto match = place.globalMatch(text);
    while (match.hasNext()) {
        const QString name = match.next().captured(1);
        if (known.contains(name))
            continue;
        QStringList spelled;
        for (const QString &word : known)
            spelled.append(QStringLiteral("${%1}").arg(word));
        fields.report(key,
                      Words::tr("%1: expected one of %2 in it, found \"${%3}\"")
                          .arg(QLatin1String(key), spelled.join(QStringLiteral(", ")), name),
                      nearestWord(name, known));
    }
}

} // namespace pilothouse
