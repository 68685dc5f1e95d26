#include "pipeline/expression/lexer.h"

#include "base/words.h"
#include "pipeline/expression/value.h"

#include <QRegularExpression>

#include <algorithm>
#include <cmath>
#include <optional>

namespace pilothouse {

namespace {

/// The host's limit.
constexpr qsizetype longestExpression = 21'000;

/// Where a name or a number ends.
bool isBorder(QChar c)
{
    return c.isSpace() || QStringView(u"()[],.!<>=&|").contains(c);
}

class Lexer
{
public:
    explicit Lexer(const QString &text) : m_text(text) {}

    [[nodiscard]] tl::expected<QList<ExpressionToken>, ExpressionError> run()
    {
        while (m_at < m_text.size() && !m_error) {
            if (m_text[m_at].isSpace())
                ++m_at;
            else
                take();
        }
        if (m_error)
            return tl::unexpected(*m_error);
        m_tokens.append({ExpressionToken::Kind::End, {}, 0, int(m_text.size()) + 1});
        return m_tokens;
    }

private:
    void take()
    {
        const QChar c = m_text[m_at];
        const bool isFraction = c == QLatin1Char('.') && !followsAValue();
        if (c == QLatin1Char('\''))
            takeText();
        else if (c.isDigit() || c == QLatin1Char('-') || c == QLatin1Char('+') || isFraction)
            takeNumber();
        else if (!takeSign())
            takeName();
    }

    [[nodiscard]] bool followsAValue() const
    {
        if (m_tokens.isEmpty())
            return false;
        const ExpressionToken &last = m_tokens.last();
        return last.kind == ExpressionToken::Kind::Name
               || (last.kind == ExpressionToken::Kind::Sign
                   && QStringView(u")]*").contains(last.text));
    }

    bool takeSign()
    {
        for (const char *sign : {"==", "!=", "<=", ">=", "&&", "||", "(", ")", "[", "]", ",", ".",
                                 "!", "<", ">", "*"}) {
            const QString text = QString::fromLatin1(sign);
            if (QStringView(m_text).mid(m_at).startsWith(text)) {
                append(ExpressionToken::Kind::Sign, text, m_at + text.size());
                return true;
            }
        }
        return false;
    }

    void takeText()
    {
        QString text;
        for (qsizetype i = m_at + 1; i < m_text.size(); ++i) {
            if (m_text[i] != QLatin1Char('\'')) {
                text += m_text[i];
            } else if (i + 1 < m_text.size() && m_text[i + 1] == QLatin1Char('\'')) {
                text += m_text[i++];
            } else {
                append(ExpressionToken::Kind::Text, text, i + 1);
                return;
            }
        }
        fail(Words::tr("the text that begins here has no closing quote"));
    }

    void takeNumber()
    {
        qsizetype end = m_at + 1;
        while (end < m_text.size() && (!isBorder(m_text[end]) || m_text[end] == QLatin1Char('.')))
            ++end;
        const QString text = m_text.mid(m_at, end - m_at);
        const double value = ExpressionValue{text}.number();
        if (std::isnan(value)) {
            fail(Words::tr("\"%1\" is no number").arg(text));
            return;
        }
        append(ExpressionToken::Kind::Number, text, end);
        m_tokens.last().number = value;
    }

    void takeName()
    {
        static const QRegularExpression legal(QStringLiteral("^[A-Za-z_][A-Za-z0-9_-]*$"));
        qsizetype end = m_at + 1;
        while (end < m_text.size() && !isBorder(m_text[end]))
            ++end;
        const QString text = m_text.mid(m_at, end - m_at);
        if (!legal.match(text).hasMatch()) {
            fail(text.startsWith(QLatin1Char('"'))
                     ? Words::tr("a text stands in single quotes; expected ' where \" is")
                     : Words::tr("\"%1\" is neither a name nor an operator").arg(text));
            return;
        }
        append(ExpressionToken::Kind::Name, text, end);
    }

    void append(ExpressionToken::Kind kind, const QString &text, qsizetype end)
    {
        m_tokens.append({kind, text, 0, int(m_at) + 1});
        m_at = end;
    }

    void fail(const QString &message) { m_error = ExpressionError{int(m_at) + 1, message}; }

    const QString &m_text;
    qsizetype m_at = 0;
    QList<ExpressionToken> m_tokens;
    std::optional<ExpressionError> m_error;
};

} // namespace

tl::expected<QList<ExpressionToken>, ExpressionError> tokensOf(const QString &expression)
{
    if (expression.size() > longestExpression)
        return tl::unexpected(ExpressionError{
            1, Words::tr("an expression has at most %L1 characters").arg(longestExpression)});
    return Lexer(expression).run();
}

} // namespace pilothouse
