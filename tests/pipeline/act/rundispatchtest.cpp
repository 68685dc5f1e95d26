#include "pipeline/act/actbench.h"

#include <QJsonDocument>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;
using Kind = Outcome::Kind;

class RunDispatchTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_bench = std::make_unique<ActBench>(); }
    void cleanup() { m_bench.reset(); }

    void aLostDispatchIsFoundByItsRun()
    {
        m_bench->control.mayAct.login = t("release-manager");
        m_bench->show();
        const DispatchWorkflow order{t(".github/workflows/ci.yml"), t("main"), {}};
        Run other = runOf(t("ci.yml"), 7100, RunStatus::Running);
        other.createdAt = m_bench->clock.now().addSecs(90);
        other.actor = t("release-manager");
        m_bench->control.started = {other}; // began in the same minute, before the press
        m_bench->control.onSend = [&](const RunOrder &) -> Result<TakenOrder> {
            Run own = other;
            own.id = RunId(7101);
            Run foreign = own;
            foreign.id = RunId(7102);
            foreign.actor = t("b-novak");
            m_bench->control.started.prepend(own);
            m_bench->control.started.prepend(foreign);
            return fail(ErrorKind::TimedOut, t("no answer within 10 s"));
        };
        const auto done = m_bench->confirm(order);
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Done);
        QCOMPARE(done.result().body[QLatin1String("shownRun")].toString(), t("7101"));
        QCOMPARE(m_bench->control.sent.size(), 1);
    }

    void aLostDispatchThatDoesNotShowIsUnknown()
    {
        m_bench->show();
        m_bench->control.onSend = [](const RunOrder &) -> Result<TakenOrder> {
            return fail(ErrorKind::TimedOut, t("no answer within 10 s"));
        };
        const auto done
            = m_bench->confirm(DispatchWorkflow{t(".github/workflows/ci.yml"), t("main"), {}});
        m_bench->clock.advance(61s);
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Unknown);
        QVERIFY(done.result().text.contains(t("before you try again")));
        QCOMPARE(m_bench->control.sent.size(), 1);
    }

    void onlyWorkflowsThatAskForItCanBeStarted()
    {
        m_bench->tree.put(shown, {t(".github/workflows/deploy-standalone.yml"),
                                  "on: {workflow_dispatch: {inputs: {sha: {required: true}}}}\n"
                                  "jobs: {a: {runs-on: x, steps: [{run: a}]}}\n"});
        m_bench->tree.put(shown, {t(".github/workflows/ci.yml"),
                                  "on: push\njobs: {a: {runs-on: x, steps: [{run: a}]}}\n"});
        m_bench->show();
        const auto forms = m_bench->view->dispatchForms();
        QVERIFY(soon([&] { return forms.isFinished(); }));
        QCOMPARE(forms.result()->size(), 1);
        QCOMPARE(forms.result()->first().inputs.first().key, t("sha"));
    }

    void aTokenInAnInputIsSentButNeitherShownNorKept()
    {
        m_bench->show();
        const QString token = t("ghp_abcdefghijklmnopqrstuvwxyz0123456789");
        const QString key = t("-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----");
        const DispatchWorkflow order{t(".github/workflows/ci.yml"),
                                     t("main"),
                                     {{t("sha"), t("c41d77e")},
                                      {t("note"), t("with ") + token},
                                      {t("api_token"), t("two words")},
                                      {t("key"), key}}};
        const Preview preview = m_bench->acts->preview(order);
        QString shownText;
        for (const PreviewRow &row : preview.rows)
            shownText += row.text + QLatin1Char('\n');
        for (const PlannedCall &call : preview.calls)
            shownText += call.exact + call.copyable + call.summary;
        m_bench->control.onSend = [&](const RunOrder &sent) -> Result<TakenOrder> {
            m_comment = std::get<DispatchWorkflow>(sent).inputs[1].value;
            return fail(ErrorKind::BadInput, t("GitHub refuses the note %1").arg(m_comment));
        };
        const auto done = m_bench->confirm(order);
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(m_bench->control.sent, QList<RunOrder>{order}); // as it was given
        QCOMPARE(m_comment, t("with ") + token);
        QString kept = done.result().text;
        for (const Record &record : m_bench->journal.records())
            kept += QString::fromUtf8(QJsonDocument(record.body).toJson());
        for (const QString &text : {shownText, kept}) {
            QVERIFY2(!text.contains(token), qPrintable(text));
            QVERIFY2(!text.contains(t("two words")), qPrintable(text));
            QVERIFY2(!text.contains(t("MIIEvQ")), qPrintable(text));
            QVERIFY2(text.contains(t("with ***")), qPrintable(text));
            QVERIFY2(text.contains(t("c41d77e")), qPrintable(text));
        }
    }

    void aDispatchThatIsToldIsTheRunThatIsWatched()
    {
        m_bench->show();
        m_bench->control.onSend = [this](const RunOrder &) {
            m_bench->control.runs[RunId(7200)] = runOf(t("ci.yml"), 7200, RunStatus::Queued);
            return TakenOrder{RunId(7200)};
        };
        const auto done
            = m_bench->confirm(DispatchWorkflow{t(".github/workflows/ci.yml"), t("main"), {}});
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(done.result().text, t("run 7200 of ci.yml began"));
    }

    /// A server that answers 204 takes the order and names no run.
    void aDispatchWithoutAnAnswersRunIsWatchedForUntilItsRunShows()
    {
        m_bench->control.mayAct.login = t("release-manager");
        m_bench->show();
        Run old = runOf(t("ci.yml"), 7100, RunStatus::Running);
        old.createdAt = m_bench->clock.now().addSecs(90);
        old.actor = t("release-manager");
        m_bench->control.started = {old};
        m_bench->control.onSend = [](const RunOrder &) {
            return TakenOrder{};
        };
        const auto done
            = m_bench->confirm(DispatchWorkflow{t(".github/workflows/ci.yml"), t("main"), {}});
        QVERIFY(soon([&] { return m_bench->control.sent.size() == 1; }));
        QVERIFY(!done.isFinished()); // taken is not done
        const QString look = t("dispatched .github/workflows/ci.yml");
        const qsizetype looks = m_bench->control.asked.count(look);
        m_bench->clock.advance(2s);
        QVERIFY(soon([&] { return m_bench->control.asked.count(look) > looks; }));
        QVERIFY(!done.isFinished());
        Run own = old;
        own.id = RunId(7101);
        m_bench->control.started.prepend(own);
        m_bench->clock.advance(2s);
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Done);
        QCOMPARE(done.result().text, t("run 7101 of ci.yml began")); // and no word of a lost answer
        QCOMPARE(done.result().body[QLatin1String("shownRun")].toString(), t("7101"));
        QCOMPARE(m_bench->control.sent.size(), 1);
        QCOMPARE(m_bench->control.asked.count(t("run 0")), 0);
    }

    void aDispatchWithoutAnAnswersRunIsUnknownWhenNoneShows()
    {
        m_bench->show();
        m_bench->control.onSend = [](const RunOrder &) {
            return TakenOrder{};
        };
        const auto done
            = m_bench->confirm(DispatchWorkflow{t(".github/workflows/ci.yml"), t("main"), {}});
        QVERIFY(soon([&] { return m_bench->control.sent.size() == 1; }));
        m_bench->clock.advance(61s);
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(kindOf(done), Kind::Unknown);
        QVERIFY2(done.result().text.contains(t("no new run of ci.yml shows")),
                 qPrintable(done.result().text));
        QCOMPARE(m_bench->control.sent.size(), 1);
    }

    void aDoubleClickStartsAWorkflowOnce()
    {
        m_bench->show();
        const DispatchWorkflow order{t(".github/workflows/ci.yml"), t("main"), {}};
        m_bench->control.holdDispatched = true;
        const auto first = m_bench->confirm(order);
        const auto second = m_bench->confirm(order);
        QVERIFY(soon([&] { return second.isFinished(); }));
        QCOMPARE(kindOf(second), Kind::Refused);
        m_bench->control.releaseDispatched();
        QVERIFY(soon([&] { return m_bench->control.sent.size() == 1; }));
        QVERIFY(!first.isFinished());
    }

    void whatGoesOnForARunDoesNotStopADispatch()
    {
        m_bench->show();
        m_bench->choose("ci.yml#build");
        const auto rerun = m_bench->confirm(m_bench->acts->rerunFailed());
        QVERIFY(soon([&] { return m_bench->control.sent.size() == 1; }));
        QCOMPARE(m_bench->acts->underWay(), QStringList{t("re-run failed jobs")});
        const DispatchWorkflow order{t(".github/workflows/ci.yml"), t("main"), {}};
        QVERIFY(m_bench->acts->mayDispatch().allowed());
        QVERIFY(m_bench->acts->may(order).allowed());
        const auto dispatched = m_bench->confirm(order);
        QVERIFY(soon([&] { return m_bench->control.sent.size() == 2; }));
        QVERIFY(!m_bench->acts->may(order).allowed()); // the same once more
        DispatchWorkflow other = order;
        other.workflowPath = t(".github/workflows/release.yml");
        QVERIFY(m_bench->acts->may(other).allowed());
        QVERIFY(!dispatched.isFinished());
    }

    void aDispatchIsShownWithoutTheChosenRun()
    {
        m_bench->show();
        m_bench->choose("ci.yml#build");
        const Preview preview = m_bench->acts->preview(
            DispatchWorkflow{t(".github/workflows/ci.yml"), t("main"), {}});
        for (const PreviewRow &row : preview.rows)
            QVERIFY2(!row.text.contains(t("7011")), qPrintable(row.text));
    }

private:
    std::unique_ptr<ActBench> m_bench;
    QString m_comment;
};

QTEST_GUILESS_MAIN(RunDispatchTest)
#include "rundispatchtest.moc"
