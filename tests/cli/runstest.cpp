#include "cli/rehearsalworld.h"

#include <QJsonArray>
#include <QTest>

using namespace pilothouse;

/// `pilothouse-cli rollback` on the rehearsal, where run 7012 waits for an approval that would make
/// the candidate the stable.
class CliRunsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRollbackCancelsTheRunThatWaits()
    {
        const World world(9, QString());
        QVERIFY(!world.workspace.isEmpty());
        const Outcome shown = run(world, {});
        QVERIFY2(shown.code == 0, qPrintable(shown.complaint));
        QCOMPARE(runsRow(shown),
                 QStringLiteral("cancels run 7012 (deploy-standalone, waits at production)"));
        const Outcome back = confirm(world, shown);
        QVERIFY2(back.code == 0, qPrintable(back.complaint));
        QVERIFY2(!back.complaint.contains(QLatin1String("STILL ABLE")), qPrintable(back.complaint));
        QCOMPARE(said(world), QStringLiteral("run 7012 is cancelled"));
    }

    void aLostHostLeavesWhatIsStillAbleToPromote()
    {
        const World world(9, QStringLiteral("github=lost"));
        QVERIFY(!world.workspace.isEmpty());
        const Outcome shown = run(world, {});
        QVERIFY2(shown.code == 0, qPrintable(shown.complaint));
        QVERIFY2(runsRow(shown).contains(QLatin1String("runs that can still promote are not seen")),
                 qPrintable(runsRow(shown)));
        const Outcome back = confirm(world, shown);
        QVERIFY2(back.code == 0, qPrintable(back.complaint));
        QVERIFY2(back.complaint.contains(QLatin1String(
                     "STILL ABLE TO PROMOTE: runs of deploy-standalone are not seen")),
                 qPrintable(back.complaint));
        QCOMPARE(said(world), QString());
    }

private:
    [[nodiscard]] static Outcome run(const World &world, const QStringList &more)
    {
        return runCli(QStringList{QStringLiteral("rollback"), QStringLiteral("--json"),
                                  QStringLiteral("--workspace"), world.workspace,
                                  QStringLiteral("--track"), QStringLiteral("standalone"),
                                  QStringLiteral("--wait"), QStringLiteral("10s")}
                          + more,
                      world.home());
    }
    [[nodiscard]] static Outcome confirm(const World &world, const Outcome &shown)
    {
        return run(world, {QStringLiteral("--reason"), QStringLiteral("errors"),
                           QStringLiteral("--confirm"),
                           shown.lines.value(0)[QLatin1String("confirm")].toString()});
    }
    [[nodiscard]] static QString runsRow(const Outcome &shown)
    {
        for (const auto &row : shown.lines.value(0)[QLatin1String("rows")].toArray()) {
            if (row[QLatin1String("label")].toString() == QLatin1String("Runs"))
                return row[QLatin1String("text")].toString();
        }
        return {};
    }
    /// What the journal says came of the cancellation of run 7012; empty = none was recorded.
    [[nodiscard]] static QString said(const World &world)
    {
        const Outcome journal = runCli({QStringLiteral("journal"), QStringLiteral("--json"),
                                        QStringLiteral("--workspace"), world.workspace},
                                       world.home());
        for (const QJsonObject &record : journal.lines) {
            if (record[QLatin1String("subject")].toString() == QLatin1String("run 7012")
                && record[QLatin1String("kind")].toString() == QLatin1String("outcome"))
                return record[QLatin1String("body")][QLatin1String("text")].toString();
        }
        return {};
    }
};

QTEST_GUILESS_MAIN(CliRunsTest)
#include "runstest.moc"
