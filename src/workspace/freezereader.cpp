#include "workspace/freezereader.h"

#include "base/words.h"
#include "document/nearestword.h"

#include <QRegularExpression>

namespace pilothouse {

namespace {

const QStringList &days()
{
    static const QStringList names{
        QStringLiteral("Mon"), QStringLiteral("Tue"), QStringLiteral("Wed"), QStringLiteral("Thu"),
        QStringLiteral("Fri"), QStringLiteral("Sat"), QStringLiteral("Sun")};
    return names;
}

std::optional<WeekTime> readWeekTime(Fields &fields, const char *key)
{
    const std::optional<QString> text = fields.text(key);
    if (!text)
        return std::nullopt;
    static const QRegularExpression form(QStringLiteral("^([A-Za-z]+) +(\\d\\d):(\\d\\d)$"));
    const QRegularExpressionMatch match = form.match(*text);
    const QString day
        = match.hasMatch() ? match.captured(1) : text->section(QLatin1Char(' '), 0, 0);
    const qsizetype index = days().indexOf(day);
    const QTime time(match.captured(2).toInt(), match.captured(3).toInt());
    if (!match.hasMatch() || index < 0 || !time.isValid()) {
        fields.report(key,
                      Words::tr("%1: expected a day (%2) and a time, such as \"Fri 16:00\", found "
                                "\"%3\"")
                          .arg(QLatin1String(key), days().join(QStringLiteral(", ")), *text),
                      index < 0 ? nearestWord(day, days()) : QString());
        return std::nullopt;
    }
    return WeekTime{Qt::DayOfWeek(index + 1), time};
}

QTimeZone readZone(Fields &fields)
{
    const std::optional<QString> name = fields.text("zone");
    if (!name)
        return {};
    if (QTimeZone::isTimeZoneIdAvailable(name->toUtf8()))
        return QTimeZone(name->toUtf8());
    QStringList known;
    for (const QByteArray &id : QTimeZone::availableTimeZoneIds())
        known.append(QString::fromUtf8(id));
    fields.report(
        "zone",
        Words::tr("zone: expected a time zone such as Europe/Vienna, found \"%1\"").arg(*name),
        nearestWord(*name, known));
    return {};
}

} // namespace

QList<FreezeWindow> readFreeze(Fields &workspace)
{
    QList<FreezeWindow> windows;
    for (const YamlNode &node : workspace.list("freeze", Fields::Need::Optional)) {
        Fields fields(node, Words::tr("a freeze window"), workspace.problems());
        const std::optional<WeekTime> from = readWeekTime(fields, "from");
        const std::optional<WeekTime> to = readWeekTime(fields, "to");
        FreezeWindow window{from.value_or(WeekTime()), to.value_or(WeekTime()), readZone(fields),
                            fields.text("why").value_or(QString())};
        if (from && to && *from == *to)
            fields.report("to", Words::tr("to: expected another moment of the week than from"));
        windows.append(window);
    }
    return windows;
}

} // namespace pilothouse
