#include "app/cli/judge/vectorfile.h"

#include "app/cli/judge/classifiercase.h"
#include "app/cli/judge/referencecase.h"
#include "app/cli/judge/samplecase.h"
#include "app/cli/judge/scorercase.h"
#include "app/cli/judge/shiftcase.h"
#include "base/words.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>

namespace pilothouse {

namespace {

using Judging = void (*)(CaseReport &report, Solver solver);

const QHash<QString, Judging> &judgings()
{
    static const QHash<QString, Judging> all{
        {QStringLiteral("classifier"), judgeClassifierCase},
        {QStringLiteral("mannWhitney"), judgeShiftCase},
        {QStringLiteral("detectors"), judgeDetectorCase},
        {QStringLiteral("transforms"), judgeTransformCase},
        {QStringLiteral("statistics"), judgeStatisticCase},
        {QStringLiteral("scorer"), judgeScorerCase},
        {QStringLiteral("cases"), judgeReferenceCase},
    };
    return all;
}

QString caseName(const QString &list, const QJsonObject &given, qsizetype place)
{
    QString test = given.value(QLatin1String("test")).toString();
    if (!test.isEmpty())
        return test;
    const QJsonValue id = given.value(QLatin1String("id"));
    const QString number
        = id.isString() ? id.toString() : QString::number(id.toInteger(qint64(place)));
    return QStringLiteral("%1 %2").arg(list, number);
}

void judgeList(QList<QJsonObject> &lines, const QString &name, const QJsonArray &list,
               Solver solver)
{
    const Judging judging = judgings().value(name);
    for (qsizetype i = 0; i < list.size(); ++i) {
        const QJsonObject given = list[i].toObject();
        CaseReport report(caseName(name, given, i), given);
        if (judging)
            judging(report, solver);
        else
            report.refuse(Words::tr("cases of \"%1\" are not known").arg(name));
        lines.append(report.line());
    }
}

} // namespace

Result<QList<QJsonObject>> judgeVectors(const QByteArray &file, Solver solver)
{
    QJsonParseError parsed;
    const QJsonDocument document = QJsonDocument::fromJson(file, &parsed);
    if (parsed.error != QJsonParseError::NoError)
        return fail(ErrorKind::BadInput, Words::tr("no JSON: %1").arg(parsed.errorString()));
    const QJsonObject all = document.object();
    QList<QJsonObject> lines;
    for (auto it = all.begin(); it != all.end(); ++it) {
        if (it->isArray())
            judgeList(lines, it.key(), it->toArray(), solver);
    }
    if (lines.isEmpty())
        return fail(ErrorKind::BadInput, Words::tr("there are no cases in it"));
    return lines;
}

} // namespace pilothouse
