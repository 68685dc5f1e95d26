#pragma once

#include "document/yamlparser.h"

#include <QHash>

#include <vector>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

namespace pilothouse {

/// Turns yaml-cpp's events into YamlNodes, because its own tree loses duplicate keys and the place
/// of an alias. Used by parseYaml() only; one object a document.
class YamlBuilder final : public YAML::EventHandler
{
public:
    /// Thrown through the parser to end it; the problem is already reported.
    struct Stop
    {};

    YamlBuilder(const QByteArray &content, Problems &problems, Strictness strictness,
                const YamlLimits &limits);

    /// Characters, not bytes: yaml-cpp counts bytes.
    [[nodiscard]] Position position(const YAML::Mark &mark);
    [[nodiscard]] YamlNode root() const { return m_root; }
    /// Where the innermost list or map begins that has not ended.
    [[nodiscard]] std::optional<Position> openedAt() const;
    /// Whether the last scalar, if it is quoted, has its closing quote: yaml-cpp takes the end of
    /// the file for one.
    [[nodiscard]] bool lastQuoteIsClosed() const;
    [[nodiscard]] Position lastScalarAt() const { return m_lastScalarAt; }
    [[nodiscard]] bool sawDocument() const { return m_documents > 0; }
    [[nodiscard]] bool isSecondDocument() const { return m_documents > 1; }

    /// After an error: the document of what ended above it. What is open keeps what ended in it
    /// down to this level and is left out below; nothing is read any more.
    [[nodiscard]] YamlNode ended(int levels);
    /// The document without the value at this level in which the last scalar stands.
    [[nodiscard]] YamlNode withoutLast(int levels) const;

    void OnDocumentStart(const YAML::Mark &mark) override;
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark &mark, YAML::anchor_t anchor) override;
    void OnAlias(const YAML::Mark &mark, YAML::anchor_t anchor) override;
    void OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                  const std::string &value) override;
    void OnSequenceStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override;
    void OnSequenceEnd() override;
    void OnMapStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override;
    void OnMapEnd() override;

private:
    struct Key
    {
        QString text;
        Position at;
        bool dropped = false; ///< reported; its value is read and left out
    };
    /// A sequence or map whose end has not come.
    struct Open
    {
        std::shared_ptr<YamlNode::Data> data;
        YAML::anchor_t anchor = 0;
        std::optional<Key> key;
        QHash<QString, Position> seen;
    };
    struct Built
    {
        YamlNode node;
        int height = 1;
        qint64 expanded = 1;
    };

    [[nodiscard]] Position nullAt(const YAML::Mark &mark);
    void open(YamlNode::Kind kind, const YAML::Mark &mark, const std::string &tag,
              YAML::anchor_t anchor);
    void close();
    void finish(const std::shared_ptr<YamlNode::Data> &data, YAML::anchor_t anchor,
                const Position &at);
    void add(const Built &built, const Position &at);
    [[nodiscard]] Key makeKey(Open &map, const YamlNode &node, const Position &at);
    [[nodiscard]] QString knownTag(const std::string &tag, const Position &at);
    void warn(const Position &at, const QString &message, const QString &hint = {});
    [[noreturn]] void stop(const Position &at, const QString &message);

    const QByteArray &m_content;
    Problems &m_problems;
    Strictness m_strictness;
    YamlLimits m_limits;
    YamlNode m_root;
    int m_documents = 0;
    qint64 m_values = 0;
    std::vector<Open> m_open;
    QHash<YAML::anchor_t, Built> m_anchors;
    qsizetype m_lastScalar = 0; ///< byte offset
    Position m_lastScalarAt;
    bool m_ascii = false;
    qint64 m_countedFrom = 0; ///< start of the line that was counted last
    qint64 m_countedTo = 0;
    int m_counted = 0; ///< characters between the two
};

} // namespace pilothouse
