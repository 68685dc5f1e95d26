#include "support/kube/kubeserver.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace pilothouse;

namespace {

constexpr char merge[] = "application/merge-patch+json";

QString rollouts(const char *rest = "")
{
    return QStringLiteral("/apis/argoproj.io/v1alpha1/namespaces/production/rollouts")
           + QLatin1String(rest);
}

/// A Rollout with these steps, single quotes for double ones.
QByteArray rollout(const char *name, const char *steps)
{
    QByteArray text
        = QByteArray("{'apiVersion': 'argoproj.io/v1alpha1', 'kind': 'Rollout',"
                     " 'metadata': {'name': '")
          + name + "'}, 'spec': {'replicas': 3, 'strategy': {'canary': {'steps': " + steps + "}}}}";
    return text.replace('\'', '"');
}

QJsonArray stepsOf(const QJsonObject &rollout)
{
    return rollout[QLatin1String("spec")][QLatin1String("strategy")][QLatin1String("canary")]
                  [QLatin1String("steps")]
                      .toArray();
}

} // namespace

/// What our own definitions of foreign kinds make a real API server do: as the vendors' own.
class DefinitionsTest final : public QObject
{
    Q_OBJECT

private:
    KubeServer m_server;

private Q_SLOTS:
    void initTestCase() { START_OR_SKIP(m_server); }

    void aWeightThatIsNoNumberIsRefused()
    {
        const auto answer
            = m_server.admin().ask("POST", rollouts(), rollout("text", "[{'setWeight': 'ten'}]"));
        QCOMPARE(answer.status, 422);
        QVERIFY(QJsonDocument(answer.object)
                    .toJson()
                    .contains("setWeight in body must be of type integer"));
    }

    void aWeightOfMoreThanAllIsTakenAndAMisspeltStepIsDropped()
    {
        const auto answer = m_server.admin().ask(
            "POST", rollouts(), rollout("odd", "[{'setWeight': 150}, {'setWieght': 50}]"));
        QCOMPARE(answer.status, 201);
        const QJsonArray steps = stepsOf(answer.object);
        QCOMPARE(steps[0][QLatin1String("setWeight")].toInt(), 150);
        QCOMPARE(steps[1].toObject(), QJsonObject());
    }

    void aRolloutsStatusIsWrittenApart()
    {
        KubeAsk &admin = m_server.admin();
        QCOMPARE(admin.ask("POST", rollouts(), rollout("web", "[{'setWeight': 10}, {'pause': {}}]"))
                     .status,
                 201);
        const QByteArray paused = "{\"status\": {\"phase\": \"Paused\", \"currentStepIndex\": 1, "
                                  "\"pauseConditions\": [{\"reason\": \"CanaryPauseStep\"}]}}";
        const auto main = admin.ask("PATCH", rollouts("/web"), paused, merge);
        QCOMPARE(main.status, 200);
        QVERIFY(!main.object.contains(QLatin1String("status")));
        const qint64 generation
            = main.object[QLatin1String("metadata")][QLatin1String("generation")].toInteger();
        const auto told = admin.ask("PATCH", rollouts("/web/status"), paused, merge);
        QCOMPARE(told.status, 200);
        const QJsonValue status = told.object[QLatin1String("status")];
        QCOMPARE(status[QLatin1String("currentStepIndex")].toInt(), 1);
        // Fields that we do not name are kept.
        QCOMPARE(status[QLatin1String("pauseConditions")].toArray().size(), 1);
        QCOMPARE(told.object[QLatin1String("metadata")][QLatin1String("generation")].toInteger(),
                 generation);
    }

    void anAnalysisRunsStatusIsPartOfIt()
    {
        const auto answer = m_server.admin().ask(
            "POST", QStringLiteral("/apis/argoproj.io/v1alpha1/namespaces/production/analysisruns"),
            "{\"metadata\": {\"name\": \"web-1\"}, \"spec\": {\"metrics\": []},"
            " \"status\": {\"phase\": \"Running\"}, \"apiVersion\": \"argoproj.io/v1alpha1\","
            " \"kind\": \"AnalysisRun\"}");
        QCOMPARE(answer.status, 201);
        QCOMPARE(answer.object[QLatin1String("status")][QLatin1String("phase")].toString(),
                 QStringLiteral("Running"));
    }

    void whatARouteLeavesOutIsFilledIn()
    {
        const auto answer = m_server.admin().ask(
            "POST",
            QStringLiteral("/apis/gateway.networking.k8s.io/v1/namespaces/production/httproutes"),
            "{\"metadata\": {\"name\": \"web\"}, \"apiVersion\": "
            "\"gateway.networking.k8s.io/v1\", \"kind\": \"HTTPRoute\", \"spec\": {\"rules\": "
            "[{\"backendRefs\": [{\"name\": \"web\", \"port\": 80}], \"retry\": {}}]}}");
        QCOMPARE(answer.status, 201);
        const QJsonValue rule
            = answer.object[QLatin1String("spec")][QLatin1String("rules")].toArray().first();
        const QJsonValue backend = rule[QLatin1String("backendRefs")][0];
        QCOMPARE(backend[QLatin1String("weight")].toInt(), 1);
        QCOMPARE(backend[QLatin1String("kind")].toString(), QStringLiteral("Service"));
        QCOMPARE(answer.object[QLatin1String("metadata")][QLatin1String("generation")].toInteger(),
                 1);
        QVERIFY(!rule.toObject().contains(QLatin1String("retry"))); // not in our definition
    }

    void kubectlKnowsThemByTheirShortNames()
    {
        const QString out = m_server.kubectl({QStringLiteral("get"), QStringLiteral("ro,ar"),
                                              QStringLiteral("-n"), QStringLiteral("production"),
                                              QStringLiteral("-o"), QStringLiteral("name")});
        QCOMPARE(out.split(QLatin1Char('\n')),
                 QStringList({QStringLiteral("rollout.argoproj.io/odd"),
                              QStringLiteral("rollout.argoproj.io/web"),
                              QStringLiteral("analysisrun.argoproj.io/web-1")}));
    }
};

QTEST_GUILESS_MAIN(DefinitionsTest)
#include "definitionstest.moc"
