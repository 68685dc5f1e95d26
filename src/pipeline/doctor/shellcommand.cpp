#include "pipeline/doctor/shellcommand.h"

#include "pipeline/doctor/shellreader.h"

#include <QSet>

namespace pilothouse {

namespace {

/// How many of the words from `at` on only run what stands behind them.
int wrapperSize(const QList<ShellWord> &words, int at)
{
    static const QSet<QString> alone
        = {QStringLiteral("sudo"), QStringLiteral("env"),     QStringLiteral("time"),
           QStringLiteral("exec"), QStringLiteral("nice"),    QStringLiteral("nohup"),
           QStringLiteral("npx"),  QStringLiteral("command"), QStringLiteral("uvx"),
           QStringLiteral("pipx")};
    static const QSet<QString> runners
        = {QStringLiteral("poetry"), QStringLiteral("uv"),    QStringLiteral("pipenv"),
           QStringLiteral("pdm"),    QStringLiteral("hatch"), QStringLiteral("rye"),
           QStringLiteral("bundle"), QStringLiteral("conda")};
    if (words.size() < at + 2)
        return 0;
    const QString &first = words[at].text;
    const QString &second = words[at + 1].text;
    if (runners.contains(first)
        && (second == QLatin1String("run") || second == QLatin1String("exec")))
        return 2;
    if (first.startsWith(QLatin1String("python")) && second == QLatin1String("-m"))
        return 2;
    return alone.contains(first) ? 1 : 0;
}

} // namespace

void ShellCommand::findProgram()
{
    wrappers = 0;
    while (const int size = wrapperSize(words, wrappers)) {
        wrappers += size;
        while (words.size() > wrappers + 1
               && (words[wrappers].text.startsWith(QLatin1Char('-'))
                   || words[wrappers].text.contains(QLatin1Char('='))))
            ++wrappers;
    }
    program
        = wrappers < words.size() ? words[wrappers].text.section(QLatin1Char('/'), -1) : QString();
}

bool ShellCommand::runs(const QString &name, const QStringList &verbs) const
{
    if (program != name || program.isEmpty())
        return false;
    qsizetype found = 0;
    for (qsizetype i = wrappers + 1; i < words.size() && found < verbs.size(); ++i) {
        if (words[i].text == verbs[found])
            ++found;
    }
    return found == verbs.size();
}

std::optional<ShellWord> ShellCommand::option(const QString &name) const
{
    for (const ShellWord &word : words) {
        if (word.text == name || word.text.startsWith(name + QLatin1Char('=')))
            return word;
    }
    return std::nullopt;
}

QList<ShellWord> ShellCommand::values(const QString &name) const
{
    QList<ShellWord> found;
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString &text = words[i].text;
        if (text == name && i + 1 < words.size()) {
            found.append(words[++i]);
        } else if (text.startsWith(name + QLatin1Char('='))) {
            ShellWord value = words[i];
            value.text = text.mid(name.size() + 1);
            value.raw = value.raw.mid(name.size() + 1);
            value.at.column += int(name.size()) + 1;
            found.append(value);
        }
    }
    return found;
}

Position ShellCommand::at() const
{
    if (!words.isEmpty())
        return words.first().at;
    return assignments.isEmpty() ? Position() : assignments.first().at;
}

QList<ShellCommand> readShell(const QString &script)
{
    return ShellReader(script, {1, 1}, 0).read();
}

} // namespace pilothouse
