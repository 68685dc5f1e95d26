#include "routefixture.h"

#include "rollout/trafficannotations.h"

#include <QTest>

using namespace pilothouse;

namespace {

using Fixture = RouteFixture;

/// What the last write, a merge patch bound to version 81723, makes of an annotation.
QJsonValue annotationSent(const Fixture &f, const char *annotation)
{
    const HttpRequest &sent = f.http.scripted.requests.last();
    const QJsonObject metadata
        = QJsonDocument::fromJson(sent.body).object().value(QLatin1String("metadata")).toObject();
    if (sent.method != "PATCH"
        || metadata.value(QLatin1String("resourceVersion")) != QLatin1String("81723"))
        return QJsonValue::Undefined;
    return metadata.value(QLatin1String("annotations")).toObject().value(QLatin1String(annotation));
}

GuardMark guardOf(const Fixture &f)
{
    GuardMark mark;
    mark.by = QStringLiteral("mara");
    mark.since = f.clock.now();
    mark.commit = CommitId(newCommit());
    return mark;
}

} // namespace

class SmallNotesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anAnnotationIsWrittenAloneAndIfTheVersionIsStillThat()
    {
        Fixture f;
        const auto before = f.read();
        const QString key = QLatin1String(guardsAnnotation);
        const PlannedCall call = f.control.planAnnotation(key, "[7]", before->value);
        f.answer(with(routeObject(90, 10, "81801"), "metadata.annotations",
                      QJsonObject{{key, QString::fromUtf8(encodeGuards({guardOf(f)}))}}));
        const auto state = await(f.control.annotate(key, "[7]", QStringLiteral("81723")));
        QVERIFY(state);
        QVERIFY(state->value.guards == QList<GuardMark>{guardOf(f)});
        QCOMPARE(annotationSent(f, guardsAnnotation).toString(), QStringLiteral("[7]"));
        const QJsonObject sent
            = QJsonDocument::fromJson(f.http.scripted.requests.last().body).object();
        QCOMPARE(sent.keys(), QStringList{QStringLiteral("metadata")});
        QCOMPARE(
            sent.value(QLatin1String("metadata"))[QLatin1String("annotations")].toObject().keys(),
            QStringList{key});
        QCOMPARE(QJsonDocument::fromJson(call.exact.section(QStringLiteral("\n\n"), 1).toUtf8())
                     .object(),
                 sent);
        QCOMPARE(call.summary, QStringLiteral("PATCH httproute/web   pilothouse.dev/guard   if "
                                              "version is still 81723"));
    }

    void anEmptyAnnotationIsRemoved()
    {
        Fixture f;
        QVERIFY(f.read());
        f.answer(routeObject(90, 10, "81801"));
        QVERIFY(await(
            f.control.annotate(QLatin1String(retiredAnnotation), {}, QStringLiteral("81723"))));
        QVERIFY(annotationSent(f, retiredAnnotation).isNull());
    }
};

QTEST_GUILESS_MAIN(SmallNotesTest)
#include "smallnotestest.moc"
