#pragma once

#include "base/result.h"

#include <QFuture>
#include <QObject>
#include <QStringList>

namespace pilothouse {

class LoginPath;

/// A program that somebody's configuration file wants to have run, as a person is asked about it.
/// The values of its variables may be secrets and are not told.
struct ProgramUse
{
    enum class Purpose {
        SignIn,  ///< prints a credential and ends
        Passage, ///< runs on, and a database is reached through it
    };

    QString program; ///< absolute path of the file
    QStringList arguments;
    QByteArray sha256;       ///< of the file, in hex
    QStringList environment; ///< names of the variables that are set for it, sorted
    QString askedBy;         ///< which file, and where in it
    Purpose purpose = Purpose::SignIn;

    /// The program with its arguments, as a line to read.
    [[nodiscard]] QString line() const;
    /// Tells it from every other program, content and manner of running it: 12 hex digits.
    [[nodiscard]] QString fingerprint() const;
    bool operator==(const ProgramUse &) const = default;
};

/// Whether such a program may run. Abstract so that tests ask nobody.
class ProgramConsent
{
public:
    virtual ~ProgramConsent() = default;

    /// Nothing, or SignedOut with how to allow it. May wait for a person.
    [[nodiscard]] virtual QFuture<Result<void>> ask(const ProgramUse &use) = 0;
};

/// SHA-256 of a file's content, in hex; read in a thread of its own. NotFound if it cannot be read.
[[nodiscard]] QFuture<Result<QByteArray>> sha256Of(const QString &file);

/// `wish` with its program found along the path, and hashed. The errors of LoginPath::find() and of
/// sha256Of().
[[nodiscard]] QFuture<Result<ProgramUse>> located(const ProgramUse &wish, LoginPath &path,
                                                  QObject *context);

} // namespace pilothouse
