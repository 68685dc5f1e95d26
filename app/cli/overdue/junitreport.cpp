#include "app/cli/overdue/junitreport.h"

#include "base/words.h"

#include <QXmlStreamWriter>

namespace pilothouse {
namespace {

/// How a case ended.
struct Ending
{
    const char *element = nullptr; ///< "failure" or "error"; nullptr = it passed
    QString message;
};

struct Case
{
    QString name;
    Ending ending;
    QString words;
};

QList<Case> casesOf(const QStringList &unread)
{
    QList<Case> cases;
    for (const QString &sentence : unread)
        cases.append({Words::tr("can be read"), {"error", sentence}, {}});
    return cases;
}

QList<Case> casesOf(const DatabaseStanding &standing)
{
    QList<Case> cases = casesOf(standing.unread);
    for (const OpenContract &contract : standing.contracts) {
        const QString when = Words::tr("CONTRACT %1").arg(lateWords(contract.daysLeft));
        cases.append({contract.change.value, contract.isLate() ? Ending{"failure", when} : Ending(),
                      contract.isLate() ? urgencyWords(contract) : when});
    }
    for (const Leftover &leftover : standing.leftovers) {
        const bool late = isLate(leftover, standing.at);
        cases.append({leftoverWords(leftover),
                      late ? Ending{"failure",
                                    Words::tr("%1 days old").arg(*ageInDays(leftover, standing.at))}
                           : Ending(),
                      leftoverTodo(leftover)});
    }
    return cases;
}

int count(const QList<Case> &cases, QLatin1String element)
{
    int n = 0;
    for (const Case &each : cases)
        n += each.ending.element && QLatin1String(each.ending.element) == element ? 1 : 0;
    return n;
}

void writeSuite(QXmlStreamWriter &xml, const QString &name, const QList<Case> &cases)
{
    xml.writeStartElement(QStringLiteral("testsuite"));
    xml.writeAttribute(QStringLiteral("name"), name);
    xml.writeAttribute(QStringLiteral("tests"), QString::number(cases.size()));
    xml.writeAttribute(QStringLiteral("failures"),
                       QString::number(count(cases, QLatin1String("failure"))));
    xml.writeAttribute(QStringLiteral("errors"),
                       QString::number(count(cases, QLatin1String("error"))));
    for (const Case &each : cases) {
        xml.writeStartElement(QStringLiteral("testcase"));
        xml.writeAttribute(QStringLiteral("classname"), name);
        xml.writeAttribute(QStringLiteral("name"), each.name);
        if (each.ending.element) {
            xml.writeStartElement(QLatin1String(each.ending.element));
            xml.writeAttribute(QStringLiteral("message"), each.ending.message);
            xml.writeCharacters(each.words);
            xml.writeEndElement();
        } else if (!each.words.isEmpty()) {
            xml.writeTextElement(QStringLiteral("system-out"), each.words);
        }
        xml.writeEndElement();
    }
    xml.writeEndElement();
}

} // namespace

QByteArray junitXml(const CheckReport &report)
{
    QByteArray bytes;
    QXmlStreamWriter xml(&bytes);
    xml.setAutoFormatting(true);
    xml.writeStartDocument();
    xml.writeStartElement(QStringLiteral("testsuites"));
    if (!report.unread.isEmpty())
        writeSuite(xml, Words::tr("change files"), casesOf(report.unread));
    for (const DatabaseStanding &standing : report.databases)
        writeSuite(xml, standing.database, casesOf(standing));
    xml.writeEndElement();
    xml.writeEndDocument();
    return bytes;
}

} // namespace pilothouse
