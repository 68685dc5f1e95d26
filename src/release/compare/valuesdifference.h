#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

namespace pilothouse {

/// One value of a chart that is not the same.
struct ValueDifference
{
    QString key;    ///< dotted, with [n] for an element of a list; a key with a dot is quoted
    QString before; ///< one line, as YAML would have it; empty = not there
    QString after;

    bool operator==(const ValueDifference &) const = default;
};

struct ValuesFile
{
    QString path;
    QList<ValueDifference> differences; ///< in the order of the file
    QString problem; ///< why it could not be read, or what was left out; empty = nothing

    bool operator==(const ValuesFile &) const = default;
};

/// What differs between two versions of a values file; an empty one is a file that is not there.
/// Anchors are followed. Lists of the same length are compared element by element, others as a
/// whole. Values that look secret (by their key, or as a known form of token) are masked. Pure.
[[nodiscard]] ValuesFile valuesDifference(const QString &path, const QByteArray &before,
                                          const QByteArray &after);

} // namespace pilothouse
