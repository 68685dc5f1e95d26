#include "helm/helmobjects.h"
#include "routefixture.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

constexpr int patience = 10'000;

const QString secrets = QStringLiteral("GET /api/v1/namespaces/production/secrets");
const QString labels = secrets + QStringLiteral("?labelSelector=owner%3Dhelm%2Cname%3Dweb");

/// A route that the release “web” has made.
QJsonObject helmRoute()
{
    return with(routeObject(90, 10), "metadata.annotations",
                QJsonObject{{QStringLiteral("meta.helm.sh/release-name"), QStringLiteral("web")},
                            {QStringLiteral("meta.helm.sh/release-namespace"),
                             QStringLiteral("production")}});
}

/// Revision `number`, in which the chart gives the candidate so much.
HelmSecret revision(int number, int candidate, const char *applyMethod = "")
{
    HelmSecret secret;
    secret.number = number;
    secret.resourceVersion = "50" + QByteArray::number(number);
    secret.applyMethod = applyMethod;
    secret.manifest = QStringLiteral("kind: HTTPRoute\nmetadata: {name: web}\nspec: {rules: "
                                     "[{backendRefs: [{name: stable, weight: %1}, {name: "
                                     "candidate, weight: %2}]}]}\n")
                          .arg(100 - candidate)
                          .arg(candidate);
    return secret;
}

struct Fixture : RouteFixture
{
    void answerLabels(const HelmSecret &secret) { answer(listObject({secretMetadata(secret)})); }
    void answerRelease(const HelmSecret &secret)
    {
        answerLabels(secret);
        answer(secretObject(secret));
    }
    [[nodiscard]] State readWith(const HelmSecret &secret)
    {
        answerRead(helmRoute());
        answerRelease(secret);
        return await(control.read());
    }
    [[nodiscard]] int asked(const QString &beginning) const
    {
        int count = 0;
        for (const QString &each : http.log())
            count += each.startsWith(beginning) ? 1 : 0;
        return count;
    }
};

QString words(const Fixture::State &state)
{
    return state && state->value.nextDeploy ? state->value.nextDeploy->words
                                            : QStringLiteral("not told");
}

} // namespace

/// When a release is read for the sentence about the next deploy, and when it is not.
class DeployWatchTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFirstReadWaitsForTheRelease()
    {
        Fixture f;
        const auto state = f.readWith(revision(41, 0, "ssa"));
        QCOMPARE(words(state),
                 QStringLiteral("the next Helm deploy fails on a conflict: revision 41 is applied "
                                "by the server and says 0 %; with --force-conflicts it overwrites "
                                "this weight"));
        QCOMPARE(state->value.nextDeploy->brings, std::optional(0));
        QVERIFY2(f.http.log().at(4).startsWith(labels), qPrintable(f.http.log().at(4)));
        QCOMPARE(f.http.log().last(), secrets + QStringLiteral("/sh.helm.release.v1.web.v41"));
    }

    void aLaterReadAsksForTheLabelsOnceAMinute()
    {
        Fixture f;
        QVERIFY(f.readWith(revision(41, 0)));
        QVERIFY(f.read(helmRoute()));
        QCOMPARE(f.asked(secrets), 2);
        f.clock.advance(60s);
        f.answerRead(helmRoute());
        f.answerLabels(revision(41, 0));
        QVERIFY(await(f.control.read()));
        QTRY_COMPARE_WITH_TIMEOUT(f.asked(secrets), 3, patience);
        QVERIFY2(f.http.log().last().startsWith(labels), qPrintable(f.http.log().last()));
    }

    void aNewRevisionIsRead()
    {
        Fixture f;
        QVERIFY(f.readWith(revision(41, 0, "ssa")));
        f.clock.advance(60s);
        f.answerRead(helmRoute());
        f.answerRelease(revision(42, 20, "ssa"));
        QVERIFY(await(f.control.read()));
        QTRY_COMPARE_WITH_TIMEOUT(f.asked(secrets), 4, patience);
        const auto says20 = [&f] {
            return words(f.read(helmRoute())).contains(QStringLiteral("revision 42"));
        };
        QTRY_VERIFY_WITH_TIMEOUT(says20(), patience);
    }

    void aGlanceNeverWaitsForIt()
    {
        Fixture f;
        f.answerRead(helmRoute());
        const auto state = await(f.control.glance());
        QCOMPARE(words(state), QStringLiteral("what the next deploy does to this weight is not "
                                              "known: the Helm release web was not read yet"));
        QCOMPARE(f.asked(secrets), 0);
    }

    void whoeverWatchesIsToldWhenItIsKnown()
    {
        Fixture f;
        for (const RoutePart part : {RoutePart::Services, RoutePart::Deployments, RoutePart::Pods})
            f.answer(listObject(objectsOf(part)));
        f.answer(listObject({helmRoute()}));
        f.answer(helmRoute()); // the pulse
        f.answerRelease(revision(41, 0));
        f.control.watch();
        for (const RoutePart part : routeParts)
            f.stream(part).start();
        const auto isTold = [&f] {
            f.clock.advance(50ms);
            return !f.told.isEmpty() && f.told.last().value.nextDeploy
                   && f.told.last().value.nextDeploy->words.contains(QStringLiteral("revision 41"));
        };
        QTRY_VERIFY_WITH_TIMEOUT(isTold(), patience);
    }

    void aReleaseThatMayNotBeSeenIsSaidAndStopsNothing()
    {
        Fixture f;
        f.answerRead(helmRoute());
        f.http.scripted.answer(403, "{}");
        const auto state = await(f.control.read());
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QCOMPARE(state->value.asked, Weight{10});
        QCOMPARE(words(state),
                 QStringLiteral("what the next deploy does to this weight is not known: Helm's "
                                "history cannot be seen: you lack list on secrets in production"));
    }

    void recordsThatAreKeptElsewhereAreSaid()
    {
        Fixture f;
        f.answerRead(helmRoute());
        f.answer(listObject({}));
        QVERIFY2(words(await(f.control.read())).contains(QStringLiteral("HELM_DRIVER")),
                 qPrintable(f.http.log().last()));
    }

    void aDeployUnderWayIsSaid()
    {
        Fixture f;
        HelmSecret pending = revision(42, 0);
        pending.status = "pending-upgrade";
        f.answerRead(helmRoute());
        f.answer(listObject({secretMetadata(revision(41, 0)), secretMetadata(pending)}));
        f.answer(secretObject(revision(41, 0)));
        QCOMPARE(words(await(f.control.read())),
                 QStringLiteral("what the next deploy does to this weight is not known: a Helm "
                                "deploy is under way (pending-upgrade)"));
    }

    void aRouteThatHelmDidNotMakeAsksForNoSecret()
    {
        Fixture f;
        QVERIFY(words(f.read()).startsWith(QStringLiteral("no deploy is known")));
        QCOMPARE(f.asked(secrets), 0);
    }

    void whereOthersTellItNothingIsAskedAndNothingSaid()
    {
        StreamsHttp http;
        FakeClock clock;
        KubernetesApi api{http, clock, QUrl(QStringLiteral("https://k8s.test"))};
        HttpRouteControl control{
            api, clock,
            HttpRouteControl::Settings{
                QStringLiteral("production"), routeNames(), {}, WatchedControl::Deploys::ByOthers}};
        for (const RoutePart part : {RoutePart::Services, RoutePart::Deployments, RoutePart::Pods})
            http.scripted.answer(200, bytes(listObject(objectsOf(part))));
        http.scripted.answer(200, bytes(helmRoute()));
        const auto state = await(control.read());
        QVERIFY(state);
        QVERIFY(!state->value.nextDeploy);
        QCOMPARE(http.log().size(), 4);
    }
};

QTEST_GUILESS_MAIN(DeployWatchTest)
#include "deploywatchtest.moc"
