#include "base/programs/programconsent.h"

#include "base/chaining.h"
#include "base/programs/loginpath.h"
#include "base/words.h"

#include <QCryptographicHash>
#include <QFile>
#include <QPromise>
#include <QThreadPool>

#include <algorithm>
#include <memory>

namespace pilothouse {
namespace {

Result<QByteArray> hashed(const QString &name)
{
    QFile file(name);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    if (!file.open(QIODevice::ReadOnly) || !hash.addData(&file))
        return fail(ErrorKind::NotFound,
                    Words::tr("The program “%1” cannot be read. Check its rights.").arg(name),
                    file.errorString());
    return hash.result().toHex();
}

QString quotedWord(const QString &word)
{
    const auto plain = [](QChar c) {
        return c.isLetterOrNumber() || QStringLiteral("_-./:=@%+,").contains(c);
    };
    if (!word.isEmpty() && std::all_of(word.begin(), word.end(), plain))
        return word;
    QString inner = word;
    return QLatin1Char('\'') + inner.replace(QLatin1Char('\''), QLatin1String("'\\''"))
           + QLatin1Char('\'');
}

} // namespace

QString ProgramUse::line() const
{
    QStringList words{quotedWord(program)};
    for (const QString &argument : arguments)
        words << quotedWord(argument);
    return words.join(QLatin1Char(' '));
}

QString ProgramUse::fingerprint() const
{
    // Lengths keep the words apart.
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const QStringList &words :
         {QStringList{program, QString::fromLatin1(sha256)}, arguments, environment}) {
        hash.addData(QByteArray::number(words.size()) + ';');
        for (const QString &word : words)
            hash.addData(QByteArray::number(word.toUtf8().size()) + ':' + word.toUtf8());
    }
    return QString::fromLatin1(hash.result().toHex().left(12));
}

QFuture<Result<QByteArray>> sha256Of(const QString &file)
{
    auto promise = std::make_shared<QPromise<Result<QByteArray>>>();
    promise->start();
    QThreadPool::globalInstance()->start([promise, file] {
        promise->addResult(hashed(file));
        promise->finish();
    });
    return promise->future();
}

QFuture<Result<ProgramUse>> located(const ProgramUse &wish, LoginPath &path, QObject *context)
{
    return askNext<ProgramUse>(
        path.find(wish.program), context,
        [wish, context](const Result<FoundProgram> &found) -> QFuture<Result<ProgramUse>> {
            if (!found)
                return ready<ProgramUse>(fail(found.error()));
            ProgramUse use = wish;
            use.program = found->file;
            return converted<ProgramUse>(
                sha256Of(use.program), context,
                [use](const Result<QByteArray> &sha) mutable -> Result<ProgramUse> {
                    if (!sha)
                        return fail(sha.error());
                    use.sha256 = *sha;
                    return use;
                });
        });
}

} // namespace pilothouse
