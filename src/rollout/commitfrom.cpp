#include "rollout/commitfrom.h"

#include <QRegularExpression>

namespace pilothouse {

CommitId commitOfImage(const QString &image)
{
    // registry:port/path:tag@digest; the last colon after the last slash begins the tag.
    const QString reference = image.section(QLatin1Char('@'), 0, 0);
    const qsizetype colon = reference.lastIndexOf(QLatin1Char(':'));
    if (colon < 0 || colon < reference.lastIndexOf(QLatin1Char('/')))
        return {};
    static const QRegularExpression sha(
        QStringLiteral("(?:^|[^0-9A-Za-z])([0-9a-f]{64}|[0-9a-f]{40})$"));
    return CommitId(sha.match(reference.mid(colon + 1)).captured(1));
}

CommitId commitOf(const CommitFrom &from, const QString &image,
                  const QHash<QString, QString> &labels)
{
    if (from.kind == CommitFrom::Kind::ImageTag)
        return commitOfImage(image);
    return commitOfImage(QLatin1Char(':') + labels.value(from.label));
}

QString digestOfImage(const QString &image)
{
    const QString digest = image.section(QLatin1Char('@'), 1, 1);
    return digest.startsWith(QLatin1String("sha256:")) ? digest : QString();
}

} // namespace pilothouse
