#pragma once

#include <QByteArrayList>
#include <QStringList>

namespace pilothouse::bench {

class PodPlan;

/// What a real kube-apiserver said to somebody who watched a namespace full of pods, byte by byte:
/// the pods that were there, and each change.
class PodRecording
{
public:
    /// Carries the plan out on an API server of its own and keeps what a watch sees in `folder`.
    /// Takes about a minute. Empty, or what failed.
    [[nodiscard]] static QString make(const PodPlan &plan, const QString &folder);
    [[nodiscard]] static bool isThere(const QString &folder);

    /// Ends the program where there is none.
    explicit PodRecording(const QString &folder);

    /// The objects of the list, as it was before the first change.
    [[nodiscard]] const QByteArrayList &listed() const { return m_listed; }
    /// The lines that the watch sent.
    [[nodiscard]] const QByteArrayList &changes() const { return m_changes; }
    /// resourceVersion of the list; every change has a later one.
    [[nodiscard]] QByteArray version() const { return m_version; }

    /// Sorted names of the pods behind a Service at the end; all of them are ready. Read by itself,
    /// without the recording.
    [[nodiscard]] static QStringList atLast(const QString &folder, const QString &service);

private:
    QByteArrayList m_listed;
    QByteArrayList m_changes;
    QByteArray m_version;
};

} // namespace pilothouse::bench
