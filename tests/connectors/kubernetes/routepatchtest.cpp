#include "clusterobjects.h"

#include "connectors/kubernetes/httproute/routeplaces.h"

#include <QTest>

using namespace pilothouse;

namespace {

Result<ObjectWrite> patchOf(const QJsonObject &object, int weight)
{
    const auto route = decodeRoute(object);
    if (!route)
        qFatal("%s", qPrintable(route.error().message));
    return weightPatch(*route, routeNames(), Weight{weight}, QStringLiteral("[]"));
}

/// As it is sent.
QJsonArray operations(const ObjectWrite &write)
{
    return write.operationsAt(QStringLiteral("81723"));
}

/// As a confirmation shows it.
PlannedCall shown(const ObjectWrite &write)
{
    return plannedWrite(
        write, QStringLiteral("81723"),
        {{}, QStringLiteral("n"), QStringLiteral("httproute"), QStringLiteral("web"), {}},
        QStringLiteral("weights"), QStringLiteral("the note"));
}

QByteArray text(const QJsonArray &patch)
{
    return QJsonDocument(patch).toJson(QJsonDocument::Compact);
}

/// A patch as this test writes it: one operation a line, single quotes.
QByteArray expected(QByteArray lines)
{
    lines.replace('\'', '"');
    return '[' + lines.split('\n').join(',') + ']';
}

} // namespace

class RoutePatchTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aWeightIsWrittenOnlyOntoWhatWasSeen()
    {
        const auto patch = patchOf(routeObject(90, 10), 50);
        QVERIFY(patch);
        QCOMPARE(
            text(operations(*patch)),
            expected("{'op':'test','path':'/metadata/resourceVersion','value':'81723'}\n"
                     "{'op':'add','path':'/metadata/annotations','value':{}}\n"
                     "{'op':'test','path':'/spec/rules/0/backendRefs/0/name','value':'stable'}\n"
                     "{'op':'test','path':'/spec/rules/0/backendRefs/1/name','value':'candidate'}\n"
                     "{'op':'add','path':'/spec/rules/0/backendRefs/0/weight','value':50}\n"
                     "{'op':'add','path':'/spec/rules/0/backendRefs/1/weight','value':50}\n"
                     "{'op':'add','path':'/metadata/annotations/"
                     "pilothouse.dev~1changes','value':'[]'}"));
    }

    void annotationsOfOthersStay()
    {
        const QJsonObject object
            = with(routeObject(90, 10), "metadata.annotations", parsed("{'team': 'platform'}"));
        const auto patch = patchOf(object, 0);
        QVERIFY(patch);
        QVERIFY(!text(operations(*patch)).contains("\"/metadata/annotations\""));
        QVERIFY(text(operations(*patch)).contains("/weight\",\"value\":100}"));
        QVERIFY(text(operations(*patch)).contains("/weight\",\"value\":0}"));
    }

    void everyRuleThatSharesTrafficOutIsWritten()
    {
        const QJsonObject object = with(
            routeObject(90, 10), "spec.rules",
            parsed("{'all': [{'backendRefs': [{'name': 'docs'}]},"
                   " {'backendRefs': [{'name': 'candidate', 'weight': 1}, {'name': 'stable'}]},"
                   " {'backendRefs': [{'name': 'candidate'}]},"
                   " {'backendRefs': [{'name': 'other'}, {'name': 'stable'}, {'name': "
                   "'candidate'}]}]}")
                .value(QLatin1String("all")));
        const auto patch = patchOf(object, 25);
        QVERIFY(patch);
        QCOMPARE(
            QJsonDocument::fromJson(
                shown(*patch).copyable.section(QLatin1Char('\''), 1, 1).toUtf8())
                .toJson(QJsonDocument::Compact),
            expected("{'op':'test','path':'/metadata/resourceVersion','value':'81723'}\n"
                     "{'op':'test','path':'/spec/rules/1/backendRefs/1/name','value':'stable'}\n"
                     "{'op':'test','path':'/spec/rules/1/backendRefs/0/name','value':'candidate'}\n"
                     "{'op':'test','path':'/spec/rules/3/backendRefs/1/name','value':'stable'}\n"
                     "{'op':'test','path':'/spec/rules/3/backendRefs/2/name','value':'candidate'}\n"
                     "{'op':'add','path':'/spec/rules/1/backendRefs/1/weight','value':75}\n"
                     "{'op':'add','path':'/spec/rules/1/backendRefs/0/weight','value':25}\n"
                     "{'op':'add','path':'/spec/rules/3/backendRefs/1/weight','value':75}\n"
                     "{'op':'add','path':'/spec/rules/3/backendRefs/2/weight','value':25}"));
    }

    void aRouteWithoutBothBackendsIsNotWritten()
    {
        const QJsonObject object = with(routeObject(90, 10), "spec.rules", QJsonArray());
        const auto patch = patchOf(object, 50);
        QVERIFY(!patch);
        QCOMPARE(patch.error().kind, ErrorKind::NotFound);
    }

    void itIsShownLineByLineWithANoteForTheAnnotation()
    {
        const auto patch = patchOf(routeObject(90, 10), 50);
        QVERIFY(patch);
        const QString exact = shown(*patch).exact.section(QStringLiteral("\n\n"), 1);
        QCOMPARE(exact.split(QLatin1Char('\n')).size(), 7);
        QVERIFY(exact.contains(QStringLiteral("changes\",\"value\":\"the note\"}")));
        QVERIFY(exact.contains(QStringLiteral("\"/metadata/annotations\",\"value\":{}")));
    }
};

QTEST_GUILESS_MAIN(RoutePatchTest)
#include "routepatchtest.moc"
