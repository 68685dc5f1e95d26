#pragma once

#include "document/position.h"

#include <QList>
#include <QString>

#include <memory>

namespace pilothouse {

/// One value of a YAML file: immutable, implicitly shared (an alias and its anchor are one value),
/// safe to hand to another thread. Scalars keep their text; what type it is, its reader decides.
class YamlNode
{
public:
    enum class Kind {
        Missing, ///< no such key, or the file could not be read
        Null,    ///< nothing after the colon, or null, or ~
        Scalar,
        Sequence,
        Map,
    };
    struct Entry;
    struct Data;

    YamlNode() = default;
    explicit YamlNode(std::shared_ptr<const Data> data);

    [[nodiscard]] Kind kind() const;
    [[nodiscard]] bool isMissing() const { return kind() == Kind::Missing; }
    [[nodiscard]] bool isNull() const { return kind() == Kind::Null; }
    [[nodiscard]] bool isScalar() const { return kind() == Kind::Scalar; }
    [[nodiscard]] bool isSequence() const { return kind() == Kind::Sequence; }
    [[nodiscard]] bool isMap() const { return kind() == Kind::Map; }

    /// Where the value begins, its anchor and tag included; for an alias, where the anchored value
    /// stands; for a value that is left out, its key.
    [[nodiscard]] Position at() const;
    /// Text of a scalar, else empty.
    [[nodiscard]] QString text() const;
    /// Where the text of a scalar begins, if its lines are lines of the file; else line 0.
    [[nodiscard]] Position textAt() const;
    /// A scalar without quotes, block style or !!str: it may be read as a number or as true/false.
    [[nodiscard]] bool isPlain() const;
    /// An explicit tag ("!Ref", "tag:yaml.org,2002:str"); empty = none.
    [[nodiscard]] QString tag() const;

    /// Elements of a sequence, in order; else empty.
    [[nodiscard]] const QList<YamlNode> &items() const;
    /// Entries of a map in the file's order, keys unique; else empty.
    [[nodiscard]] const QList<Entry> &entries() const;

    [[nodiscard]] bool contains(QStringView key) const;
    /// Value of a map's key; Missing if there is none.
    [[nodiscard]] YamlNode value(QStringView key) const;
    /// Where the key itself stands; line 0 if there is none.
    [[nodiscard]] Position keyAt(QStringView key) const;

private:
    std::shared_ptr<const Data> m_data;
};

/// One "key: value" of a map.
struct YamlNode::Entry
{
    QString key;
    Position keyAt;
    YamlNode value;
};

/// What a node holds; only the parser makes these.
struct YamlNode::Data
{
    Kind kind = Kind::Missing;
    Position at;
    QString text;
    Position textAt;
    QString tag;
    bool plain = false;
    QList<YamlNode> items;
    QList<Entry> entries;
    int height = 1;      ///< levels of nesting from here down, aliases followed
    qint64 expanded = 1; ///< values from here down, aliases counted as often as they stand
};

} // namespace pilothouse
