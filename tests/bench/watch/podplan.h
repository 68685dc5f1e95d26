#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

namespace pilothouse::bench {

/// A namespace full of pods and what is done to them while somebody watches, the same each time.
/// Each pod is changed once at most: some become ready, some go, some come and become ready. A
/// tenth of all is the candidate's.
class PodPlan
{
public:
    enum class Fate { Stays, BecomesReady, Goes, Comes };
    enum class Readiness { Ready, Waiting };

    /// `changes` is how many a watch sees in all; one that comes is seen twice, and so is one that
    /// goes: first the server marks it as going.
    PodPlan(int pods, int changes);

    [[nodiscard]] int pods() const { return m_pods; }
    /// Of every pod; those that come stand behind those that are there from the beginning.
    [[nodiscard]] const QList<Fate> &fates() const { return m_fates; }
    /// Those that are changed, in the order in which it happens.
    [[nodiscard]] const QList<int> &order() const { return m_order; }

    /// As whoever makes it writes it, the size of a real one.
    [[nodiscard]] static QByteArray manifest(int pod);
    /// A merge patch, as of the node that runs it.
    [[nodiscard]] static QByteArray status(int pod, Readiness readiness);
    [[nodiscard]] static QString nameOf(int pod);
    [[nodiscard]] static QString serviceOf(int pod);
    [[nodiscard]] static QString stable() { return QStringLiteral("context-intelligence"); }
    [[nodiscard]] static QString candidate() { return stable() + QStringLiteral("-canary"); }

private:
    int m_pods;
    QList<Fate> m_fates;
    QList<int> m_order;
};

} // namespace pilothouse::bench
