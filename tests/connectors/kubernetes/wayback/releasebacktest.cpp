#include "connectors/kubernetes/wayback/releaseback.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Change = std::function<void(ReleaseSight &)>;

namespace {

const QString a(40, QLatin1Char('a'));
const QString b(40, QLatin1Char('b'));
const QString c(40, QLatin1Char('c'));
const QDateTime noon(QDate(2026, 11, 24), QTime(12, 0), Qt::UTC);

HelmRevision revision(int number, const char *word)
{
    HelmRevision made;
    made.number = number;
    made.word = QString::fromLatin1(word);
    made.status = statusFrom(made.word);
    return made;
}

StableMade brings(const QString &commit)
{
    return {true, CommitId(commit)};
}

/// 43 is live and brings `c`; 42 deployed a candidate beside `b`, 41 made `b` the stable, 40 `a`.
ReleaseSight sight()
{
    HelmHistory history;
    history.revisions = {revision(43, "deployed"), revision(42, "superseded"),
                         revision(41, "superseded"), revision(40, "superseded")};
    ReleaseSight made{
        {{QStringLiteral("production"), QStringLiteral("web")}, QStringLiteral("stable"), {}},
        history,
        {},
        {},
        true,
        {}};
    made.made.insert(43, brings(c));
    made.made.insert(42, brings(b));
    made.made.insert(41, brings(b));
    made.made.insert(40, brings(a));
    return made;
}

ReleaseSight changed(const Change &change)
{
    ReleaseSight made = sight();
    change(made);
    return made;
}

/// A deploy that began so many seconds after noon; its record was written last at `touched`.
HelmRevision timed(int number, const char *word, int begun, int touched)
{
    HelmRevision made = revision(number, word);
    made.at = noon.addSecs(begun);
    made.touchedAt = noon.addSecs(touched);
    return made;
}

} // namespace

class ReleaseBackTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theNewestGoodRevisionWithAnotherStableLeadsBack_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<int>("number");
        QTest::addColumn<QString>("commit");
        const auto row
            = [](const char *name, int number, const QString &commit, const Change &change) {
                  QTest::newRow(name) << change << number << commit;
              };
        row("the one before", 42, b, [](auto &) {});
        row("not one that brings what is live", 40, a, [](auto &s) {
            s.made.insert(43, brings(b)); // a candidate was deployed beside the same stable
        });
        row("but it does if the stable is not up", 42, b, [](auto &s) {
            s.made.insert(43, brings(b));
            s.stableIsUp = false;
        });
        row("and if the newest one failed: what is live then is a mixture", 42, b, [](auto &s) {
            s.history->revisions[0] = revision(43, "failed");
            s.made.insert(43, brings(b));
        });
        row("never one that failed", 41, b,
            [](auto &s) { s.history->revisions[1] = revision(42, "failed"); });
        row("never one whose stable would be gone", 41, b,
            [](auto &s) { s.made.insert(42, StableMade{}); });
        row("never one that cannot be read", 41, b, [](auto &s) {
            s.made.insert(42, fail(ErrorKind::Malformed, QStringLiteral("not YAML")));
        });
        row("one whose commit is not known is one", 42, QString(),
            [](auto &s) { s.made.insert(42, brings({})); });
        row("a lock that was left behind is cleared by it", 42, b, [](auto &s) {
            s.history->revisions[0] = revision(43, "pending-upgrade");
            s.lock.kind = HelmLock::Kind::LeftBehind;
        });
    }
    void theNewestGoodRevisionWithAnotherStableLeadsBack()
    {
        QFETCH(Change, change);
        QFETCH(int, number);
        QFETCH(QString, commit);
        const EarlierDeploy back = earlierDeployOf(changed(change));
        QCOMPARE(back.number, number);
        QCOMPARE(back.commit.value, commit);
        QCOMPARE(back.release, QStringLiteral("production/web"));
        QCOMPARE(back.name, QStringLiteral("Helm revision %1").arg(number));
        QCOMPARE(back.action, QStringLiteral("helm.rollback:%1").arg(number));
        QCOMPARE(back.live, 43);
    }

    void whereNothingLeadsBackItSaysWhyAndWhatToDo_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("why");
        QTest::addColumn<QString>("instead");
        const auto row
            = [](const char *name, const char *why, const char *instead, const Change &change) {
                  QTest::newRow(name)
                      << change << QString::fromLatin1(why) << QString::fromLatin1(instead);
              };
        const char *deploy = "deploy the commit that you want";
        row("the only revision", "release web: no revision but 43 is there and good", deploy,
            [](auto &s) { s.history->revisions = {revision(43, "deployed")}; });
        row("all that is left failed", "release web: no revision but 43 is there and good", deploy,
            [](auto &s) {
                s.history->revisions = {revision(43, "deployed"), revision(42, "failed")};
            });
        row("all bring the same", "release web: revision 42 brings bbbbbbb as well", deploy,
            [](auto &s) {
                s.history->revisions = {revision(43, "deployed"), revision(42, "superseded")};
                s.made.insert(43, brings(b));
            });
        row("the stable is in none of them",
            "release web: revision 42 has no Deployment stable, revision 41 cannot be read", deploy,
            [](auto &s) {
                s.history->revisions.removeLast();
                s.made.insert(42, StableMade{});
                s.made.remove(41);
            });
        row("the history cannot be seen", "release web: you lack list on secrets", deploy,
            [](auto &s) {
                s.history = fail(ErrorKind::NotAllowed, QStringLiteral("you lack list on secrets"));
            });
        row("there is no helm", "helm was not found here", "roll back where helm is", [](auto &s) {
            s.program = Error{ErrorKind::NotFound, QStringLiteral("not there"), {}, {}};
        });
        row("helm cannot be used", "release web: helm is too old", "roll back where helm is",
            [](auto &s) {
                s.program = Error{ErrorKind::Refused, QStringLiteral("helm is too old"), {}, {}};
            });
        row("the account may not write what helm keeps",
            "release web: you lack update on secrets in production, where Helm keeps its history",
            "ask who may deploy", [](auto &s) { s.lacking = QStringLiteral("update"); });
        row("somebody deploys now", "release web: somebody is deploying",
            "wait until that has ended", [](auto &s) {
                s.lock.kind = HelmLock::Kind::Deploying;
                s.lock.sentence = QStringLiteral("somebody is deploying");
            });
    }
    void whereNothingLeadsBackItSaysWhyAndWhatToDo()
    {
        QFETCH(Change, change);
        QFETCH(QString, why);
        QFETCH(QString, instead);
        const EarlierDeploy back = earlierDeployOf(changed(change));
        QCOMPARE(back.number, 0);
        QCOMPARE(back.noneBecause, why);
        QCOMPARE(back.instead, instead);
        QVERIFY(back.action.isEmpty());
    }

    void noMoreManifestsAreReadThanItNeeds()
    {
        ReleaseSight known = sight();
        known.made.clear();
        QCOMPARE(wantedManifest(known), std::optional(43));
        known.made.insert(43, brings(b));
        QCOMPARE(wantedManifest(known), std::optional(42));
        known.made.insert(42, brings(b)); // leads nowhere
        QCOMPARE(wantedManifest(known), std::optional(41));
        known.made.insert(41, brings(b));
        QCOMPARE(wantedManifest(known), std::optional(40));
        known.made.insert(40, brings(a));
        QVERIFY(!wantedManifest(known));
        known.made = {{43, brings(c)}, {42, brings(b)}};
        QVERIFY(!wantedManifest(known));
        known.history = fail(ErrorKind::NotAllowed, QString());
        QVERIFY(!wantedManifest(known));
    }

    void nobodyLooksFurtherThanFiveRevisionsBack()
    {
        ReleaseSight many = sight();
        many.history->revisions.clear();
        for (int number = 60; number > 40; --number) {
            many.history->revisions << revision(number, number == 60 ? "deployed" : "superseded");
            many.made.insert(number, brings(number == 41 ? a : b));
        }
        QCOMPARE(earlierDeployOf(many).number, 0);
    }

    void aRollbackThatIsLiveSaysWhereItWent()
    {
        ReleaseSight back = sight();
        HelmBody body;
        body.description = QStringLiteral("Rollback to 41");
        back.history->bodies.insert(43, body);
        QCOMPARE(earlierDeployOf(back).liveGoesBack, 41);
        QCOMPARE(earlierDeployOf(sight()).liveGoesBack, 0);
        back.history->revisions[0] = revision(43, "pending-rollback");
        QCOMPARE(earlierDeployOf(back).unfinished, QStringLiteral("pending-rollback"));
    }

    void howLongADeployTakesIsMeasured_data()
    {
        QTest::addColumn<QList<HelmRevision>>("revisions");
        QTest::addColumn<int>("rolledOut"); ///< seconds; -1 = not told
        QTest::addColumn<int>("took");
        const auto row
            = [](const char *name, const QList<HelmRevision> &revisions, int rolledOut, int took) {
                  QTest::newRow(name) << revisions << rolledOut << took;
              };
        row("the last roll-out of the stable", {}, 150, 150);
        row("nothing tells", {}, -1, -1);
        row("helm waited until it was deployed", {timed(2, "deployed", 0, 95)}, -1, 95);
        row("a revision is superseded when the next one is done",
            {timed(3, "superseded", 1000, 5000), timed(2, "superseded", 500, 1060)}, -1, 60);
        row("the median of what helm took",
            {timed(4, "deployed", 9000, 9020), timed(3, "superseded", 1000, 9020),
             timed(2, "superseded", 500, 1060), timed(1, "superseded", 0, 530)},
            -1, 30);
        row("so quick that it did not wait", {timed(2, "deployed", 0, 2)}, -1, -1);
        row("a roll-out takes longer than a helm that did not wait", {timed(2, "deployed", 0, 2)},
            40, 40);
        row("helm waited for more than the roll-out", {timed(2, "deployed", 0, 95)}, 40, 95);
        row("what failed is no measure", {timed(2, "failed", 0, 300)}, -1, -1);
        row("a record that was touched much later is none", {timed(2, "deployed", 0, 4000)}, -1,
            -1);
    }
    void howLongADeployTakesIsMeasured()
    {
        QFETCH(QList<HelmRevision>, revisions);
        QFETCH(int, rolledOut);
        QFETCH(int, took);
        HelmHistory history;
        history.revisions = revisions;
        const auto found
            = deployTook(history, rolledOut < 0 ? std::nullopt
                                                : std::optional<milliseconds>(seconds(rolledOut)));
        QCOMPARE(found ? int(found->count() / 1000) : -1, took);
    }
};

QTEST_GUILESS_MAIN(ReleaseBackTest)
#include "releasebacktest.moc"
