#pragma once

#include "document/problem.h"
#include "document/yamlnode.h"
#include "document/yamlparser.h"

#include <QDate>
#include <QStringList>
#include <QUrl>

#include <chrono>
#include <initializer_list>
#include <limits>
#include <optional>
#include <utility>

namespace pilothouse {

/// What stands there, for messages: "\"10 minutes\"" (cut after 40 characters), "a list",
/// "nothing".
[[nodiscard]] QString describe(const YamlNode &node);

/// Reads the keys of one map and collects everything that is wrong with it.
///
/// Each reading function names a key that may stand in the map. It answers nullopt if the key is
/// absent or its value is wrong; the latter, and an absent Required key, become problems. At the
/// end of its life the object reports the keys that nobody asked for, each with the nearest right
/// one (Lenient: it does not; there a null Optional value also counts as absent, and texts may be
/// empty). So ask for every key, whatever the values of the others, before it goes out of scope.
///
///     Fields fields(root, tr("the workspace"), problems);
///     const QString name = fields.text("name").value_or(QString());
///     const auto bake = fields.duration("bake", Fields::Need::Optional).value_or(0ms);
class Fields
{
public:
    enum class Need { Required, Optional };

    /// `what` names the map in messages ("a stage"). `problems` outlives this. A node that is no
    /// map is a problem, except Missing, which was reported where it was missed: all keys are then
    /// absent and nothing is said about them.
    Fields(const YamlNode &map, QString what, Problems &problems,
           Strictness strictness = Strictness::Strict);
    ~Fields();
    Q_DISABLE_COPY_MOVE(Fields)

    /// It is a map: its keys could be read.
    [[nodiscard]] bool isMap() const { return m_map.isMap(); }
    [[nodiscard]] bool has(const char *key) const;
    [[nodiscard]] Problems &problems() { return m_problems; }

    /// Any scalar but null; not empty if Strict.
    [[nodiscard]] std::optional<QString> text(const char *key, Need need = Need::Required);
    [[nodiscard]] std::optional<qint64> integer(const char *key, Need need = Need::Required,
                                                qint64 min = std::numeric_limits<qint64>::min(),
                                                qint64 max = std::numeric_limits<qint64>::max());
    /// A finite decimal number.
    [[nodiscard]] std::optional<double> number(const char *key, Need need = Need::Required);
    /// `true` or `false`, unquoted.
    [[nodiscard]] std::optional<bool> flag(const char *key, Need need = Need::Required);
    /// As parseDuration() reads it.
    [[nodiscard]] std::optional<std::chrono::milliseconds> duration(const char *key,
                                                                    Need need = Need::Required);
    /// A whole number from 0 to 100, without a per cent sign.
    [[nodiscard]] std::optional<int> percent(const char *key, Need need = Need::Required);
    /// http or https, with a host and without a user name or password.
    [[nodiscard]] std::optional<QUrl> url(const char *key, Need need = Need::Required);
    /// "2026-12-15".
    [[nodiscard]] std::optional<QDate> date(const char *key, Need need = Need::Required);
    /// One of the given words: `fields.choice<Kind>("kind", {{"production", Kind::Production},
    /// …})`.
    template <typename T>
    [[nodiscard]] std::optional<T> choice(const char *key,
                                          std::initializer_list<std::pair<const char *, T>> choices,
                                          Need need = Need::Required)
    {
        QStringList words;
        for (const auto &[word, value] : choices)
            words.append(QLatin1String(word));
        const std::optional<qsizetype> index = wordIndex(key, words, need);
        return index ? std::optional<T>((choices.begin() + *index)->second) : std::nullopt;
    }

    /// Elements of a list; empty if it is absent or wrong. Strict and Required: at least one.
    [[nodiscard]] QList<YamlNode> list(const char *key, Need need = Need::Required);
    /// A list of texts.
    [[nodiscard]] QStringList texts(const char *key, Need need = Need::Required);
    /// One text, or a list of them ("needs: build", "needs: [build, lint]").
    [[nodiscard]] QStringList textOrTexts(const char *key, Need need = Need::Required);
    /// Entries of a map whose keys are names of the user's choosing; empty if absent or wrong.
    [[nodiscard]] QList<YamlNode::Entry> entries(const char *key, Need need = Need::Required);
    /// A map to be read by Fields of its own: `Fields control(fields.map("control"), …)`; Missing
    /// if it is absent or wrong (already reported).
    [[nodiscard]] YamlNode map(const char *key, Need need = Need::Required);
    /// The value whatever it is, Missing if absent; for keys of several shapes.
    [[nodiscard]] YamlNode node(const char *key, Need need = Need::Optional);

    /// Allows a key that nobody reads here.
    void ignore(const char *key);
    /// Allows all keys that nobody reads, because what is wrong already says which are right; only
    /// one that was meant to be a Required key is still reported.
    void ignoreRest() { m_restIgnored = true; }

    /// Reports something about a key's value, at the value; at the map if the key is absent.
    void report(const char *key, const QString &message, const QString &hint = {});

private:
    [[nodiscard]] YamlNode take(const char *key, Need need);
    [[nodiscard]] std::optional<QString> scalar(const char *key, Need need,
                                                const QString &expected);
    void expected(const char *key, const QString &what, const YamlNode &found,
                  const QString &hint = {});
    [[nodiscard]] std::optional<qsizetype> wordIndex(const char *key, const QStringList &words,
                                                     Need need);
    [[nodiscard]] QStringList readTexts(const char *key, const QList<YamlNode> &items);

    YamlNode m_map;
    QString m_what;
    Problems &m_problems;
    Strictness m_strictness;
    QStringList m_known;
    QStringList m_missed; ///< Required keys that are absent
    bool m_restIgnored = false;
};

} // namespace pilothouse
