#pragma once

#include "base/programs/programconsent.h"

#include <QDateTime>
#include <QList>

namespace pilothouse {

/// How the user stands to a program with these arguments.
struct Consent
{
    enum class Standing {
        Unknown,
        Allowed,
        Changed, ///< allowed at `since`, but the program's file is another one now
    };
    Standing standing = Standing::Unknown;
    QDateTime since; ///< UTC
};

/// The programs that the user has allowed to run: a small file of the user's own, in no workspace,
/// readable by nobody else. It holds a program's path and hash, and of arguments and names of
/// variables only a digest. Read anew at each question, so that what another process of the user
/// allows counts at once.
class ConsentFile final
{
public:
    explicit ConsentFile(QString path);

    /// BadInput for a file that is there and cannot be understood.
    [[nodiscard]] Result<Consent> of(const ProgramUse &use) const;
    /// Takes the place of what was allowed of an earlier content. Unavailable if it cannot be
    /// written.
    [[nodiscard]] Result<void> allow(const ProgramUse &use, const QDateTime &at);
    /// NotFound if it was not allowed.
    [[nodiscard]] Result<void> withdraw(const ProgramUse &use);

private:
    struct Entry
    {
        QString program;
        QByteArray sha256;
        QByteArray manner; ///< digest of arguments and names of variables
        QDateTime at;
    };

    [[nodiscard]] Result<QList<Entry>> read() const;
    [[nodiscard]] Result<void> write(const QList<Entry> &entries) const;
    /// Takes out what is of the same program and manner; the number that went.
    static qsizetype takeOut(QList<Entry> &entries, const ProgramUse &use);

    QString m_path;
};

} // namespace pilothouse
