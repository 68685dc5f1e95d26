#include "document/yamlnode.h"

namespace pilothouse {

namespace {

const YamlNode::Data &missing()
{
    static const YamlNode::Data data;
    return data;
}

const YamlNode::Entry *find(const QList<YamlNode::Entry> &entries, QStringView key)
{
    for (const YamlNode::Entry &entry : entries) {
        if (entry.key == key)
            return &entry;
    }
    return nullptr;
}

} // namespace

YamlNode::YamlNode(std::shared_ptr<const Data> data) : m_data(std::move(data)) {}

YamlNode::Kind YamlNode::kind() const
{
    return m_data ? m_data->kind : Kind::Missing;
}

Position YamlNode::at() const
{
    return m_data ? m_data->at : Position();
}

QString YamlNode::text() const
{
    return m_data ? m_data->text : QString();
}

Position YamlNode::textAt() const
{
    return m_data ? m_data->textAt : Position();
}

bool YamlNode::isPlain() const
{
    return m_data && m_data->plain;
}

QString YamlNode::tag() const
{
    return m_data ? m_data->tag : QString();
}

const QList<YamlNode> &YamlNode::items() const
{
    return m_data ? m_data->items : missing().items;
}

const QList<YamlNode::Entry> &YamlNode::entries() const
{
    return m_data ? m_data->entries : missing().entries;
}

bool YamlNode::contains(QStringView key) const
{
    return find(entries(), key) != nullptr;
}

YamlNode YamlNode::value(QStringView key) const
{
    const Entry *entry = find(entries(), key);
    return entry ? entry->value : YamlNode();
}

Position YamlNode::keyAt(QStringView key) const
{
    const Entry *entry = find(entries(), key);
    return entry ? entry->keyAt : Position();
}

} // namespace pilothouse
