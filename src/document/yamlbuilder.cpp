#include "document/yamlbuilder.h"

#include "base/words.h"
#include "document/scalarplace.h"

#include <algorithm>

namespace pilothouse {

namespace {

const QString &coreTagPrefix()
{
    static const QString prefix = QStringLiteral("tag:yaml.org,2002:");
    return prefix;
}

/// Missing where it is no list or map with a value in it.
YamlNode levelWithoutLast(const YamlNode &node, int levels)
{
    if (levels == 0 || (node.items().isEmpty() && node.entries().isEmpty()))
        return {};
    auto data = std::make_shared<YamlNode::Data>();
    data->kind = node.kind();
    data->at = node.at();
    data->tag = node.tag();
    data->items = node.items();
    data->entries = node.entries();
    YamlNode &last = node.isMap() ? data->entries.last().value : data->items.last();
    last = levelWithoutLast(last, levels - 1);
    if (last.isMissing() && node.isMap())
        data->entries.removeLast();
    else if (last.isMissing())
        data->items.removeLast();
    return YamlNode(data);
}

} // namespace

YamlBuilder::YamlBuilder(const QByteArray &content, Problems &problems, Strictness strictness,
                         const YamlLimits &limits)
    : m_content(content), m_problems(problems), m_strictness(strictness), m_limits(limits),
      m_ascii(std::none_of(content.begin(), content.end(), [](char c) { return c & 0x80; }))
{}

std::optional<Position> YamlBuilder::openedAt() const
{
    return m_open.empty() ? std::nullopt : std::optional(m_open.back().data->at);
}

YamlNode YamlBuilder::ended(int levels)
{
    if (m_open.empty())
        return m_root;
    m_open.resize(std::min(m_open.size(), size_t(levels)));
    for (; m_open.size() > 1; m_open.pop_back()) {
        const YamlNode value(m_open.back().data);
        Open &parent = m_open[m_open.size() - 2];
        if (parent.data->kind == YamlNode::Kind::Sequence)
            parent.data->items.append(value);
        else if (parent.key && !parent.key->dropped)
            parent.data->entries.append({parent.key->text, parent.key->at, value});
    }
    return m_open.empty() ? YamlNode() : YamlNode(m_open.front().data);
}

YamlNode YamlBuilder::withoutLast(int levels) const
{
    return levelWithoutLast(m_root, levels);
}

bool YamlBuilder::lastQuoteIsClosed() const
{
    qsizetype at = m_lastScalar;
    const auto skip = [&](auto stop) {
        while (at < m_content.size() && !stop(m_content[at]))
            ++at;
    };
    const auto isBlank = [](char c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    };
    while (at < m_content.size() && (m_content[at] == '&' || m_content[at] == '!')) {
        skip(isBlank);
        skip([&](char c) { return !isBlank(c); });
    }
    if (at >= m_content.size() || (m_content[at] != '"' && m_content[at] != '\''))
        return true;
    const char quote = m_content[at];
    for (++at; at < m_content.size(); ++at) {
        const bool escaped = quote == '"' ? m_content[at] == '\\' : m_content.mid(at, 2) == "''";
        if (escaped)
            ++at;
        else if (m_content[at] == quote)
            return true;
    }
    return false;
}

Position YamlBuilder::position(const YAML::Mark &mark)
{
    if (mark.is_null())
        return {};
    const int line = mark.line + 1;
    if (m_ascii)
        return {line, mark.column + 1};
    const qint64 to = std::min<qint64>(mark.pos, m_content.size());
    const qint64 from = std::max<qint64>(to - mark.column, 0);
    // Marks mostly move forward, so a long line is counted once and not for each value in it.
    if (from != m_countedFrom || to < m_countedTo) {
        m_countedFrom = from;
        m_countedTo = from;
        m_counted = 0;
    }
    m_counted += int(std::count_if(m_content.begin() + m_countedTo, m_content.begin() + to,
                                   [](char c) { return (c & 0xC0) != 0x80; }));
    m_countedTo = to;
    return {line, m_counted + 1};
}

void YamlBuilder::OnDocumentStart(const YAML::Mark &mark)
{
    if (++m_documents > 1)
        stop(position(mark), Words::tr("a second document begins here; expected one in a file"));
}

void YamlBuilder::OnNull(const YAML::Mark &mark, YAML::anchor_t anchor)
{
    auto data = std::make_shared<YamlNode::Data>();
    data->kind = YamlNode::Kind::Null;
    data->at = nullAt(mark);
    finish(data, anchor, data->at);
}

Position YamlBuilder::nullAt(const YAML::Mark &mark)
{
    // For a value that is left out the mark is that of whatever comes next, often lines below.
    const QByteArray written = m_content.mid(mark.pos, 4);
    if (m_open.empty() || written.startsWith('~') || written.toLower() == "null")
        return position(mark);
    const Open &parent = m_open.back();
    if (parent.data->kind == YamlNode::Kind::Sequence)
        return parent.data->at;
    return parent.key ? parent.key->at : position(mark);
}

void YamlBuilder::OnAlias(const YAML::Mark &mark, YAML::anchor_t anchor)
{
    const Position at = position(mark);
    const auto known = m_anchors.constFind(anchor);
    if (known == m_anchors.constEnd())
        stop(at, Words::tr("this alias stands inside the value it refers to"));
    add(*known, at);
}

void YamlBuilder::OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                           const std::string &value)
{
    auto data = std::make_shared<YamlNode::Data>();
    data->kind = YamlNode::Kind::Scalar;
    data->at = position(mark);
    data->text = QString::fromStdString(value);
    data->textAt = scalarPlace(m_content, mark.pos, data->at, value);
    data->tag = knownTag(tag, data->at);
    m_lastScalar = mark.pos;
    m_lastScalarAt = data->at;
    // yaml-cpp's own marks for "no tag": "?" after a plain scalar, "!" after a quoted one.
    data->plain
        = tag == "?" || (!data->tag.isEmpty() && !data->tag.endsWith(QLatin1String(":str")));
    finish(data, anchor, data->at);
}

void YamlBuilder::OnSequenceStart(const YAML::Mark &mark, const std::string &tag,
                                  YAML::anchor_t anchor, YAML::EmitterStyle::value)
{
    open(YamlNode::Kind::Sequence, mark, tag, anchor);
}

void YamlBuilder::OnSequenceEnd()
{
    close();
}

void YamlBuilder::OnMapStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value)
{
    open(YamlNode::Kind::Map, mark, tag, anchor);
}

void YamlBuilder::OnMapEnd()
{
    close();
}

void YamlBuilder::open(YamlNode::Kind kind, const YAML::Mark &mark, const std::string &tag,
                       YAML::anchor_t anchor)
{
    Open container;
    container.data = std::make_shared<YamlNode::Data>();
    container.data->kind = kind;
    container.data->at = position(mark);
    container.data->tag = knownTag(tag, container.data->at);
    container.anchor = anchor;
    if (int(m_open.size()) >= m_limits.depth) {
        stop(container.data->at, Words::tr("nested more than %1 levels deep").arg(m_limits.depth));
    }
    m_open.push_back(std::move(container));
}

void YamlBuilder::close()
{
    const Open closed = std::move(m_open.back());
    m_open.pop_back();
    finish(closed.data, closed.anchor, closed.data->at);
}

void YamlBuilder::finish(const std::shared_ptr<YamlNode::Data> &data, YAML::anchor_t anchor,
                         const Position &at)
{
    const Built built{YamlNode(data), data->height, data->expanded};
    if (anchor != YAML::NullAnchor)
        m_anchors.insert(anchor, built);
    add(built, at);
}

void YamlBuilder::add(const Built &built, const Position &at)
{
    // Checked here and not at the end: an alias bomb is small on disk and in our shared tree, and
    // only grows when somebody walks it.
    if (int(m_open.size()) + built.height > m_limits.depth)
        stop(at, Words::tr("nested more than %1 levels deep").arg(m_limits.depth));
    if (m_open.empty()) {
        m_root = built.node;
        return;
    }
    Open &parent = m_open.back();
    YamlNode::Data &data = *parent.data;
    data.height = std::max(data.height, built.height + 1);
    data.expanded += built.expanded;
    if (++m_values > m_limits.values || data.expanded > m_limits.values) {
        stop(at, Words::tr("more than %L1 values, aliases counted as often as they are used")
                     .arg(m_limits.values));
    }
    if (data.kind == YamlNode::Kind::Sequence) {
        data.items.append(built.node);
    } else if (!parent.key) {
        parent.key = makeKey(parent, built.node, at);
    } else {
        if (!parent.key->dropped)
            data.entries.append({parent.key->text, parent.key->at, built.node});
        parent.key.reset();
    }
}

YamlBuilder::Key YamlBuilder::makeKey(Open &map, const YamlNode &node, const Position &at)
{
    Key key{node.text(), at, true};
    if (node.isNull()) {
        warn(at, Words::tr("this key is empty; expected a name before the colon"));
    } else if (!node.isScalar()) {
        warn(at, Words::tr("a list or map stands as a key; expected a name before the colon"));
    } else if (node.isPlain() && key.text == QLatin1String("<<")) {
        warn(at,
             Words::tr("the merge key \"<<\" is not read here; expected the keys themselves, or "
                       "an alias for the whole value"));
    } else if (map.seen.contains(key.text)) {
        warn(at, Words::tr("\"%1\" stands twice in this map; the first one is in line %2")
                     .arg(key.text)
                     .arg(map.seen.value(key.text).line));
    } else {
        map.seen.insert(key.text, at);
        key.dropped = false;
    }
    return key;
}

QString YamlBuilder::knownTag(const std::string &tag, const Position &at)
{
    if (tag.empty() || tag == "?" || tag == "!")
        return {};
    QString text = QString::fromStdString(tag);
    if (m_strictness == Strictness::Strict && !text.startsWith(coreTagPrefix()))
        warn(at, Words::tr("the tag \"%1\" is not known here; expected a plain value").arg(text));
    return text;
}

void YamlBuilder::warn(const Position &at, const QString &message, const QString &hint)
{
    m_problems.add(at, message, hint,
                   m_strictness == Strictness::Strict ? Problem::Severity::Error
                                                      : Problem::Severity::Warning);
}

void YamlBuilder::stop(const Position &at, const QString &message)
{
    m_problems.add(at, message);
    throw Stop();
}

} // namespace pilothouse
