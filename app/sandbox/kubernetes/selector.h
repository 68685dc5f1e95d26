#pragma once

#include <QJsonObject>
#include <QString>

#include <tl/expected.hpp>

namespace pilothouse::sandbox {

/// A label selector ("a=b,c!=d,e in (x,y),f,!g") or a field selector over metadata.name,
/// metadata.namespace and status.phase.
class Selector
{
public:
    enum class Of { Labels, Fields };

    /// The error is the server's own sentence.
    [[nodiscard]] static tl::expected<Selector, QString> parse(const QString &text, Of of);
    [[nodiscard]] bool matches(const QJsonObject &object) const;

private:
    struct Term
    {
        enum class Kind { In, NotIn, Exists, Absent };
        QString key;
        Kind kind = Kind::In;
        QStringList values;
    };

    Of m_of = Of::Labels;
    QList<Term> m_terms;
};

} // namespace pilothouse::sandbox
