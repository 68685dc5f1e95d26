#include "connectors/secrets/filetoken.h"

#include "base/future.h"
#include "base/words.h"

#include <QFile>

namespace pilothouse {
namespace {

constexpr qint64 longestFile = 65'536;

Result<Secret> readToken(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::SignedOut, Words::tr("The credential's file %1 cannot be read: %2.")
                                              .arg(path, file.errorString()));
    const QByteArray text = file.read(longestFile + 1);
    const QByteArray token = text.trimmed();
    if (token.isEmpty())
        return fail(ErrorKind::SignedOut,
                    Words::tr("The credential's file %1 is empty. Write the token or password into "
                              "it.")
                        .arg(path));
    if (text.size() > longestFile || token.contains('\n') || token.contains('\r')
        || token.contains('\0'))
        return fail(ErrorKind::SignedOut,
                    Words::tr("The credential's file %1 is not one line of text. Nothing but the "
                              "token or password may stand in it.")
                        .arg(path));
    return Secret(token);
}

} // namespace

FileToken::FileToken(QString path) : m_path(std::move(path)) {}

QFuture<Result<Secret>> FileToken::token()
{
    return ready<Secret>(readToken(m_path));
}

} // namespace pilothouse
