#include "pipeline/doctor/shellcommand.h"

#include "pipeline/doctor/shellreader.h"

namespace pilothouse {

namespace {

/// Words that run what stands behind them.
qsizetype wrapperSize(const QList<ShellWord> &words)
{
    static const QStringList alone
        = {QStringLiteral("sudo"),    QStringLiteral("env"),  QStringLiteral("time"),
           QStringLiteral("exec"),    QStringLiteral("nice"), QStringLiteral("nohup"),
           QStringLiteral("command"), QStringLiteral("npx"),  QStringLiteral("uvx"),
           QStringLiteral("pipx")};
    static const QStringList runners
        = {QStringLiteral("poetry"), QStringLiteral("uv"),    QStringLiteral("pipenv"),
           QStringLiteral("pdm"),    QStringLiteral("hatch"), QStringLiteral("rye"),
           QStringLiteral("bundle"), QStringLiteral("conda")};
    const QString first = words.value(0).text;
    const QString second = words.value(1).text;
    if (words.size() < 2)
        return 0;
    if (runners.contains(first)
        && (second == QLatin1String("run") || second == QLatin1String("exec")))
        return 2;
    if (first.startsWith(QLatin1String("python")) && second == QLatin1String("-m"))
        return 2;
    return alone.contains(first) ? 1 : 0;
}

} // namespace

QList<ShellWord> ShellCommand::effective() const
{
    QList<ShellWord> rest = words;
    while (const qsizetype size = wrapperSize(rest)) {
        rest = rest.mid(size);
        while (rest.size() > 1
               && (rest.first().text.startsWith(QLatin1Char('-'))
                   || rest.first().text.contains(QLatin1Char('='))))
            rest.removeFirst();
    }
    return rest;
}

QString ShellCommand::program() const
{
    const QList<ShellWord> rest = effective();
    return rest.isEmpty() ? QString() : rest.first().text.section(QLatin1Char('/'), -1);
}

bool ShellCommand::runs(const QString &program, const QStringList &verbs) const
{
    if (this->program() != program)
        return false;
    QStringList plain;
    const QList<ShellWord> rest = effective();
    for (const ShellWord &word : rest.mid(1)) {
        if (!word.text.startsWith(QLatin1Char('-')))
            plain.append(word.text);
    }
    qsizetype from = 0;
    for (const QString &verb : verbs) {
        from = plain.indexOf(verb, from) + 1;
        if (from == 0)
            return false;
    }
    return true;
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
