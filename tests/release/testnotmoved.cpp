#include "release/notmoved.h"

#include "rollout/rolloutbench.h"

#include <QPromise>
#include <QtTest>

#include <vector>

using namespace pilothouse;
using std::chrono::seconds;

namespace {

const QDateTime now(QDate(2026, 11, 24), QTime(4, 10), Qt::UTC);

ConfigMapInUse map(const QString &by, const QString &release = {}, int revision = 0)
{
    ConfigMapInUse made;
    made.name = QStringLiteral("context-web");
    made.writtenAt = now.addSecs(-2 * 3600);
    made.by = by;
    made.release = release;
    made.revision = revision;
    return made;
}

/// Answers when the test says so.
class SlowSource final : public ConfigMapSource
{
public:
    QFuture<std::optional<ConfigMapsInUse>> configMapsOf(const TrackName &,
                                                         const QStringList &pods) override
    {
        asked.append(pods);
        m_open.emplace_back().start();
        return m_open.back().future();
    }
    void answer(const std::optional<ConfigMapsInUse> &found)
    {
        for (auto &open : m_open) {
            open.addResult(found);
            open.finish();
        }
        m_open.clear();
    }

    QList<QStringList> asked;

private:
    std::vector<QPromise<std::optional<ConfigMapsInUse>>> m_open;
};

} // namespace

class TestNotMoved : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void configMapsAreTold_data()
    {
        QTest::addColumn<ConfigMapsInUse>("found");
        QTest::addColumn<QString>("words");
        const QString helm = QStringLiteral("helm");
        const QString context = QStringLiteral("context");
        QTest::newRow("none") << ConfigMapsInUse() << QString();
        QTest::newRow("by helm")
            << ConfigMapsInUse{{map(helm, context, 41)}, {}}
            << QStringLiteral("config map context-web (written by helm 2 h ago, Helm revision 41)");
        QTest::newRow("by hand") << ConfigMapsInUse{{map(QStringLiteral("kubectl-edit"))}, {}}
                                 << QStringLiteral(
                                        "config map context-web (written by kubectl-edit 2 h ago)");
        QTest::newRow("a release without its revision")
            << ConfigMapsInUse{{map(helm, context)}, {}}
            << QStringLiteral("config map context-web (written by helm 2 h ago, of the Helm "
                              "release context)");
        ConfigMapInUse hidden = map(helm, context);
        hidden.revisionUnknown = QStringLiteral("you lack list on secrets in production");
        QTest::newRow("a revision that may not be seen")
            << ConfigMapsInUse{{hidden}, {}}
            << QStringLiteral("config map context-web (written by helm 2 h ago, of the Helm "
                              "release context, its revision is not known: you lack list on "
                              "secrets in production)");
        QTest::newRow("by nobody who is told")
            << ConfigMapsInUse{{map({})}, {}}
            << QStringLiteral("config map context-web (written 2 h ago)");
        ConfigMapInUse bare;
        bare.name = QStringLiteral("context-web");
        QTest::newRow("nothing told")
            << ConfigMapsInUse{{bare}, {}} << QStringLiteral("config map context-web");
        QTest::newRow("not all seen")
            << ConfigMapsInUse{{bare}, {QStringLiteral("you lack get on pods in production")}}
            << QStringLiteral("config map context-web · config maps: not known (you lack get on "
                              "pods in production)");
    }
    void configMapsAreTold()
    {
        QFETCH(ConfigMapsInUse, found);
        QFETCH(QString, words);
        QCOMPARE(notMovedWords(found, WayBack(), now), words);
    }

    void aDeployThatLeadsBackMovesTheMapsOfItsRelease()
    {
        WayBack back;
        back.deploy.emplace();
        back.deploy->release = QStringLiteral("production/context");
        const ConfigMapInUse own = map(QStringLiteral("helm"), QStringLiteral("context"), 41);
        ConfigMapInUse other = map(QStringLiteral("helm"), QStringLiteral("flags"), 3);
        other.name = QStringLiteral("flags");
        QCOMPARE(notMovedWords({{own, other}, {}}, back, now),
                 QStringLiteral("config map flags (written by helm 2 h ago, Helm revision 3)"));
    }

    void theyAreAskedForWhileAConfirmationIsOpen()
    {
        RolloutBench bench;
        bench.traffic.change([](TrafficState &t) {
            t.stable->pods = {QStringLiteral("a-1"), QStringLiteral("a-2")};
            t.candidate->pods = {QStringLiteral("b-1")};
        });
        bench.toWeight(50);
        SlowSource source;
        NotMoved notMoved(bench.clock);
        notMoved.addTrack(*bench.rollout);
        notMoved.setConfigMaps(source);
        notMoved.setWorkloads(
            {Workload{QStringLiteral("celery worker"), CommitId(old), 4, 4, false, {}, {}, {}}});
        const auto rows = [&bench] {
            QList<PreviewRow> found;
            for (const PreviewRow &row : bench.rollout->previewRollback().rows) {
                if (row.label == QLatin1String("Not moved"))
                    found.append(row);
            }
            return found;
        };
        QCOMPARE(rows().size(), 1);
        QCOMPARE(rows().first().text, QStringLiteral("celery worker aaaaaaa"));
        QVERIFY(source.asked.isEmpty()); // nobody has a confirmation open

        QSignalSpy another(bench.rollout.get(), &RolloutController::previewChanged);
        bench.rollout->tryOut(WeightAttempt::Kind::RollBack);
        QVERIFY(notMoved.isAwaited(*bench.rollout));
        QTRY_COMPARE(source.asked.size(), 1);
        // One pod of each revision tells for it.
        QCOMPARE(source.asked.first(), (QStringList{QStringLiteral("b-1"), QStringLiteral("a-1")}));
        QCOMPARE(rows().last().text, QStringLiteral("config maps: being read"));
        // That it is told later is no change of the world.
        QCOMPARE(rows().last().kind, PreviewRow::Kind::Live);
        bench.rollout->tryOut(WeightAttempt::Kind::RollBack);
        another.clear();
        source.answer(ConfigMapsInUse{{map(QStringLiteral("helm"))}, {}});
        QTRY_VERIFY(!notMoved.isAwaited(*bench.rollout));
        QVERIFY(!another.isEmpty());
        QVERIFY(
            rows().last().text.startsWith(QLatin1String("config map context-web (written by ")));
        QCOMPARE(source.asked.size(), 1);

        // Not again while that is young; again after a minute, and at once for other pods.
        bench.rollout->tryOut(WeightAttempt::Kind::RollBack);
        QCoreApplication::processEvents();
        QCOMPARE(source.asked.size(), 1);
        bench.clock.advance(seconds(61));
        bench.rollout->tryOut(WeightAttempt::Kind::RollBack);
        QTRY_COMPARE(source.asked.size(), 2);
        bench.traffic.change([](TrafficState &t) { t.stable->pods = {QStringLiteral("a-7")}; });
        bench.traffic.tell();
        bench.rollout->tryOut(WeightAttempt::Kind::RollBack);
        QTRY_COMPARE(source.asked.size(), 3);
        source.answer(std::nullopt); // it lives in no cluster: nothing is said
        QTRY_COMPARE(rows().size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestNotMoved)

#include "testnotmoved.moc"
