#include "rollout/alerts/joinedalerts.h"

#include <QTest>

using namespace pilothouse;

namespace {

using Labels = QHash<QString, QString>;

const QString trackLabel = QStringLiteral("track");

Alert alert(const char *name, const char *state, const Labels &labels = {})
{
    Alert made;
    made.name = QString::fromLatin1(name);
    made.state = QString::fromLatin1(state);
    made.labels = labels;
    return made;
}

Alert managed(const char *name, const char *state, const Labels &labels = {})
{
    Alert made = alert(name, state, labels);
    made.fingerprint = QStringLiteral("f1");
    made.receivers = QStringList{QStringLiteral("night shift")};
    return made;
}

QStringList lines(const QList<Alert> &alerts)
{
    QStringList all;
    for (const Alert &each : alerts)
        all << each.name + QLatin1Char(' ') + each.state;
    return all;
}

} // namespace

/// What Prometheus and Alertmanager tell, as one list.
class TestJoinedAlerts final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatBothKnowStandsOnce()
    {
        const Labels own{{trackLabel, QStringLiteral("standalone")}};
        Labels sent = own;
        sent.insert(QStringLiteral("cluster"), QStringLiteral("eu"));
        const QList<Alert> joined
            = joinedAlerts({{alert("High", "firing", own)}}, {{managed("High", "firing", sent)}});
        QCOMPARE(lines(joined), QStringList{QStringLiteral("High firing")});
        QCOMPARE(joined.first().labels, own);
        QCOMPARE(joined.first().fingerprint, QStringLiteral("f1"));
        QCOMPARE(joined.first().receivers, QStringList{QStringLiteral("night shift")});
    }

    void anotherLabelIsAnotherAlert()
    {
        const QList<Alert> joined = joinedAlerts(
            {{alert("High", "firing", {{trackLabel, QStringLiteral("standalone")}})}},
            {{managed("High", "silenced", {{trackLabel, QStringLiteral("coditect")}})}});
        QCOMPARE(lines(joined),
                 QStringList({QStringLiteral("High firing"), QStringLiteral("High silenced")}));
    }

    void whatRingsNobodyIsNotFiring_data()
    {
        QTest::addColumn<QString>("told");
        QTest::addColumn<QString>("managedState");
        QTest::addColumn<bool>("old");
        QTest::addColumn<QString>("state");
        const auto row = [](const char *name, const char *told, const char *state, bool old,
                            const char *result) {
            QTest::newRow(name) << QString::fromLatin1(told) << QString::fromLatin1(state) << old
                                << QString::fromLatin1(result);
        };
        row("silenced", "firing", "silenced", false, "silenced");
        row("inhibited", "firing", "inhibited", false, "inhibited");
        row("fires", "firing", "firing", false, "firing");
        row("not yet", "pending", "firing", false, "pending");
        row("a silence of long ago counts no more", "firing", "silenced", true, "firing");
    }
    void whatRingsNobodyIsNotFiring()
    {
        QFETCH(QString, told);
        QFETCH(QString, managedState);
        QFETCH(bool, old);
        QFETCH(QString, state);
        const QList<Alert> joined
            = joinedAlerts({{alert("High", qPrintable(told))}},
                           {{managed("High", qPrintable(managedState))}, old});
        QCOMPARE(joined.size(), 1);
        QCOMPARE(joined.first().state, state);
    }

    void whatIsOldStandsAsTheOtherOneTellsIt_data()
    {
        QTest::addColumn<QString>("managedState"); ///< empty = Alertmanager does not know it
        QTest::addColumn<bool>("managedIsOld");
        QTest::addColumn<QString>("state");
        const QString lastKnown = QStringLiteral("last known");
        const QString firing = QStringLiteral("firing");
        QTest::newRow("nobody else knows it") << QString() << false << lastKnown;
        QTest::newRow("Alertmanager knows it") << firing << false << firing;
        QTest::newRow("both are old") << firing << true << lastKnown;
        QTest::newRow("silenced") << QStringLiteral("silenced") << false
                                  << QStringLiteral("silenced");
    }
    void whatIsOldStandsAsTheOtherOneTellsIt()
    {
        QFETCH(QString, managedState);
        QFETCH(bool, managedIsOld);
        QFETCH(QString, state);
        ManagedAlerts known{{}, managedIsOld};
        if (!managedState.isEmpty())
            known.alerts = {managed("High", qPrintable(managedState))};
        QCOMPARE(lines(joinedAlerts({{alert("High", "firing")}, true}, known)),
                 QStringList{QStringLiteral("High ") + state});
    }

    void whatAlertmanagerAloneKnowsStandsToo_data()
    {
        QTest::addColumn<bool>("shared");
        QTest::addColumn<bool>("hasTrack");
        QTest::addColumn<bool>("old");
        QTest::addColumn<QStringList>("expected");
        const QStringList fires{QStringLiteral("Disk firing")};
        QTest::newRow("ours") << false << false << false << fires;
        QTest::newRow("shared, and of a track") << true << true << false << fires;
        QTest::newRow("shared, and of nobody here") << true << false << false << QStringList();
        QTest::newRow("old: known, but nothing rests on it")
            << false << false << true << QStringList{QStringLiteral("Disk last known")};
    }
    void whatAlertmanagerAloneKnowsStandsToo()
    {
        QFETCH(bool, shared);
        QFETCH(bool, hasTrack);
        QFETCH(bool, old);
        QFETCH(QStringList, expected);
        const Labels labels
            = hasTrack ? Labels{{trackLabel, QStringLiteral("standalone")}} : Labels();
        QCOMPARE(lines(joinedAlerts(
                     {}, {{managed("Disk", "firing", labels)},
                          old,
                          shared ? AlertSource::Scope::Shared : AlertSource::Scope::Workspace})),
                 expected);
    }

    void anAlertWithoutATrackIsOfAll()
    {
        const QList<Alert> all{
            alert("All", "firing"),
            alert("Mine", "firing", {{trackLabel, QStringLiteral("standalone")}}),
            alert("Other", "firing", {{trackLabel, QStringLiteral("coditect")}})};
        QCOMPARE(lines(alertsOfTrack(all, QStringLiteral("standalone"))),
                 QStringList({QStringLiteral("All firing"), QStringLiteral("Mine firing")}));
    }
};

QTEST_GUILESS_MAIN(TestJoinedAlerts)
#include "testjoinedalerts.moc"
