#include "pipeline/doctor/shellreader.h"

#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {

namespace {

constexpr int deepest = 20; ///< "$(…)" in "$(…)": nobody writes more, and a stack has an end

bool isShellBlank(QChar c)
{
    return c == QLatin1Char(' ') || c == QLatin1Char('\t') || c == QLatin1Char('\r');
}

bool endsWord(QChar c)
{
    return c.isNull() || isShellBlank(c) || QStringLiteral("\n;&|()<>").contains(c);
}

bool isAssignment(const QString &raw)
{
    static const QRegularExpression form(QStringLiteral("^[A-Za-z_][A-Za-z0-9_]*\\+?="));
    return form.match(raw).hasMatch();
}

} // namespace

ShellReader::ShellReader(const QString &script, Position from, int nested)
    : m_script(script), m_place(from), m_nested(nested)
{}

QChar ShellReader::peek(qsizetype ahead) const
{
    return m_at + ahead < m_script.size() ? m_script[m_at + ahead] : QChar();
}

bool ShellReader::startsWith(QLatin1String text) const
{
    return QStringView(m_script).mid(m_at).startsWith(text);
}

void ShellReader::skip(qsizetype count)
{
    for (; count > 0 && m_at < m_script.size(); --count, ++m_at) {
        if (m_script[m_at] == QLatin1Char('\n')) {
            ++m_place.line;
            m_place.column = 1;
        } else if (!m_script[m_at].isLowSurrogate()) {
            ++m_place.column;
        }
    }
}

QList<ShellCommand> ShellReader::read()
{
    while (m_at < m_script.size()) {
        const QChar c = peek();
        if (isShellBlank(c)) {
            skip();
        } else if (startsWith(QLatin1String("\\\n"))) {
            skip(2);
        } else if (c == QLatin1Char('#')) {
            skipComment();
        } else if (c == QLatin1Char('<') || c == QLatin1Char('>')
                   || startsWith(QLatin1String("&>"))) {
            readRedirection({});
        } else if (endsWord(c)) {
            readOperator();
        } else {
            const ShellWord word = readWord();
            // "2>file": the number belongs to the sign.
            const bool isNumber = word.raw.size() == 1 && word.raw[0].isDigit();
            if (isNumber && (peek() == QLatin1Char('>') || peek() == QLatin1Char('<')))
                readRedirection(word.raw);
            else
                addWord(word);
        }
    }
    endCommand(ShellCommand::Then::Nothing);
    if (!m_commands.isEmpty())
        m_commands.last().then = ShellCommand::Then::Nothing;
    return m_commands;
}

void ShellReader::skipComment()
{
    while (m_at < m_script.size() && peek() != QLatin1Char('\n'))
        skip();
}

void ShellReader::readOperator()
{
    using Then = ShellCommand::Then;
    const bool doubled = peek() == peek(1);
    const QChar c = peek();
    skip();
    if (c == QLatin1Char('&') || c == QLatin1Char('|')) {
        const bool both = c == QLatin1Char('|') && peek() == QLatin1Char('&'); // "|&"
        if (doubled || both)
            skip();
        if (c == QLatin1Char('&'))
            endCommand(doubled ? Then::And : Then::Next);
        else
            endCommand(doubled ? Then::Or : Then::Pipe);
        return;
    }
    endCommand(Then::Next);
    if (c == QLatin1Char('\n'))
        skipHereDocuments();
}

void ShellReader::readRedirection(const QString &sign)
{
    ShellRedirection redirection{sign, {}};
    while (QStringLiteral("<>&|").contains(peek()) && !peek().isNull()) {
        redirection.sign += peek();
        skip();
    }
    if (redirection.sign.endsWith(QLatin1String("<<")) && peek() == QLatin1Char('-'))
        skip();
    while (isShellBlank(peek()))
        skip();
    if (!endsWord(peek()))
        redirection.target = readWord();
    if (redirection.sign.endsWith(QLatin1String("<<"))
        && !redirection.sign.endsWith(QLatin1String("<<<")))
        m_hereDocuments.append(redirection.target.text);
    m_command.redirections.append(redirection);
}

void ShellReader::skipHereDocuments()
{
    for (const QString &end : std::as_const(m_hereDocuments)) {
        while (m_at < m_script.size()) {
            qsizetype lineEnd = m_script.indexOf(QLatin1Char('\n'), m_at);
            if (lineEnd < 0)
                lineEnd = m_script.size();
            const bool isEnd = QStringView(m_script).mid(m_at, lineEnd - m_at).trimmed() == end;
            skip(lineEnd + 1 - m_at);
            if (isEnd)
                break;
        }
    }
    m_hereDocuments.clear();
}

ShellWord ShellReader::readWord()
{
    ShellWord word;
    word.at = m_place;
    const qsizetype from = m_at;
    while (!endsWord(peek())) {
        if (startsWith(QLatin1String("${{"))) {
            takeExpression(word);
        } else if (startsWith(QLatin1String("$("))) {
            takeSubstitution(word);
        } else if (peek() == QLatin1Char('"') || peek() == QLatin1Char('\'')) {
            takeQuoted(word);
        } else {
            if (peek() == QLatin1Char('\\')) {
                skip();
                if (peek() == QLatin1Char('\n')) { // the word goes on in the next line
                    skip();
                    continue;
                }
            }
            if (peek().isNull())
                break;
            word.text += peek();
            skip();
        }
    }
    word.raw = m_script.mid(from, m_at - from);
    return word;
}

void ShellReader::takeQuoted(ShellWord &word)
{
    const QChar quote = peek();
    skip();
    while (m_at < m_script.size() && peek() != quote) {
        if (startsWith(QLatin1String("${{"))) {
            takeExpression(word);
            continue;
        }
        if (quote == QLatin1Char('"')) {
            if (startsWith(QLatin1String("$("))) {
                takeSubstitution(word);
                continue;
            }
            if (peek() == QLatin1Char('\\') && QStringLiteral("\"\\$`\n").contains(peek(1)))
                skip();
        }
        word.text += peek();
        skip();
    }
    skip();
}

void ShellReader::takeExpression(ShellWord &word)
{
    const qsizetype end = m_script.indexOf(QLatin1String("}}"), m_at);
    const qsizetype size = end < 0 ? m_script.size() - m_at : end + 2 - m_at;
    word.text += QStringView(m_script).mid(m_at, size);
    skip(size);
}

void ShellReader::takeSubstitution(ShellWord &word)
{
    qsizetype end = m_at + 2;
    for (int open = 1; end < m_script.size(); ++end) {
        if (m_script[end] == QLatin1Char('('))
            ++open;
        else if (m_script[end] == QLatin1Char(')') && --open == 0)
            break;
    }
    const QString whole = m_script.mid(m_at, end + 1 - m_at);
    if (m_nested < deepest && !whole.startsWith(QLatin1String("$(("))) {
        const QString inside = m_script.mid(m_at + 2, end - m_at - 2);
        Position from = m_place;
        from.column += 2;
        for (ShellCommand &command : ShellReader(inside, from, m_nested + 1).read()) {
            command.loops += m_loops;
            m_commands.append(command);
        }
    }
    word.text += whole;
    skip(whole.size());
}

void ShellReader::addWord(const ShellWord &word)
{
    static const QStringList leading
        = {QStringLiteral("if"),   QStringLiteral("then"), QStringLiteral("else"),
           QStringLiteral("elif"), QStringLiteral("!"),    QStringLiteral("{"),
           QStringLiteral("}"),    QStringLiteral("fi"),   QStringLiteral("esac")};
    if (m_command.words.isEmpty()) {
        const bool loops = word.raw == QLatin1String("while") || word.raw == QLatin1String("until");
        if (word.raw == QLatin1String("for") || loops)
            ++m_loops;
        if (word.raw == QLatin1String("done"))
            m_loops = std::max(m_loops - 1, 0);
        if (loops || word.raw == QLatin1String("done") || word.raw == QLatin1String("do")
            || leading.contains(word.raw))
            return;
        if (isAssignment(word.raw)) {
            m_command.assignments.append(word);
            return;
        }
    }
    m_command.words.append(word);
}

void ShellReader::endCommand(ShellCommand::Then then)
{
    if (!m_command.words.isEmpty() || !m_command.assignments.isEmpty()) {
        m_command.then = then;
        m_command.loops = m_loops;
        m_command.nested = m_nested;
        m_command.findProgram();
        m_commands.append(m_command);
    }
    m_command = {};
}

} // namespace pilothouse
