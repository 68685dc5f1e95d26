#include "pipeline/expression/tree.h"

#include "base/words.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace pilothouse {

namespace {

/// The host's limit.
constexpr int deepestExpression = 50;

class ExpressionParser
{
public:
    explicit ExpressionParser(QList<ExpressionToken> tokens) : m_tokens(std::move(tokens)) {}

    [[nodiscard]] tl::expected<ExpressionNode, ExpressionError> run()
    {
        ExpressionNode node = disjunction();
        if (!m_error && now().kind != ExpressionToken::Kind::End)
            unexpected();
        if (m_error)
            return tl::unexpected(*m_error);
        return node;
    }

private:
    using Kind = ExpressionNode::Kind;

    ExpressionNode disjunction()
    {
        if (!deeper())
            return {};
        ExpressionNode node = chain(Kind::Or, QLatin1String("||"), &ExpressionParser::conjunction);
        --m_depth;
        return node;
    }

    ExpressionNode conjunction()
    {
        return chain(Kind::And, QLatin1String("&&"), &ExpressionParser::equality);
    }

    ExpressionNode equality() { return compare({"==", "!="}, &ExpressionParser::order); }

    ExpressionNode order() { return compare({"<", "<=", ">", ">="}, &ExpressionParser::negation); }

    ExpressionNode chain(Kind kind, QLatin1String sign, ExpressionNode (ExpressionParser::*next)())
    {
        ExpressionNode first = (this->*next)();
        if (!isSign(sign))
            return first;
        ExpressionNode all{kind, sign, {}, {}, now().column};
        all.parts.push_back(std::move(first));
        while (!m_error && takeSign(sign))
            all.parts.push_back((this->*next)());
        return all;
    }

    ExpressionNode compare(std::initializer_list<const char *> signs,
                           ExpressionNode (ExpressionParser::*next)())
    {
        ExpressionNode left = (this->*next)();
        const auto stands = [&] {
            return std::any_of(signs.begin(), signs.end(),
                               [&](const char *sign) { return isSign(QLatin1String(sign)); });
        };
        while (!m_error && stands()) {
            const ExpressionToken sign = take();
            ExpressionNode both{Kind::Compare, sign.text, {}, {}, sign.column};
            both.parts.push_back(std::move(left));
            both.parts.push_back((this->*next)());
            left = std::move(both);
        }
        return left;
    }

    ExpressionNode negation()
    {
        const int column = now().column;
        if (!takeSign(QLatin1String("!")))
            return member();
        if (!deeper())
            return {};
        ExpressionNode node{Kind::Not, QStringLiteral("!"), {}, {}, column};
        node.parts.push_back(negation());
        --m_depth;
        return node;
    }

    ExpressionNode member()
    {
        const bool isGroup = isSign(QLatin1String("("));
        ExpressionNode node = primary();
        if (node.kind == Kind::Literal && !isGroup)
            return node;
        int levels = 0;
        while (!m_error && (isSign(QLatin1String(".")) || isSign(QLatin1String("[")))) {
            if (!deeper())
                return {};
            ++levels;
            const ExpressionToken sign = take();
            ExpressionNode whole{Kind::Member, sign.text, {}, {}, sign.column};
            whole.parts.push_back(std::move(node));
            if (takeSign(QLatin1String("*")))
                whole.kind = Kind::Members;
            else if (sign.text == QLatin1String("["))
                whole.parts.push_back(disjunction());
            else if (now().kind == ExpressionToken::Kind::Name)
                whole.parts.push_back(literal({now().text}));
            else
                unexpected();
            if (sign.text == QLatin1String("["))
                expectSign(QLatin1String("]"));
            node = std::move(whole);
        }
        m_depth -= levels;
        return node;
    }

    ExpressionNode primary()
    {
        const ExpressionToken token = now();
        switch (token.kind) {
        case ExpressionToken::Kind::Number:
            return literal({token.number});
        case ExpressionToken::Kind::Text:
            return literal({token.text});
        case ExpressionToken::Kind::Name:
            return named();
        case ExpressionToken::Kind::Sign:
            if (takeSign(QLatin1String("("))) {
                ExpressionNode inner = disjunction();
                expectSign(QLatin1String(")"));
                return inner;
            }
            break;
        case ExpressionToken::Kind::End:
            break;
        }
        unexpected();
        return {};
    }

    ExpressionNode named()
    {
        const ExpressionToken name = take();
        if (!takeSign(QLatin1String("("))) {
            if (name.text == QLatin1String("true"))
                return {Kind::Literal, {}, {true}, {}, name.column};
            if (name.text == QLatin1String("false"))
                return {Kind::Literal, {}, {false}, {}, name.column};
            if (name.text == QLatin1String("null"))
                return {Kind::Literal, {}, {ExpressionValue::Null{}}, {}, name.column};
            if (name.text == QLatin1String("NaN"))
                return {
                    Kind::Literal, {}, {std::numeric_limits<double>::quiet_NaN()}, {}, name.column};
            if (name.text == QLatin1String("Infinity"))
                return {
                    Kind::Literal, {}, {std::numeric_limits<double>::infinity()}, {}, name.column};
            return {Kind::Name, name.text, {}, {}, name.column};
        }
        ExpressionNode call{Kind::Call, name.text, {}, {}, name.column};
        while (!m_error && !takeSign(QLatin1String(")"))) {
            call.parts.push_back(disjunction());
            if (!isSign(QLatin1String(")")))
                expectSign(QLatin1String(","));
        }
        return call;
    }

    ExpressionNode literal(ExpressionValue value)
    {
        const ExpressionToken token = take();
        return {Kind::Literal, {}, std::move(value), {}, token.column};
    }

    [[nodiscard]] const ExpressionToken &now() const { return m_tokens[m_at]; }

    ExpressionToken take()
    {
        ExpressionToken token = now();
        if (token.kind != ExpressionToken::Kind::End)
            ++m_at;
        return token;
    }

    [[nodiscard]] bool isSign(QLatin1String sign) const
    {
        return now().kind == ExpressionToken::Kind::Sign && now().text == sign;
    }

    bool takeSign(QLatin1String sign)
    {
        if (!isSign(sign))
            return false;
        ++m_at;
        return true;
    }

    void expectSign(QLatin1String sign)
    {
        if (!m_error && !takeSign(sign))
            fail(now().kind == ExpressionToken::Kind::End
                     ? Words::tr("expected \"%1\" before the end").arg(sign)
                     : Words::tr("expected \"%1\", found \"%2\"").arg(sign, now().text));
    }

    void unexpected()
    {
        fail(now().kind == ExpressionToken::Kind::End
                 ? Words::tr("it ends where a value is expected")
                 : Words::tr("\"%1\" is not expected here").arg(now().text));
    }

    bool deeper()
    {
        if (++m_depth > deepestExpression)
            fail(Words::tr("nested more than %1 levels deep").arg(deepestExpression));
        return !m_error;
    }

    void fail(const QString &message)
    {
        if (!m_error)
            m_error = ExpressionError{now().column, message};
    }

    QList<ExpressionToken> m_tokens;
    qsizetype m_at = 0;
    int m_depth = 0;
    std::optional<ExpressionError> m_error;
};

} // namespace

tl::expected<ExpressionNode, ExpressionError> parseExpression(const QString &expression)
{
    const auto tokens = tokensOf(expression);
    if (!tokens)
        return tl::unexpected(tokens.error());
    return ExpressionParser(*tokens).run();
}

bool asksForStatus(const ExpressionNode &node)
{
    static const QStringList functions{QStringLiteral("success"), QStringLiteral("failure"),
                                       QStringLiteral("always"), QStringLiteral("cancelled")};
    if (node.kind == ExpressionNode::Kind::Call && functions.contains(node.text.toLower()))
        return true;
    return std::any_of(node.parts.begin(), node.parts.end(),
                       [](const ExpressionNode &part) { return asksForStatus(part); });
}

} // namespace pilothouse
