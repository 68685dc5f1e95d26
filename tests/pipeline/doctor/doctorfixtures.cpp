#include "pipeline/doctor/doctorfixtures.h"

#include "support/places.h"

#include <QDir>
#include <QFile>

namespace pilothouse {

namespace {

const QString doctorFolder = QStringLiteral(PILOTHOUSE_SOURCE_DIR "/tests/pipeline/doctor/");

} // namespace

QString doctorText(const QString &path)
{
    QFile file(doctorFolder + path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no fixture %s", qPrintable(path));
    return QString::fromUtf8(file.readAll());
}

QStringList doctorFiles(const QString &folder)
{
    return QDir(doctorFolder + folder)
        .entryList({QStringLiteral("*.yml")}, QDir::Files, QDir::Name);
}

QList<Workflow> doctorWorkflows(const QString &text)
{
    const QString marker = QStringLiteral("# file: ");
    QList<SourceFile> files{{QStringLiteral("w.yml"), {}}};
    qsizetype line = 0;
    for (const QString &content : text.split(QLatin1Char('\n'))) {
        if (content.startsWith(marker))
            files.append({content.mid(marker.size()), QByteArray(line, '\n')});
        files.last().content += content.toUtf8() + '\n';
        ++line;
    }
    QList<Workflow> workflows;
    for (SourceFile file : files) {
        file.path = QStringLiteral(".github/workflows/") + file.path;
        workflows.append(parseWorkflow(file));
    }
    return workflows;
}

QStringList expectedPlaces(const QString &text)
{
    const QString begin = QStringLiteral("# fires at ");
    const QString first = text.section(QLatin1Char('\n'), 0, 0);
    return first.startsWith(begin) ? first.mid(begin.size()).split(QLatin1Char(' '))
                                   : QStringList();
}

QStringList toldBy(const QList<Finding> &findings)
{
    QStringList all;
    for (const Finding &finding : findings) {
        all.append(QStringLiteral("%1 %2:%3:%4 %5")
                       .arg(finding.rule, finding.path.section(QLatin1Char('/'), -1))
                       .arg(finding.at.line)
                       .arg(finding.at.column)
                       .arg(finding.sentence));
    }
    return all;
}

} // namespace pilothouse
