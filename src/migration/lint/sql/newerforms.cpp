#include "migration/lint/sql/newerforms.h"

#include <initializer_list>

namespace pilothouse {
namespace {

class Rewriting
{
public:
    Rewriting(const QByteArray &sql, const QList<SqlToken> &tokens)
        : m_tokens(tokens), m_text{sql, {}}
    {}

    OlderText run()
    {
        for (qsizetype i = 0; i < m_tokens.size(); ++i) {
            notNull(i);
            generated(i);
            enforced(i);
            expression(i);
            overTime(i);
        }
        return m_text;
    }

private:
    [[nodiscard]] bool has(qsizetype at, std::initializer_list<const char *> words) const
    {
        for (const char *word : words) {
            if (at < 0 || at >= m_tokens.size() || !m_tokens[at].is(word))
                return false;
            ++at;
        }
        return true;
    }
    /// Puts `words` in the place of the tokens from `first` to `last`.
    void put(qsizetype first, qsizetype last, QByteArray words)
    {
        const qsizetype from = m_tokens[first].from;
        const qsizetype length = m_tokens[last].to - from;
        m_text.sql.replace(from, length, words.leftJustified(length, ' ', true));
    }
    void note(NewerForm form, qsizetype at) { m_text.newer.append({form, m_tokens[at].from}); }

    /// Of a table, not of a column: that one names no column.
    void notNull(qsizetype i)
    {
        if (!has(i, {"not", "null"}) || i + 2 >= m_tokens.size() || !m_tokens[i + 2].isName())
            return;
        const bool isNamed = i >= 2 && m_tokens[i - 2].is("constraint");
        const qsizetype before = isNamed ? i - 3 : i - 1;
        if (!has(before, {"add"}) && !has(before, {","}) && !has(before, {"("}))
            return;
        const QByteArray column
            = m_text.sql.mid(m_tokens[i + 2].from, m_tokens[i + 2].to - m_tokens[i + 2].from);
        put(i, i + 2, "CHECK(" + column + ')');
        note(NewerForm::NotNullConstraint, i);
    }

    void generated(qsizetype i)
    {
        if (!has(i, {"generated", "always", "as", "("}))
            return;
        qsizetype close = i + 3;
        for (int depth = 0; close < m_tokens.size(); ++close) {
            depth += m_tokens[close].is("(") ? 1 : m_tokens[close].is(")") ? -1 : 0;
            if (depth == 0)
                break;
        }
        if (has(close + 1, {"stored"}))
            return;
        put(i, i + 2, "DEFAULT");
        if (has(close + 1, {"virtual"}))
            put(close + 1, close + 1, {});
        note(NewerForm::VirtualColumn, i);
    }

    void enforced(qsizetype i)
    {
        if (!has(i, {"enforced"}))
            return;
        const bool isNot = has(i - 1, {"not"});
        if (isNot)
            note(NewerForm::NotEnforced, i - 1);
        put(isNot ? i - 1 : i, i, {});
    }

    void expression(qsizetype i)
    {
        if (!has(i, {"set", "expression", "as"}))
            return;
        put(i, i + 2, "SET DEFAULT");
        note(NewerForm::SetExpression, i);
    }

    void overTime(qsizetype i)
    {
        if (has(i, {"without", "overlaps"})) {
            put(i, i + 1, {});
            note(NewerForm::OverTime, i);
        } else if (has(i, {"period"}) && i + 1 < m_tokens.size() && m_tokens[i + 1].isName()
                   && (has(i - 1, {","}) || has(i - 1, {"("}))) {
            put(i, i, {});
            note(NewerForm::OverTime, i);
        }
    }

    const QList<SqlToken> &m_tokens;
    OlderText m_text;
};

} // namespace

OlderText olderText(const QByteArray &sql, const QList<SqlToken> &tokens)
{
    return Rewriting(sql, tokens).run();
}

} // namespace pilothouse
