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
        QTest::addColumn<bool>("ours");
        QTest::addColumn<bool>("hasTrack");
        QTest::addColumn<bool>("old");
        QTest::addColumn<QStringList>("expected");
        const QStringList fires{QStringLiteral("Disk firing")};
        QTest::newRow("ours") << true << false << false << fires;
        QTest::newRow("shared, and of a track") << false << true << false << fires;
        QTest::newRow("shared, and of nobody here") << false << false << false << QStringList();
        QTest::newRow("old: known, but nothing rests on it")
            << true << false << true << QStringList{QStringLiteral("Disk last known")};
    }
    void whatAlertmanagerAloneKnowsStandsToo()
    {
        QFETCH(bool, ours);
        QFETCH(bool, hasTrack);
        QFETCH(bool, old);
        QFETCH(QStringList, expected);
        const Labels labels
            = hasTrack ? Labels{{trackLabel, QStringLiteral("standalone")}} : Labels();
        Alert disk = managed("Disk", "firing", labels);
        disk.isOurs = ours;
        QCOMPARE(lines(joinedAlerts({}, {{disk}, old})), expected);
    }

    void anAlertCountsForATrackThatItNamesOrWhereItIsOurs_data()
    {
        QTest::addColumn<QString>("named"); ///< empty = no label "track"
        QTest::addColumn<bool>("ours");
        QTest::addColumn<int>("whose");
        const QString mine = QStringLiteral("standalone");
        const QString others = QStringLiteral("coditect");
        QTest::newRow("names this track") << mine << false << int(AlertOf::ThisTrack);
        QTest::newRow("names another") << others << false << int(AlertOf::AnotherTrack);
        QTest::newRow("names another of this workspace")
            << others << true << int(AlertOf::AnotherTrack);
        QTest::newRow("names none, and is ours") << QString() << true << int(AlertOf::ThisTrack);
        QTest::newRow("Watchdog") << QString() << false << int(AlertOf::NoTrack);
    }
    void anAlertCountsForATrackThatItNamesOrWhereItIsOurs()
    {
        QFETCH(QString, named);
        QFETCH(bool, ours);
        QFETCH(int, whose);
        Alert one
            = alert("Watchdog", "firing", named.isEmpty() ? Labels() : Labels{{trackLabel, named}});
        one.isOurs = ours;
        QCOMPARE(int(whoseAlert(one, QStringLiteral("standalone"))), whose);
    }

    void whatOneOfThemKnowsToBeOursIsOurs_data()
    {
        QTest::addColumn<Labels>("sent");
        QTest::addColumn<bool>("ours");
        QTest::addColumn<bool>("expected");
        const Labels tracked{{trackLabel, QStringLiteral("standalone")}};
        QTest::newRow("by its matchers") << Labels() << true << true;
        QTest::newRow("by a label added on the way") << tracked << false << true;
        QTest::newRow("not") << Labels() << false << false;
    }
    void whatOneOfThemKnowsToBeOursIsOurs()
    {
        QFETCH(Labels, sent);
        QFETCH(bool, ours);
        QFETCH(bool, expected);
        Alert known = managed("High", "firing", sent);
        known.isOurs = ours;
        QCOMPARE(joinedAlerts({{alert("High", "firing")}}, {{known}}).first().isOurs, expected);
    }
};

QTEST_GUILESS_MAIN(TestJoinedAlerts)
#include "testjoinedalerts.moc"
