#include "clusterobjects.h"

#include "connectors/kubernetes/httproute/routeplaces.h"
#include "rollout/trafficannotations.h"

#include <QTest>
#include <QTimeZone>

using namespace pilothouse;

namespace {

KubeRoute decoded(const QJsonObject &object)
{
    const auto route = decodeRoute(object);
    if (!route)
        qFatal("%s", qPrintable(route.error().message));
    return *route;
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
        const auto patch = weightPatch(decoded(routeObject(90, 10)), routeNames(), Weight{50}, {});
        QVERIFY(patch);
        QCOMPARE(
            text(*patch),
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
        const auto patch = weightPatch(decoded(object), routeNames(), Weight{0}, {});
        QVERIFY(patch);
        QVERIFY(!text(*patch).contains("\"/metadata/annotations\""));
        QVERIFY(text(*patch).contains("/weight\",\"value\":100}"));
        QVERIFY(text(*patch).contains("/weight\",\"value\":0}"));
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
        const auto patch = weightPatch(decoded(object), routeNames(), Weight{25}, {});
        QVERIFY(patch);
        QCOMPARE(
            text(withoutAnnotations(*patch)),
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
        const auto patch = weightPatch(decoded(object), routeNames(), Weight{50}, {});
        QVERIFY(!patch);
        QCOMPARE(patch.error().kind, ErrorKind::NotFound);
    }

    void aHoldIsSetAndLifted()
    {
        const Hold hold{QStringLiteral("mara"),
                        QDateTime(QDate(2026, 11, 24), QTime(13, 0), QTimeZone::utc()),
                        QStringLiteral("why"),
                        {}};
        const KubeRoute plain = decoded(routeObject(90, 10));
        QCOMPARE(text(holdPatch(plain, hold)),
                 expected("{'op':'test','path':'/metadata/resourceVersion','value':'81723'}\n"
                          "{'op':'add','path':'/metadata/annotations','value':{}}\n"
                          "{'op':'add','path':'/metadata/annotations/pilothouse.dev~1hold','value':"
                          "'{\\'by\\':\\'mara\\',\\'commit\\':\\'\\',"
                          "\\'since\\':\\'2026-11-24T13:00:00.000Z\\',\\'why\\':\\'why\\'}'}"));
        QJsonObject annotations;
        annotations.insert(QLatin1String(holdAnnotation), QString::fromUtf8(encodeHold(hold)));
        const KubeRoute held
            = decoded(with(routeObject(90, 10), "metadata.annotations", annotations));
        QCOMPARE(text(holdPatch(held, std::nullopt)),
                 expected("{'op':'test','path':'/metadata/resourceVersion','value':'81723'}\n"
                          "{'op':'remove','path':'/metadata/annotations/pilothouse.dev~1hold'}"));
        // Nothing to lift: only the version is tested.
        QCOMPARE(holdPatch(decoded(with(routeObject(90, 10), "metadata.annotations",
                                        parsed("{'team': 'x'}"))),
                           std::nullopt)
                     .size(),
                 1);
    }

    void itIsShownLineByLineWithANoteForTheAnnotation()
    {
        const auto patch = weightPatch(decoded(routeObject(90, 10)), routeNames(), Weight{50}, {});
        QVERIFY(patch);
        const QString shown = shownPatch(*patch, QStringLiteral("the note"));
        QCOMPARE(shown.split(QLatin1Char('\n')).size(), 7);
        QVERIFY(shown.contains(QStringLiteral("changes\",\"value\":\"the note\"}")));
        QVERIFY(shown.contains(QStringLiteral("\"/metadata/annotations\",\"value\":{}")));
    }
};

QTEST_GUILESS_MAIN(RoutePatchTest)
#include "routepatchtest.moc"
