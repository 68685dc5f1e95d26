#include "action/commandline.h"

#include <QRegularExpression>

namespace pilothouse {

QString shellWord(QString word)
{
    static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9_./:@=,+-]+$"));
    if (plain.match(word).hasMatch())
        return word;
    word.replace(QLatin1Char('\''), QLatin1String("'\\''"));
    return QLatin1Char('\'') + word + QLatin1Char('\'');
}

QString curlCommand(const QByteArray &method, const QUrl &url, const QByteArray &contentType,
                    const QByteArray &body)
{
    QString command
        = QStringLiteral("curl --fail-with-body -X %1 -H \"Authorization: Bearer $TOKEN\"")
              .arg(QString::fromLatin1(method));
    if (!body.isEmpty())
        command += QStringLiteral(" -H %1 --data-raw %2")
                       .arg(shellWord(QStringLiteral("Content-Type: ")
                                      + QString::fromLatin1(contentType)),
                            shellWord(QString::fromUtf8(body)));
    return command + QLatin1Char(' ') + shellWord(url.toString(QUrl::FullyEncoded));
}

} // namespace pilothouse
