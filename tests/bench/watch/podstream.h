#pragma once

#include <QByteArrayList>
#include <QList>
#include <QStringList>

namespace pilothouse::bench {

/// A namespace full of pods and the changes that come to them, as text, the same each time. Every
/// pod changes once at most, and each change shows in the end: some become ready, some go, some
/// come. A tenth of all is the candidate's.
class PodStream
{
public:
    PodStream(int pods, int changes);

    /// The objects of the list, as it is before the first change.
    [[nodiscard]] QByteArrayList listed() const;
    /// The line that a watch sends for one change, from 0 on.
    [[nodiscard]] QByteArray change(int number) const;
    [[nodiscard]] int changes() const { return int(m_changes.size()); }

    /// Sorted names of the pods behind a Service at the end; all of them are ready.
    [[nodiscard]] QStringList atLast(const QString &service) const;

    [[nodiscard]] static QString stable() { return QStringLiteral("context-intelligence"); }
    [[nodiscard]] static QString candidate() { return stable() + QStringLiteral("-canary"); }
    /// Version of the list; the first change has the next one.
    [[nodiscard]] static int firstVersion() { return 100'000; }

private:
    enum class Fate { Stays, BecomesReady, Goes, Comes };
    struct Change
    {
        int pod;
        Fate fate;
    };
    enum class Readiness { Ready, Waiting };

    [[nodiscard]] static QByteArray pod(int number, Readiness readiness, int version);
    [[nodiscard]] static QString nameOf(int number);
    [[nodiscard]] static QString serviceOf(int number);

    int m_listed;
    QList<Fate> m_fates; ///< by pod; those that come stand behind those that are listed
    QList<Change> m_changes;
};

} // namespace pilothouse::bench
