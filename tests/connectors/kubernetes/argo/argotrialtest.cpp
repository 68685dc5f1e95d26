#include "argofixture.h"

#include <QTest>

using namespace pilothouse;

/// What a Rollout's dry runs ask, and what they tell.
class ArgoTrialTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aDryRunTellsTheDifference()
    {
        ArgoFixture f;
        QVERIFY(f.read());
        f.answer(rolloutObject());
        f.answer(ArgoFixture::resumed("81723"));
        f.answer(with(rolloutObject(), "metadata.annotations",
                      parsed("{'pilothouse.dev/changes': '[]'}")));
        const auto run = await(f.control.dryRun(ArgoFixture::request(50)));
        QVERIFY2(run, qPrintable(run ? QString() : run.error().message));
        QCOMPARE(run->how, QStringLiteral("dryRun=All"));
        QCOMPARE(run->changes.size(), 2);
        QCOMPARE(run->changes.last(), QStringLiteral("our note of it"));
        QVERIFY2(run->changes.first().startsWith(QStringLiteral("status.pauseConditions: [{")),
                 qPrintable(run->changes.first()));
        QVERIFY(run->changes.first().endsWith(QStringLiteral(" → (nothing)")));
        QVERIFY(f.writes().first().url.query().endsWith(QStringLiteral("&dryRun=All")));
    }

    void aDryRunOfAnOwnActionIsTheVeryRequests()
    {
        ArgoFixture f;
        QVERIFY(f.read());
        f.answer(rolloutObject());
        f.answer(with(rolloutObject(), "status.abort", true));
        f.answer(with(rolloutObject(), "metadata.annotations",
                      parsed("{'pilothouse.dev/deeds': '[]'}")));
        const auto run = await(f.control.dryRunOwn(ArgoFixture::own("argo.abort")));
        QVERIFY2(run, qPrintable(run ? QString() : run.error().message));
        QCOMPARE(run->how, QStringLiteral("dryRun=All"));
        QCOMPARE(run->changes, (QStringList{QStringLiteral("status.abort: (nothing) → true"),
                                            QStringLiteral("our note of it")}));
        QCOMPARE(f.writes().size(), 2);
        for (const HttpRequest &sent : f.writes())
            QVERIFY(sent.url.query().endsWith(QStringLiteral("&dryRun=All")));
        const QJsonObject tried = f.body(0);
        // In earnest the first request is the same, and stands on the version that was read.
        f.answer(rolloutObject("81800"));
        f.answer(rolloutObject("81801"));
        QVERIFY(await(f.control.runOwn(ArgoFixture::own("argo.abort"))));
        QCOMPARE(f.body(2), tried);
        QCOMPARE(f.writes()[2].url.path(), f.writes()[0].url.path());
    }

    void aDryRunOfAnUndoInADeploymentNamesIt()
    {
        ArgoFixture f;
        f.object = with(rolloutObject(), "spec.workloadRef",
                        parsed("{'kind': 'Deployment', 'name': 'w'}"));
        QVERIFY(f.read());
        f.answer(f.object);
        f.answer(parsed("{'metadata': {'name': 'w', 'resourceVersion': '500'},"
                        " 'spec': {'template': 'new'}}"));
        f.answer(parsed("{'metadata': {'name': 'w', 'resourceVersion': '501'},"
                        " 'spec': {'template': 'old'}}"));
        f.answer(with(f.object, "metadata.annotations", parsed("{'pilothouse.dev/deeds': '[]'}")));
        const auto run = await(f.control.dryRunOwn(ArgoFixture::own("argo.undo:1")));
        QVERIFY2(run, qPrintable(run ? QString() : run.error().message));
        QCOMPARE(run->changes, (QStringList{QStringLiteral("Deployment/w spec.template: new → old"),
                                            QStringLiteral("our note of it")}));
        QCOMPARE(f.writes().size(), 2);
        QCOMPARE(f.writes().first().url.path(),
                 QStringLiteral("/apis/apps/v1/namespaces/production/deployments/w"));
        const QJsonArray operations = QJsonDocument::fromJson(f.writes().first().body).array();
        QCOMPARE(operations.first().toObject(),
                 parsed("{'op': 'test', 'path': '/metadata/resourceVersion', 'value': '500'}"));
        for (const HttpRequest &sent : f.writes())
            QVERIFY(sent.url.query().endsWith(QStringLiteral("&dryRun=All")));
    }

    void aNoteThatWouldNotBeTakenStopsNoDryRun()
    {
        ArgoFixture f;
        QVERIFY(f.read());
        f.answer(rolloutObject());
        f.answer(with(rolloutObject(), "status.abort", true));
        f.http.scripted.answer(403, "{\"message\": \"no right\"}");
        const auto run = await(f.control.dryRunOwn(ArgoFixture::own("argo.abort")));
        QVERIFY2(run, qPrintable(run ? QString() : run.error().message));
        QCOMPARE(run->changes.size(), 2);
        QVERIFY2(run->changes[1].startsWith(QStringLiteral("no note of it: ")),
                 qPrintable(run->changes[1]));
    }

    void aDryRunOfWhatIsOffOrStaleSaysSo()
    {
        ArgoFixture f;
        QVERIFY(f.read());
        f.answer(rolloutObject());
        const auto off = await(f.control.dryRunOwn(ArgoFixture::own("argo.retry")));
        QCOMPARE(off.error().kind, ErrorKind::Refused);
        QVERIFY(off.error().message.contains(QStringLiteral("it is not aborted")));
        f.answer(rolloutObject("81999"));
        const auto stale = await(f.control.dryRunOwn(ArgoFixture::own("argo.abort")));
        QCOMPARE(stale.error().kind, ErrorKind::Conflict);
        QVERIFY(f.writes().isEmpty());
    }

    void aDryRunOfAHoldTellsWhoseItIs()
    {
        ArgoFixture f;
        QVERIFY(f.read());
        Hold hold;
        hold.by = QStringLiteral("mara");
        f.answer(rolloutObject());
        f.answer(with(
            rolloutObject(), "metadata.annotations",
            QJsonObject{{QLatin1String(holdAnnotation), QString::fromUtf8(encodeHold(hold))}}));
        const auto run = await(f.control.dryRunHold(hold, QStringLiteral("81723")));
        QVERIFY2(run, qPrintable(run ? QString() : run.error().message));
        QCOMPARE(run->changes, QStringList{QStringLiteral("hold: (none) → by mara")});
        QVERIFY(f.writes().first().url.query().endsWith(QStringLiteral("&dryRun=All")));
    }
};

QTEST_GUILESS_MAIN(ArgoTrialTest)
#include "argotrialtest.moc"
