#include "release/compare/valuesdifference.h"

#include "base/words.h"
#include "document/yamlparser.h"
#include "logs/masking.h"

#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {

namespace {

/// A scalar so that two of the same text and another type differ: 1 and "1".
QString scalarText(const YamlNode &node)
{
    static const QRegularExpression typed(
        QStringLiteral("^(|~|null|true|false|yes|no|on|off|[-+.]?[0-9].*)$"),
        QRegularExpression::CaseInsensitiveOption);
    QString text = node.text();
    if (node.isPlain())
        return text;
    text.replace(QLatin1Char('\n'), QStringLiteral("\\n"));
    return typed.match(text).hasMatch() ? QLatin1Char('"') + text + QLatin1Char('"') : text;
}

/// The whole value on one line.
QString flowText(const YamlNode &node)
{
    QStringList parts;
    switch (node.kind()) {
    case YamlNode::Kind::Missing:
        return {};
    case YamlNode::Kind::Null:
        return QStringLiteral("null");
    case YamlNode::Kind::Scalar:
        return scalarText(node);
    case YamlNode::Kind::Sequence:
        for (const YamlNode &item : node.items())
            parts.append(flowText(item));
        return QLatin1Char('[') + parts.join(QStringLiteral(", ")) + QLatin1Char(']');
    case YamlNode::Kind::Map:
        for (const YamlNode::Entry &entry : node.entries())
            parts.append(entry.key + QStringLiteral(": ") + flowText(entry.value));
        return QLatin1Char('{') + parts.join(QStringLiteral(", ")) + QLatin1Char('}');
    }
    return {};
}

QString below(const QString &key, const QString &child)
{
    const QString part
        = child.contains(QLatin1Char('.')) ? QLatin1Char('"') + child + QLatin1Char('"') : child;
    return key.isEmpty() ? part : key + QLatin1Char('.') + part;
}

bool looksSecret(const QString &key)
{
    static const QRegularExpression secret(
        QStringLiteral("(passw(or)?d|secret|token|api_?key|private_?key|credentials?)$"),
        QRegularExpression::CaseInsensitiveOption);
    return secret.match(key).hasMatch();
}

class ValueWalk
{
public:
    explicit ValueWalk(QList<ValueDifference> &found) : m_found(found) {}

    void compare(const QString &key, const YamlNode &before, const YamlNode &after)
    {
        if (before.isMap() && after.isMap()) {
            maps(key, before, after);
            return;
        }
        if (before.isSequence() && after.isSequence()
            && before.items().size() == after.items().size()) {
            for (qsizetype i = 0; i < after.items().size(); ++i)
                compare(key + QStringLiteral("[%1]").arg(i), before.items()[i], after.items()[i]);
            return;
        }
        // What comes or goes as a map is told by its values.
        if (before.isMap() && after.isMissing() && !before.entries().isEmpty()) {
            for (const YamlNode::Entry &entry : before.entries())
                compare(below(key, entry.key), entry.value, {});
            return;
        }
        if (after.isMap() && before.isMissing() && !after.entries().isEmpty()) {
            for (const YamlNode::Entry &entry : after.entries())
                compare(below(key, entry.key), {}, entry.value);
            return;
        }
        const QString old = flowText(before);
        const QString now = flowText(after);
        if (old != now || before.isMissing() != after.isMissing())
            m_found.append({key, shown(key, before, old), shown(key, after, now)});
    }

private:
    void maps(const QString &key, const YamlNode &before, const YamlNode &after)
    {
        for (const YamlNode::Entry &entry : after.entries())
            compare(below(key, entry.key), before.value(entry.key), entry.value);
        for (const YamlNode::Entry &entry : before.entries()) {
            if (!after.contains(entry.key))
                compare(below(key, entry.key), entry.value, {});
        }
    }

    static QString shown(const QString &key, const YamlNode &node, const QString &text)
    {
        if (looksSecret(key) && node.isScalar())
            return QStringLiteral("***");
        return QString::fromUtf8(maskTokens(text.toUtf8()));
    }

    QList<ValueDifference> &m_found;
};

/// Nothing but remarks: no values, as an empty file has none.
bool hasNoValues(const QByteArray &content)
{
    const QList<QByteArray> lines = content.split('\n');
    return std::all_of(lines.cbegin(), lines.cend(), [](const QByteArray &line) {
        const QByteArray text = line.trimmed();
        return text.isEmpty() || text.startsWith('#') || text == "---";
    });
}

YamlNode valuesRoot(const QString &path, const QByteArray &content, QString &problem)
{
    if (hasNoValues(content))
        return {};
    Problems problems(path);
    YamlNode root = parseYaml(content, problems, Strictness::Lenient);
    if (problem.isEmpty() && !problems.isEmpty())
        problem = problems.list().first().toString();
    return root;
}

} // namespace

ValuesFile valuesDifference(const QString &path, const QByteArray &before, const QByteArray &after)
{
    ValuesFile file;
    file.path = path;
    const YamlNode old = valuesRoot(path, before, file.problem);
    const YamlNode now = valuesRoot(path, after, file.problem);
    const auto usable = [](const YamlNode &root, const QByteArray &content) {
        return root.isMap() || root.isNull() || hasNoValues(content);
    };
    if (!usable(old, before) || !usable(now, after)) {
        if (file.problem.isEmpty())
            file.problem = Words::tr("%1 is no map of values").arg(path);
        return file;
    }
    ValueWalk walk(file.differences);
    const auto rootOf = [](const YamlNode &root) {
        return root.isMap() ? root : YamlNode();
    };
    walk.compare({}, rootOf(old), rootOf(now));
    return file;
}

} // namespace pilothouse
