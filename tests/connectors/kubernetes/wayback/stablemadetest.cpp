#include "connectors/kubernetes/wayback/stablemade.h"

#include "clusterobjects.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

const QString production = QStringLiteral("production");

/// A Deployment of this release; "" = of none.
KubeDeployment deployment(const char *name, const char *release, const char *where = "production")
{
    KubeDeployment made;
    made.name = QString::fromLatin1(name);
    made.helmRelease = QString::fromLatin1(release);
    made.helmNameSpace = QString::fromLatin1(where);
    return made;
}

QString manifestOf(const QString &kind, const QString &name, const QString &nameSpace,
                   const QString &commit)
{
    return QStringLiteral("kind: %1\nmetadata: {name: %2%3}\n"
                          "spec:\n  template:\n    metadata: {labels: {app: web, sha: '%4'}}\n"
                          "    spec: {containers: [{name: app, image: 'registry.test/app:%4'}]}\n")
        .arg(kind, name,
             nameSpace.isEmpty() ? QString() : QStringLiteral(", namespace: ") + nameSpace, commit);
}

} // namespace

class StableMadeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theDeploymentSaysWhichReleaseItBelongsTo_data()
    {
        QTest::addColumn<QList<KubeDeployment>>("behind");
        QTest::addColumn<QString>("owner");
        const auto row
            = [](const char *name, const QList<KubeDeployment> &behind, const char *owner) {
                  QTest::newRow(name) << behind << QString::fromLatin1(owner);
              };
        row("one of a release", {deployment("web", "shop")}, "production/shop web");
        row("a release of another namespace", {deployment("web", "shop", "apps")}, "apps/shop web");
        row("without a namespace it is its own", {deployment("web", "shop", "")},
            "production/shop web");
        row("nobody's", {deployment("web", "")}, "");
        row("none at all", {}, "");
        row("two of one release", {deployment("web-b", "shop"), deployment("web-a", "shop")},
            "production/shop web-a");
        row("two of two releases", {deployment("web", "shop"), deployment("web-2", "other")}, "");
        row("one of a release and one of nobody", {deployment("web", "shop"), deployment("x", "")},
            "");
    }
    void theDeploymentSaysWhichReleaseItBelongsTo()
    {
        QFETCH(QList<KubeDeployment>, behind);
        QFETCH(QString, owner);
        const auto found = stableOwner(behind, production);
        QCOMPARE(found ? QStringLiteral("%1/%2 %3")
                             .arg(found->release.nameSpace, found->release.name, found->deployment)
                       : QString(),
                 owner);
    }

    void whatARevisionMakesOfItIsInItsManifest_data()
    {
        QTest::addColumn<QString>("manifest");
        QTest::addColumn<bool>("isThere");
        const QString stable
            = manifestOf(QStringLiteral("Deployment"), QStringLiteral("web"), {}, oldCommit());
        const QString canary = manifestOf(QStringLiteral("Deployment"),
                                          QStringLiteral("web-canary"), {}, newCommit());
        const QString job
            = manifestOf(QStringLiteral("Job"), QStringLiteral("web"), {}, newCommit());
        const QString line = QStringLiteral("---\n");
        QTest::newRow("among others") << QString(canary + line + job + line + stable) << true;
        QTest::newRow("in its namespace") << manifestOf(
            QStringLiteral("Deployment"), QStringLiteral("web"), production, oldCommit())
                                          << true;
        QTest::newRow("in another namespace")
            << manifestOf(QStringLiteral("Deployment"), QStringLiteral("web"),
                          QStringLiteral("staging"), oldCommit())
            << false;
        QTest::newRow("not at all") << QString(canary + line + job) << false;
        QTest::newRow("an empty manifest") << QString() << false;
    }
    void whatARevisionMakesOfItIsInItsManifest()
    {
        QFETCH(QString, manifest);
        QFETCH(bool, isThere);
        const StableOwner owner{{production, QStringLiteral("shop")}, QStringLiteral("web"), {}};
        const auto made = stableIn(manifest, owner, production, {});
        QVERIFY(made);
        QCOMPARE(made->isThere, isThere);
        QCOMPARE(made->commit.value, isThere ? oldCommit() : QString());
    }

    void theCommitIsToldAsTheTrackSays()
    {
        const StableOwner owner{{production, QStringLiteral("shop")}, QStringLiteral("web"), {}};
        const QString manifest
            = manifestOf(QStringLiteral("Deployment"), QStringLiteral("web"), {}, oldCommit());
        const auto by = [&](const char *label) {
            return stableIn(manifest, owner, production,
                            {CommitFrom::Kind::Label, QString::fromLatin1(label)})
                ->commit.value;
        };
        QCOMPARE(by("sha"), oldCommit());
        QCOMPARE(by("other"), QString()); // is there, and does not tell
    }

    void aDeploymentThatCannotBeReadIsNoAnswer()
    {
        const StableOwner owner{{production, QStringLiteral("shop")}, QStringLiteral("web"), {}};
        const auto made
            = stableIn(QStringLiteral("kind: Deployment\nmetadata: {name: web}\nspec: {}\n"), owner,
                       production, {});
        QVERIFY(!made);
        QCOMPARE(made.error().kind, ErrorKind::Malformed);
    }

    void howLongTheLastRollOutTookIsOnTheDeployment_data()
    {
        QTest::addColumn<QString>("conditions");
        QTest::addColumn<int>("seconds");
        const auto row = [](const char *name, const char *conditions, int seconds) {
            QTest::newRow(name) << QString::fromLatin1(conditions) << seconds;
        };
        // Its template was written at 12:00:00.
        row("all Pods were new three minutes later",
            "[{'type': 'Available', 'lastUpdateTime': '2026-11-24T12:09:00Z'},"
            " {'type': 'Progressing', 'reason': 'NewReplicaSetAvailable',"
            "  'lastUpdateTime': '2026-11-24T12:03:00Z'}]",
            180);
        row("it goes on",
            "[{'type': 'Progressing', 'reason': 'ReplicaSetUpdated',"
            "  'lastUpdateTime': '2026-11-24T12:03:00Z'}]",
            -1);
        row("the template was written since",
            "[{'type': 'Progressing', 'reason': 'NewReplicaSetAvailable',"
            "  'lastUpdateTime': '2026-11-24T11:59:00Z'}]",
            -1);
        row("nothing is told", "[]", -1);
    }
    void howLongTheLastRollOutTookIsOnTheDeployment()
    {
        QFETCH(QString, conditions);
        QFETCH(int, seconds);
        QByteArray text = conditions.toLatin1();
        text.replace('\'', '"');
        const QJsonObject object = with(deploymentObject("stable", "stable", oldCommit(), 3),
                                        "status.conditions", QJsonDocument::fromJson(text).array());
        const auto read = decodeDeployment(object);
        QVERIFY(read);
        QCOMPARE(read->rolledOutIn ? int(read->rolledOutIn->count() / 1000) : -1, seconds);
    }
};

QTEST_GUILESS_MAIN(StableMadeTest)
#include "stablemadetest.moc"
