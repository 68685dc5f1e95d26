#include "release/compare/notes.h"

#include "base/words.h"
#include "release/compare/comparewords.h"

#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {

namespace {

constexpr qsizetype longestValue = 120;

QString valueCode(const QString &value, const QString &absent)
{
    if (value.isEmpty())
        return absent;
    return markdownCode(value.size() > longestValue ? value.left(longestValue - 1) + QChar(0x2026)
                                                    : value);
}

/// "`2` → `3`", "`3`, new", "was `2`, gone".
QString fromTo(const QString &before, const QString &after)
{
    if (before.isEmpty())
        return Words::tr("%1, new").arg(valueCode(after, {}));
    if (after.isEmpty())
        return Words::tr("was %1, gone").arg(valueCode(before, {}));
    return valueCode(before, {}) + QStringLiteral(" → ") + valueCode(after, {});
}

class NoteWriter
{
public:
    /// A section; one without lines is named at the end.
    void add(const QString &heading, const QStringList &lines)
    {
        if (lines.isEmpty()) {
            m_without.append(heading.toLower());
            return;
        }
        m_text += QStringLiteral("\n## ") + heading + QStringLiteral("\n\n");
        for (const QString &line : lines)
            m_text += QStringLiteral("- ") + line + QLatin1Char('\n');
    }
    void paragraph(const QString &text) { m_text += text + QLatin1Char('\n'); }
    void end()
    {
        if (!m_without.isEmpty())
            m_text += QLatin1Char('\n')
                      + Words::tr("No difference: %1.").arg(m_without.join(QStringLiteral(", ")))
                      + QLatin1Char('\n');
    }
    [[nodiscard]] QString text() const { return m_text; }

private:
    QString m_text;
    QStringList m_without;
};

QStringList commitLines(const ComparedCommits &commits)
{
    QStringList lines;
    for (const ComparedCommit &each : commits.list) {
        QString line = markdownText(each.pullRequest.title);
        if (each.pullRequest.number > 0)
            line += QStringLiteral(" (#%1)").arg(each.pullRequest.number);
        lines.append(QStringLiteral("%1, %2, %3")
                         .arg(line, markdownText(each.commit.author),
                              markdownCode(shortSha(each.commit.id))));
    }
    if (commits.more)
        lines.append(Words::tr("and more before these"));
    return lines;
}

QStringList schemaLines(const Comparison &comparison)
{
    QStringList lines;
    for (const ChangeDifference &each : comparison.changes) {
        QString line = markdownCode(each.name.value) + QStringLiteral(": ")
                       + markdownText(changeWords(each));
        if (!each.phase.isEmpty())
            line += Words::tr("; now %1").arg(markdownText(each.phase));
        if (!each.problem.isEmpty())
            line += QStringLiteral(" (") + markdownText(each.problem) + QLatin1Char(')');
        lines.append(line);
    }
    return lines;
}

QStringList valuesLines(const Comparison &comparison)
{
    QStringList lines;
    for (const ValuesFile &file : comparison.values) {
        const QString path = markdownCode(file.path);
        for (const ValueDifference &each : file.differences)
            lines.append(QStringLiteral("%1 %2: %3")
                             .arg(path, markdownCode(each.key), fromTo(each.before, each.after)));
        if (!file.problem.isEmpty())
            lines.append(
                Words::tr("%1 is not read whole: %2").arg(path, markdownText(file.problem)));
        else if (file.differences.isEmpty())
            lines.append(Words::tr("%1: no value differs").arg(path));
    }
    return lines;
}

QStringList dependencyLines(const Comparison &comparison)
{
    QStringList lines;
    for (const DependencyFile &file : comparison.dependencies) {
        for (const DependencyDifference &each : file.differences)
            lines.append(markdownCode(each.name) + QLatin1Char(' ')
                         + fromTo(each.before, each.after));
        if (!file.problem.isEmpty())
            lines.append(markdownCode(file.path) + QLatin1Char(' ') + markdownText(file.problem));
    }
    lines.removeDuplicates(); // one package in two files
    return lines;
}

QString fileLine(const ChangedFile &file)
{
    return file.before.isEmpty()
               ? QStringLiteral("%1 %2").arg(markdownCode(file.path), howWord(file.how))
               : Words::tr("%1 renamed, was %2")
                     .arg(markdownCode(file.path), markdownCode(file.before));
}

QStringList fileLines(const Comparison &comparison, FileKind kind)
{
    QStringList lines;
    for (const ComparedFile &each : filesOf(comparison, kind))
        lines.append(fileLine(each.file));
    return lines;
}

QStringList imageLines(const Comparison &comparison)
{
    QStringList lines;
    const QString untold = Words::tr("not told");
    for (const ImageDifference &each : comparison.images)
        lines.append(QStringLiteral("%1: %2 → %3")
                         .arg(markdownText(each.where), valueCode(each.before, untold),
                              valueCode(each.after, untold)));
    return lines;
}

} // namespace

QString markdownText(const QString &text)
{
    // An underscore within a word emphasizes nothing, and names of columns stay legible.
    static const QRegularExpression special(
        QStringLiteral("([\\\\`*{}\\[\\]<>|~!&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))"));
    static const QRegularExpression atStart(QStringLiteral("^(#|[-+=>]|\\d+[.)])"));
    QString line = text.simplified();
    line.replace(special, QStringLiteral("\\\\1"));
    if (const auto match = atStart.match(line); match.hasMatch())
        line.insert(match.capturedLength() - 1, QLatin1Char('\\'));
    return line;
}

QString markdownCode(const QString &text)
{
    const QString line = text.simplified();
    QString fence = QStringLiteral("`");
    while (line.contains(fence))
        fence += QLatin1Char('`');
    const QString space
        = fence.size() > 1 || line.startsWith(QLatin1Char('`')) ? QStringLiteral(" ") : QString();
    return fence + space + line + space + fence;
}

QString notesOf(const Comparison &comparison)
{
    NoteWriter note;
    note.paragraph(
        Words::tr("# %1 compared with %2").arg(shortSha(comparison.to), shortSha(comparison.from)));
    note.paragraph({});
    note.paragraph(markdownText(relationSentence(comparison)));
    if (comparison.relation == Relation::Same)
        return note.text();
    note.paragraph(markdownText(diffSentence(comparison)));

    const bool twoHistories = comparison.relation == Relation::Unrelated && !comparison.fork;
    if (!comparison.brought.list.isEmpty() && !twoHistories)
        note.add(Words::tr("Commits"), commitLines(comparison.brought));
    if (!comparison.takenBack.list.isEmpty() && !twoHistories)
        note.add(Words::tr("Taken back"), commitLines(comparison.takenBack));
    note.add(Words::tr("Schema changes"), schemaLines(comparison));
    note.add(Words::tr("Chart values"), valuesLines(comparison));
    note.add(Words::tr("Chart"), fileLines(comparison, FileKind::Chart));
    note.add(Words::tr("Dependencies"), dependencyLines(comparison));
    note.add(Words::tr("Workflows"), fileLines(comparison, FileKind::Workflow));
    if (!comparison.images.isEmpty())
        note.add(Words::tr("Images"), imageLines(comparison));
    note.add(Words::tr("Code"), fileLines(comparison, FileKind::Code));
    note.end();
    return note.text();
}

} // namespace pilothouse
