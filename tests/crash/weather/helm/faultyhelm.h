#pragma once

#include "base/commandrunner.h"

#include <QTemporaryDir>

namespace pilothouse {

/// One way in which the program helm goes wrong at a write.
struct HelmFault
{
    enum class Cluster {
        Untouched, ///< nothing was done
        Done,      ///< all was done, whatever the program says
        Locked,    ///< it was ended while it held the lock of the release
    };
    QByteArray name;
    QByteArray script; ///< of a shell, in the place of helm; `helm` is the real one
    Cluster cluster = Cluster::Untouched;
    bool ends = true;   ///< by itself
    bool lasts = false; ///< at every later write of the kind too
};

[[nodiscard]] const QList<HelmFault> &helmFaults();

/// A helm that goes wrong once, at the next write of a kind; at all else it is the real one. A
/// program that does not end is waited for much less long than in life.
class FaultyHelm final : public CommandRunner
{
public:
    explicit FaultyHelm(const QString &helm);

    /// What to start in the place of helm.
    [[nodiscard]] QString program() const;
    /// `verb` is "upgrade" or "rollback".
    void arm(const HelmFault &fault, const QString &verb);
    /// It has gone wrong; true before the first arm().
    [[nodiscard]] bool hasStruck() const;

    [[nodiscard]] QFuture<Result<CommandOutput>> run(const Command &command) override;

private:
    [[nodiscard]] QString file(const char *name) const;
    void write(const char *name, const QByteArray &text) const;

    [[nodiscard]] bool strikes(const Command &command) const;

    QTemporaryDir m_folder;
    ProcessRunner m_runner;
    HelmFault m_fault;
    QString m_verb;
};

} // namespace pilothouse
