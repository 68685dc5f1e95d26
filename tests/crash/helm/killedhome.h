#pragma once

#include "journal/journal.h"

#include <QProcess>
#include <QTemporaryDir>

namespace pilothouse {

/// One console of its own: a home, a workspace with the track "standalone", and the journal that it
/// leaves, for a test that kills it (SIGKILL) when it sees in the world what it waits for.
class KilledHome
{
public:
    struct Said
    {
        int exitCode = -1;
        QByteArray printed;
        QByteArray complained;

        /// What the dialog asks to type, of a shown action; empty = none was shown.
        [[nodiscard]] QString token() const;
    };

    /// `control` is the track's, as YAML.
    explicit KilledHome(const QByteArray &control);

    /// `pilothouse-cli`, in this home.
    void start(QProcess &process, const QStringList &arguments) const;
    Said run(const QStringList &arguments) const;

    /// How long the journal's log is, in bytes: it grows with each record.
    [[nodiscard]] qint64 written() const;
    /// Oldest first; none if there is no journal.
    [[nodiscard]] QList<Record> records(ChainState &chain) const;
    [[nodiscard]] static QList<Record> openIntents(const QList<Record> &records);

private:
    [[nodiscard]] QString workspaceFile() const;
    [[nodiscard]] QString journalFile() const;

    QTemporaryDir m_folder;
};

} // namespace pilothouse
