#pragma once

#include "document/problem.h"
#include "document/yamlnode.h"
#include "pipeline/reading/scope.h"
#include "pipeline/reading/workflowvalues.h"

#include <QStringList>

namespace pilothouse {

/// What a scalar of a workflow file must be where it is no expression.
enum class Form {
    Text, ///< anything; nothing at all is an empty text
    Name, ///< a text that is not empty
    Flag, ///< true or false, unquoted
    Number,
};

/// Reads the keys of one map of a workflow file as the CI host does: what it would refuse becomes
/// an error with its place, and reading goes on. At the end of its life the object reports keys
/// that nobody asked for, if they are near to one that somebody did or belong somewhere else, as
/// warnings: a key may be newer than this reader, so it never refuses a file.
class Keys
{
public:
    /// `what` names the map in messages ("job \"build\""). `problems` outlives this.
    Keys(const YamlNode &map, QString what, Problems &problems);
    ~Keys();
    Q_DISABLE_COPY_MOVE(Keys)

    [[nodiscard]] bool has(const QString &key) const { return m_map.contains(key); }
    /// The key's value whatever it is; Missing if absent.
    [[nodiscard]] YamlNode node(const QString &key);
    [[nodiscard]] Position keyAt(const QString &key) const { return m_map.keyAt(key); }
    /// Where to tell of a value: at it, else at its key.
    [[nodiscard]] Position placeOf(const QString &key) const;

    /// Not given if absent or wrong (then reported).
    [[nodiscard]] WorkflowText text(const QString &key, Form form = Form::Text,
                                    Scope scope = Scope::None);
    /// As text, where the whole is an expression with or without `${{ }}`.
    [[nodiscard]] WorkflowText condition(Scope scope);
    /// One text or a list of them, none of them empty.
    [[nodiscard]] WorkflowTexts texts(const QString &key, Scope scope = Scope::None);
    /// `whole`: where an expression may stand for all the keys.
    [[nodiscard]] WorkflowSettings settings(const QString &key, Scope values,
                                            Scope whole = Scope::None);

    /// The first key that nobody asked for until now, that is near to none that somebody did, and
    /// that has no meaning elsewhere: a word that the host may have learned since. Empty if there
    /// is none. `others`: known too, though never asked for.
    [[nodiscard]] QString newKey(const QStringList &others = {}) const;

    void report(const Position &at, const QString &message, const QString &hint = {});
    /// A rule of the host that its next version may have loosened: an error, but a warning that
    /// names `newKey` where one stands in the map.
    void reportUnlessNew(const Position &at, const QString &message, const QString &newKey);
    /// Reports that the value of a key is of a wrong kind.
    void expected(const QString &key, const QString &what);

private:
    YamlNode m_map;
    QString m_what;
    Problems &m_problems;
    QStringList m_known;
};

/// A scalar as `form` wants it, at a place that the caller knows. Not given if wrong (reported).
[[nodiscard]] WorkflowText readText(const YamlNode &node, const Position &place,
                                    const QString &what, Form form, Scope scope,
                                    Problems &problems);

/// Every key only once; the host takes "Build" and "build" for the same.
void checkKeysDiffer(const YamlNode &map, Problems &problems);

} // namespace pilothouse
