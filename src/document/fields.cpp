#include "document/fields.h"

#include "base/words.h"
#include "document/nearestword.h"

namespace pilothouse {

QString describe(const YamlNode &node)
{
    switch (node.kind()) {
    case YamlNode::Kind::Missing:
    case YamlNode::Kind::Null:
        return Words::tr("nothing");
    case YamlNode::Kind::Sequence:
        return Words::tr("a list");
    case YamlNode::Kind::Map:
        return Words::tr("a map");
    case YamlNode::Kind::Scalar:
        break;
    }
    const QString text = node.text().simplified();
    return QStringLiteral("\"%1\"").arg(text.size() > 40 ? text.left(39) + QChar(0x2026) : text);
}

Fields::Fields(const YamlNode &map, QString what, Problems &problems, Strictness strictness)
    : m_map(map), m_what(std::move(what)), m_problems(problems), m_strictness(strictness)
{
    if (!map.isMap() && !map.isMissing()) {
        m_problems.add(map.at(),
                       Words::tr("expected a map for %1, found %2").arg(m_what, describe(map)));
    }
}

Fields::~Fields()
{
    if (!m_map.isMap())
        return;
    if (m_strictness == Strictness::Strict) {
        QStringList absent;
        for (const QString &key : std::as_const(m_known)) {
            if (!m_map.contains(key))
                absent.append(key);
        }
        for (const YamlNode::Entry &entry : m_map.entries()) {
            if (m_known.contains(entry.key))
                continue;
            // A key that is there already cannot have been meant, unless nothing else is near.
            QString hint = nearestWord(entry.key, absent);
            if (hint.isEmpty())
                hint = nearestWord(entry.key, m_known);
            if (m_restIgnored && !m_missed.contains(hint))
                continue;
            m_problems.add(entry.keyAt,
                           Words::tr("\"%1\" is no key of %2; expected one of %3")
                               .arg(entry.key, m_what, m_known.join(QStringLiteral(", "))),
                           hint);
            // One slip of the finger, one message.
            m_missed.removeAll(hint);
        }
    }
    for (const QString &key : std::as_const(m_missed)) {
        m_problems.add(m_map.at(), Words::tr("expected the key \"%1\" in %2").arg(key, m_what));
    }
}

bool Fields::has(const char *key) const
{
    return m_map.contains(QString(QLatin1String(key)));
}

YamlNode Fields::take(const char *key, Need need)
{
    const QString name = QLatin1String(key);
    if (!m_known.contains(name))
        m_known.append(name);
    YamlNode value = m_map.value(name);
    if (value.isMissing() && need == Need::Required && !m_missed.contains(name))
        m_missed.append(name);
    if (value.isNull() && need == Need::Optional && m_strictness == Strictness::Lenient)
        return {};
    return value;
}

void Fields::expected(const char *key, const QString &what, const YamlNode &value,
                      const QString &hint)
{
    const Position at = value.at();
    m_problems.add(
        at.line > 0 ? at : m_map.keyAt(QString(QLatin1String(key))),
        Words::tr("%1: expected %2, found %3").arg(QLatin1String(key), what, describe(value)),
        hint);
}

QList<YamlNode> Fields::list(const char *key, Need need)
{
    const YamlNode value = take(key, need);
    if (value.isMissing())
        return {};
    const bool wantsOne = need == Need::Required && m_strictness == Strictness::Strict;
    if (!value.isSequence())
        expected(key, Words::tr("a list"), value);
    else if (value.items().isEmpty() && wantsOne)
        m_problems.add(
            value.at(),
            Words::tr("%1: expected at least one element in the list").arg(QLatin1String(key)));
    return value.items();
}

QStringList Fields::texts(const char *key, Need need)
{
    return readTexts(key, list(key, need));
}

QStringList Fields::textOrTexts(const char *key, Need need)
{
    const YamlNode value = take(key, need);
    if (value.isMissing())
        return {};
    return readTexts(key, value.isSequence() ? value.items() : QList<YamlNode>{value});
}

QStringList Fields::readTexts(const char *key, const QList<YamlNode> &items)
{
    QStringList texts;
    for (const YamlNode &item : items) {
        if (item.isScalar() && (!item.text().isEmpty() || m_strictness == Strictness::Lenient))
            texts.append(item.text());
        else
            expected(key, Words::tr("text"), item);
    }
    return texts;
}

QList<YamlNode::Entry> Fields::entries(const char *key, Need need)
{
    return map(key, need).entries();
}

YamlNode Fields::map(const char *key, Need need)
{
    YamlNode value = take(key, need);
    if (value.isMissing() || value.isMap())
        return value;
    expected(key, Words::tr("a map"), value);
    return {};
}

YamlNode Fields::node(const char *key, Need need)
{
    return take(key, need);
}

void Fields::ignore(const char *key)
{
    m_known.append(QLatin1String(key));
}

void Fields::report(const char *key, const QString &message, const QString &hint)
{
    const YamlNode value = m_map.value(QString(QLatin1String(key)));
    m_problems.add(value.isMissing() ? m_map.at() : value.at(), message, hint);
}

} // namespace pilothouse
