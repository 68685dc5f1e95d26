#include "pipeline/reading/keys.h"

#include "base/words.h"
#include "document/fields.h"
#include "document/nearestword.h"

#include <QHash>
#include <QRegularExpression>

namespace pilothouse {

namespace {

bool holdsExpression(const YamlNode &node)
{
    return node.isScalar() && node.text().contains(QLatin1String("${{"));
}

bool isFlag(const YamlNode &node)
{
    static const QRegularExpression flag(QStringLiteral("^(true|True|TRUE|false|False|FALSE)$"));
    return node.isPlain() && flag.match(node.text()).hasMatch();
}

bool isNumber(const YamlNode &node)
{
    static const QRegularExpression number(
        QStringLiteral("^([-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+|"
                       "0x[0-9a-fA-F]+)$"));
    return node.isPlain() && number.match(node.text()).hasMatch();
}

/// Keys that have a meaning somewhere, and are likely to stand elsewhere by their indentation.
bool belongsSomewhere(const QString &key)
{
    static const QStringList all
        = QStringLiteral("on jobs permissions env defaults concurrency needs if "
                         "runs-on environment outputs strategy matrix fail-fast "
                         "max-parallel container services steps uses run with "
                         "secrets shell working-directory timeout-minutes "
                         "continue-on-error branches tags paths types inputs")
              .split(QLatin1Char(' '));
    return all.contains(key);
}

QString wanted(Form form)
{
    switch (form) {
    case Form::Flag:
        return Words::tr("true or false");
    case Form::Number:
        return Words::tr("a number");
    case Form::Text:
    case Form::Name:
        break;
    }
    return Words::tr("a text");
}

bool suits(const YamlNode &node, Form form)
{
    switch (form) {
    case Form::Text:
        return node.isScalar() || node.isNull();
    case Form::Name:
        return node.isScalar() && !node.text().isEmpty();
    case Form::Flag:
        return isFlag(node);
    case Form::Number:
        return isNumber(node);
    }
    return false;
}

} // namespace

WorkflowText readText(const YamlNode &node, const Position &place, const QString &what, Form form,
                      Scope scope, Problems &problems)
{
    if (node.isMissing())
        return {};
    if (holdsExpression(node)) {
        if (scope == Scope::None)
            problems.add(place, Words::tr("%1 cannot have an expression").arg(what));
        else
            checkExpressions(node.text(), place, scope, problems);
        return {node.text(), place, node.textAt()};
    }
    if (!suits(node, form)) {
        problems.add(
            place,
            Words::tr("expected %1 as %2, found %3").arg(wanted(form), what, describe(node)));
        return {};
    }
    return {form == Form::Flag ? node.text().toLower() : node.text(), place, node.textAt()};
}

void checkKeysDiffer(const YamlNode &map, Problems &problems)
{
    QHash<QString, int> lines;
    for (const YamlNode::Entry &entry : map.entries()) {
        const QString lower = entry.key.toLower();
        if (lines.contains(lower))
            problems.add(entry.keyAt,
                         Words::tr("\"%1\" stands twice in this map, since case does not count; "
                                   "the first one is in line %2")
                             .arg(entry.key)
                             .arg(lines.value(lower)));
        else
            lines.insert(lower, entry.keyAt.line);
    }
}

Keys::Keys(const YamlNode &map, QString what, Problems &problems)
    : m_map(map), m_what(std::move(what)), m_problems(problems)
{
    checkKeysDiffer(m_map, m_problems);
}

Keys::~Keys()
{
    for (const YamlNode::Entry &entry : m_map.entries()) {
        if (m_known.contains(entry.key))
            continue;
        const QString near = nearestWord(entry.key, m_known);
        if (!near.isEmpty() || belongsSomewhere(entry.key))
            m_problems.add(
                entry.keyAt,
                Words::tr("\"%1\" is no key of %2 that is known here").arg(entry.key, m_what), near,
                Problem::Severity::Warning);
    }
}

YamlNode Keys::node(const QString &key)
{
    if (!m_known.contains(key))
        m_known.append(key);
    return m_map.value(key);
}

Position Keys::placeOf(const QString &key) const
{
    const Position at = m_map.value(key).at();
    return at.line > 0 ? at : m_map.keyAt(key);
}

WorkflowText Keys::text(const QString &key, Form form, Scope scope)
{
    return readText(node(key), placeOf(key), QLatin1Char('"') + key + QLatin1Char('"'), form, scope,
                    m_problems);
}

WorkflowText Keys::condition(Scope scope)
{
    WorkflowText condition = text(QStringLiteral("if"), Form::Text, scope);
    checkCondition(condition.text, condition.at, scope, m_problems);
    return condition;
}

WorkflowTexts Keys::texts(const QString &key, Scope scope)
{
    const YamlNode value = node(key);
    WorkflowTexts read;
    if (value.isMissing())
        return read;
    read.at = keyAt(key);
    const QString what = QLatin1Char('"') + key + QLatin1Char('"');
    const auto take = [&](const YamlNode &item, const Position &place) {
        if (const WorkflowText text = readText(item, place, what, Form::Name, scope, m_problems);
            text.isGiven())
            read.items.append(text);
    };
    if (value.isSequence()) {
        for (const YamlNode &item : value.items())
            take(item, item.at().line > 0 ? item.at() : read.at);
    } else {
        take(value, placeOf(key));
    }
    return read;
}

WorkflowSettings Keys::settings(const QString &key, Scope values, Scope whole)
{
    const YamlNode value = node(key);
    WorkflowSettings read;
    if (value.isMissing())
        return read;
    read.at = keyAt(key);
    if (holdsExpression(value)) {
        read.expression = readText(value, placeOf(key), QLatin1Char('"') + key + QLatin1Char('"'),
                                   Form::Text, whole, m_problems);
        return read;
    }
    if (!value.isMap()) {
        expected(key, Words::tr("keys and values"));
        return read;
    }
    checkKeysDiffer(value, m_problems);
    for (const YamlNode::Entry &entry : value.entries()) {
        const Position place = entry.value.at().line > 0 ? entry.value.at() : entry.keyAt;
        read.entries.append(
            {entry.key, entry.keyAt,
             readText(entry.value, place, Words::tr("value of \"%1\"").arg(entry.key), Form::Text,
                      values, m_problems)});
    }
    return read;
}

QString Keys::newKey(const QStringList &others) const
{
    const QStringList known = m_known + others;
    for (const YamlNode::Entry &entry : m_map.entries()) {
        if (nearestWord(entry.key, known).isEmpty() && !belongsSomewhere(entry.key))
            return entry.key;
    }
    return {};
}

void Keys::reportUnlessNew(const Position &at, const QString &message, const QString &newKey)
{
    if (newKey.isEmpty())
        report(at, message);
    else
        m_problems.add(
            at, Words::tr("%1; \"%2\" is not known here and may change that").arg(message, newKey),
            {}, Problem::Severity::Warning);
}

void Keys::report(const Position &at, const QString &message, const QString &hint)
{
    m_problems.add(at, message, hint);
}

void Keys::expected(const QString &key, const QString &what)
{
    report(
        placeOf(key),
        Words::tr("expected %1 under \"%2\", found %3").arg(what, key, describe(m_map.value(key))));
}

} // namespace pilothouse
