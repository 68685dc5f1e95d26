#include "cli/rehearsalworld.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QTest>

#include <memory>

using namespace pilothouse;

/// `pilothouse-cli promote` and `rollback` on the rehearsal, where a candidate holds 10 % and
/// something speaks against it.
class WeightTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_world = std::make_unique<World>(9, QString());
        QVERIFY(!m_world->workspace.isEmpty());
        // The schema is read from the database, which fills its tables first.
        QTRY_VERIFY_WITH_TIMEOUT(
            run("promote").lines.value(0).value(QLatin1String("allowed")).toBool(), patience);
    }

    void withoutAConfirmationItIsOnlyShown()
    {
        const Outcome shown = run("promote");
        QCOMPARE(shown.code, 0);
        const QJsonObject preview = shown.lines.value(0);
        QCOMPARE(preview.value(QLatin1String("title")).toString(),
                 QStringLiteral("Promote 10 → 50"));
        QCOMPARE(preview.value(QLatin1String("confirm")).toString(), QStringLiteral("50"));
        QVERIFY(preview.value(QLatin1String("calls"))
                    .toArray()
                    .first()
                    .toString()
                    .startsWith(QLatin1String("PATCH ")));
        QVERIFY(shown.complaint.contains(QLatin1String("Nothing was sent")));
        QCOMPARE(weight(), 10);
    }

    void theStatusTellsWhatIsLiveAndWhatIsNext()
    {
        const Outcome told
            = runCli({QStringLiteral("status"), QStringLiteral("--ready"), QStringLiteral("--json"),
                      QStringLiteral("--workspace"), m_world->workspace},
                     m_world->home());
        QVERIFY2(told.code == 0, qPrintable(told.complaint));
        const QJsonObject status = told.lines.value(0);
        const QJsonObject standalone = status[QLatin1String("live")][0].toObject();
        QCOMPARE(standalone[QLatin1String("where")].toString(), QStringLiteral("standalone"));
        QCOMPARE(standalone[QLatin1String("candidate")][QLatin1String("weight")].toInt(), 10);
        QCOMPARE(status[QLatin1String("sources")].toArray().size(), 6);
        QVERIFY(status[QLatin1String("ready")].toBool());
        QStringList checked;
        for (const auto &check : status[QLatin1String("checks")].toArray()) {
            QCOMPARE(check[QLatin1String("state")].toString(), QStringLiteral("ok"));
            checked << check[QLatin1String("what")].toString();
        }
        for (const char *what :
             {"Kubernetes", "sign-in to GitHub", "rights on standalone", "rights on coditect",
              "Git mirror", "journal", "clock", "guard command"})
            QVERIFY2(checked.contains(QLatin1String(what)), what);
        QVERIFY(!status[QLatin1String("next")].toArray().isEmpty());
    }

    /// The lesson of the drill: what looks healthy at 10 % has no room at 50 %.
    void whatTheNextWeightWouldTakeStandsAgainstIt()
    {
        const auto against = [this] {
            QStringList texts;
            const QJsonArray reasons
                = run("promote").lines.value(0).value(QLatin1String("reasons")).toArray();
            for (const auto &reason : reasons) {
                if (reason[QLatin1String("kind")].toString() == QLatin1String("against"))
                    texts.append(reason[QLatin1String("text")].toString());
            }
            return texts;
        };
        // Until the bake is over that stands there too, and rates still look back at 0 %.
        // Each look is a program of its own, so what is compared is what was waited for.
        const QStringList lesson{
            QStringLiteral("connections held: 348 ms against 40 ms of the stable: at "
                           "50 % this would be 104 % of the pool")};
        QStringList told;
        QTRY_VERIFY_WITH_TIMEOUT(told == lesson || (told = against()) == lesson, patience);
        QCOMPARE(told, lesson);
    }

    void whatIsShownTellsWhatADryRunSaid()
    {
        const QString said = dryRunOf(run("promote"));
        QVERIFY2(said.startsWith(QLatin1String("taken (dryRun=All)")), qPrintable(said));
        QCOMPARE(weight(), 10);
    }

    void backAHoldAndItsEndAreShownWithTheirDryRunToo()
    {
        const Outcome back = run("back");
        QVERIFY2(dryRunOf(back).startsWith(QLatin1String("taken (dryRun=All): ")),
                 qPrintable(dryRunOf(back)));
        QCOMPARE(back.lines.value(0).value(QLatin1String("confirm")).toString(),
                 QStringLiteral("0"));
        const Outcome hold = run("hold");
        QCOMPARE(hold.code, 0);
        QVERIFY2(dryRunOf(hold).startsWith(QStringLiteral("taken (dryRun=All): hold: (none) → by")),
                 qPrintable(dryRunOf(hold)));
        QVERIFY(hold.complaint.contains(QLatin1String("--confirm hold")));
        const Outcome lift = run("lift");
        QCOMPARE(lift.code, 4);
        QVERIFY(lift.lines.value(0)
                    .value(QLatin1String("reasons"))[0][QLatin1String("text")]
                    .toString()
                    .size()
                > 0);
        QCOMPARE(weight(), 10);
    }

    void itHoldsAndLifts()
    {
        const QStringList because{QStringLiteral("--reason"), QStringLiteral("load test")};
        const Outcome held = run(
            "hold", QStringList{QStringLiteral("--confirm"), QStringLiteral("hold")} + because);
        QVERIFY2(held.code == 0, qPrintable(held.complaint));
        QCOMPARE(run("promote").code, 4);
        QCOMPARE(run("hold").code, 4); // it is there already
        QVERIFY2(dryRunOf(run("lift")).endsWith(QStringLiteral(" → (none) · our note of it")),
                 qPrintable(dryRunOf(run("lift"))));
        const Outcome lifted = run(
            "lift", QStringList{QStringLiteral("--confirm"), QStringLiteral("lift")} + because);
        QVERIFY2(lifted.code == 0, qPrintable(lifted.complaint));
        QVERIFY(run("promote").lines.value(0).value(QLatin1String("allowed")).toBool());
    }

    void whatOnlyOneControlHasIsListedShownAndDone()
    {
        const auto act = [this](const QStringList &more) {
            return runCli(QStringList{QStringLiteral("act"), QStringLiteral("--json"),
                                      QStringLiteral("--workspace"), m_world->workspace,
                                      QStringLiteral("--track"), QStringLiteral("coditect"),
                                      QStringLiteral("--wait"), QStringLiteral("5s")}
                              + more,
                          m_world->home());
        };
        const Outcome all = act({});
        QCOMPARE(all.code, 0);
        const QJsonArray actions = all.lines.value(0).value(QLatin1String("actions")).toArray();
        QCOMPARE(actions[0][QLatin1String("id")].toString(), QStringLiteral("cloudrun.pin"));
        QCOMPARE(actions[1][QLatin1String("id")].toString(), QStringLiteral("cloudrun.latest"));
        // The others are the earlier revisions, of which a person may choose one.
        QVERIFY(actions.size() > 2);
        for (qsizetype i = 2; i < actions.size(); ++i)
            QVERIFY(actions[i][QLatin1String("id")].toString().startsWith(
                QLatin1String("cloudrun.back:")));
        const QStringList giveBack{QStringLiteral("--action"), QStringLiteral("cloudrun.latest")};
        const Outcome shown = act(giveBack);
        const bool off = !actions[1][QLatin1String("off")].toString().isEmpty();
        QCOMPARE(shown.code, off ? 4 : 0);
        QVERIFY2(dryRunOf(shown).startsWith(off ? QLatin1String("it would be refused: ")
                                                : QLatin1String("taken (validateOnly): LATEST")),
                 qPrintable(dryRunOf(shown)));
        QCOMPARE(act({QStringLiteral("--action"), QStringLiteral("cloudrun.other")}).code, 4);
    }

    void aPastWindowIsJudged()
    {
        const auto judge = [this](const QStringList &when) {
            return runCli(QStringList{QStringLiteral("judge"), QStringLiteral("--json"),
                                      QStringLiteral("--workspace"), m_world->workspace,
                                      QStringLiteral("--track"), QStringLiteral("standalone")}
                              + when,
                          m_world->home());
        };
        const Outcome lately = judge({QStringLiteral("--from"), QStringLiteral("8s")});
        QVERIFY2(lately.code == 5, qPrintable(lately.complaint));
        const QJsonObject told = lately.lines.value(0);
        QCOMPARE(told[QLatin1String("verdict")].toString(), QStringLiteral("MARGINAL"));
        QCOMPARE(told[QLatin1String("weight")].toInt(), 10);
        const QJsonValue held = told[QLatin1String("checks")][2];
        QCOMPARE(held[QLatin1String("name")].toString(), QStringLiteral("connections held"));
        const double more = held[QLatin1String("difference")][QLatin1String("estimate")].toDouble();
        QVERIFY2(qAbs(more - 0.308) < 0.001, qPrintable(QString::number(more)));
        // An hour ago nobody had the candidate's name.
        QCOMPARE(judge({QStringLiteral("--from"), QStringLiteral("50m"), QStringLiteral("--to"),
                        QStringLiteral("40m")})
                     .code,
                 3);
    }

    void theTokenMustBeTheOneThatIsAskedFor()
    {
        const Outcome refused
            = run("promote", {QStringLiteral("--confirm"), QStringLiteral("100")});
        QCOMPARE(refused.code, 2);
        QVERIFY(refused.complaint.contains(QLatin1String("is not what is asked for: 50")));
        QCOMPARE(weight(), 10);
    }

    void whatHasSomethingAgainstItNeedsAReason()
    {
        const Outcome refused = run("promote", {QStringLiteral("--confirm"), QStringLiteral("50")});
        QCOMPARE(refused.code, 2);
        QVERIFY(refused.complaint.contains(QLatin1String("--reason")));
        QCOMPARE(weight(), 10);
    }

    void itPromotesAndRollsBack()
    {
        const Outcome promoted
            = run("promote", {QStringLiteral("--confirm"), QStringLiteral("50"),
                              QStringLiteral("--reason"), QStringLiteral("load test covers it")});
        QVERIFY2(promoted.code == 0, qPrintable(promoted.complaint));
        QCOMPARE(weight(), 50);
        const Outcome shown = run("rollback");
        const QString target = shown.lines.value(0).value(QLatin1String("confirm")).toString();
        QVERIFY(!target.isEmpty());
        const QString then = QStringLiteral("Then");
        QVERIFY2(rowOf(shown, then).startsWith(QLatin1String("[x] hold standalone: refuses ")),
                 qPrintable(rowOf(shown, then)));
        const QString unheld = rowOf(run("rollback", {QStringLiteral("--no-hold")}), then);
        QVERIFY2(unheld.startsWith(QLatin1String("[ ] hold standalone: nothing holds standalone")),
                 qPrintable(unheld));
        // What is shown waits until the schema is known.
        QVERIFY2(rowOf(shown, QStringLiteral("Schema")).startsWith(QLatin1String("safe: ")),
                 qPrintable(rowOf(shown, QStringLiteral("Schema"))));
        const Outcome free
            = run("rollback", {QStringLiteral("--no-hold"), QStringLiteral("--confirm"), target});
        QVERIFY2(free.code == 0, qPrintable(free.complaint));
        QCOMPARE(run("promote").code, 0); // nothing holds it
        const Outcome again
            = run("promote", {QStringLiteral("--confirm"), QStringLiteral("10"),
                              QStringLiteral("--reason"), QStringLiteral("once more")});
        QVERIFY2(again.code == 0, qPrintable(again.complaint));
        const Outcome back = run("rollback", {QStringLiteral("--confirm"), target});
        QVERIFY2(back.code == 0, qPrintable(back.complaint));
        // What is at 0 is held: a promotion says so, and every reason with it.
        const Outcome refused = run("promote");
        QCOMPARE(refused.code, 4);
        QVERIFY(!refused.lines.value(0).value(QLatin1String("allowed")).toBool(true));
        QVERIFY(!refused.lines.value(0).value(QLatin1String("reasons")).toArray().isEmpty());
    }

    void aWayBackIsRetiredForTheNextProcessToo()
    {
        const auto onCoditect = [this](const char *command, const QStringList &more = {}) {
            return runCli(QStringList{QLatin1String(command), QStringLiteral("--json"),
                                      QStringLiteral("--workspace"), m_world->workspace,
                                      QStringLiteral("--track"), QStringLiteral("coditect"),
                                      QStringLiteral("--wait"), QStringLiteral("5s")}
                              + more,
                          m_world->home());
        };
        const Outcome shown = onCoditect("retire");
        QVERIFY2(shown.code == 0, qPrintable(shown.complaint));
        const QJsonObject preview = shown.lines.value(0);
        const QString target = preview.value(QLatin1String("confirm")).toString();
        QVERIFY(!target.isEmpty());
        QVERIFY(preview.value(QLatin1String("calls"))
                    .toArray()
                    .first()
                    .toString()
                    .contains(QLatin1String("pilothouse.dev/retired")));
        QCOMPARE(onCoditect("retire", {QStringLiteral("--confirm"), QStringLiteral("x")}).code, 2);
        const Outcome retired = onCoditect("retire", {QStringLiteral("--confirm"), target});
        QVERIFY2(retired.code == 0, qPrintable(retired.complaint));
        const Outcome back = onCoditect("rollback");
        QCOMPARE(back.code, 4);
        const QString why = back.lines.value(0)
                                .value(QLatin1String("reasons"))[0][QLatin1String("text")]
                                .toString();
        QVERIFY2(why.startsWith(QStringLiteral("none: %1 retired ").arg(target)), qPrintable(why));
        QCOMPARE(onCoditect("retire").code, 4);
    }

private:
    [[nodiscard]] Outcome run(const char *command, const QStringList &more = {}) const
    {
        return runCli(QStringList{QLatin1String(command), QStringLiteral("--json"),
                                  QStringLiteral("--workspace"), m_world->workspace,
                                  QStringLiteral("--track"), QStringLiteral("standalone"),
                                  QStringLiteral("--wait"), QStringLiteral("5s")}
                          + more,
                      m_world->home());
    }
    /// The first row of that label.
    [[nodiscard]] static QString rowOf(const Outcome &shown, const QString &label)
    {
        for (const QJsonValue row : shown.lines.value(0).value(QLatin1String("rows")).toArray()) {
            if (row[QLatin1String("label")].toString() == label)
                return row[QLatin1String("text")].toString();
        }
        return QStringLiteral("no row %1: %2").arg(label, shown.complaint);
    }
    /// The one row that tells of it.
    [[nodiscard]] static QString dryRunOf(const Outcome &shown)
    {
        QStringList said;
        for (const QJsonValue row : shown.lines.value(0).value(QLatin1String("rows")).toArray()) {
            if (row[QLatin1String("label")].toString() == QLatin1String("Dry run"))
                said.append(row[QLatin1String("text")].toString());
        }
        return said.size() == 1 ? said.first() : QStringLiteral("%1 rows").arg(said.size());
    }
    /// The candidate's, as the rollback's own words tell it.
    [[nodiscard]] int weight() const
    {
        const QJsonArray rows
            = run("rollback").lines.value(0).value(QLatin1String("rows")).toArray();
        static const QRegularExpression candidate(QStringLiteral("candidate \\w+ (\\d+) %"));
        return candidate.match(rows.first()[QLatin1String("text")].toString()).captured(1).toInt();
    }

    std::unique_ptr<World> m_world;
};

QTEST_GUILESS_MAIN(WeightTest)
#include "weighttest.moc"
