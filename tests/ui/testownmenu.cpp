#include "logs/logcontroller.h"
#include "rollout/rolloutbench.h"
#include "ui/action/confirmationdialog.h"
#include "ui/rollout/ownmenu.h"
#include "ui/rollout/trackview.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

using namespace pilothouse;

namespace {

OwnAction ownAction(const char *id, const char *title, const char *typed)
{
    OwnAction action;
    action.id = QLatin1String(id);
    action.title = QString::fromUtf8(title);
    action.verb = action.title;
    action.from = QStringLiteral("step 2 of 6: pause until a person promotes, candidate 10 %");
    action.to = QStringLiteral("stable aaaaaaa gets all traffic");
    action.leaves = {QStringLiteral("this is no undo: the Rollout still wants bbbbbbb, and a retry "
                                    "or any change of its template starts it again"),
                     QStringLiteral("its phase is Degraded from then on, though users are well")};
    PlannedCall call;
    call.summary = QStringLiteral("PATCH rollouts/web/status   Abort the rollout   if version is "
                                  "still 81723");
    call.exact = QStringLiteral("PATCH /apis/argoproj.io/v1alpha1/namespaces/production/rollouts/"
                                "web/status\nContent-Type: application/merge-patch+json\n\n"
                                "{\"metadata\":{\"resourceVersion\":\"81723\"},"
                                "\"status\":{\"abort\":true}}");
    call.copyable = QStringLiteral("kubectl patch");
    action.calls = {call};
    action.typed = QLatin1String(typed);
    action.typedPrompt = QStringLiteral("Type the word");
    return action;
}

QList<OwnAction> offered()
{
    OwnAction retry = ownAction("argo.retry", "Retry the rollout", "retry");
    retry.offBecause = QStringLiteral("it is not aborted");
    return {ownAction("argo.abort", "Abort the rollout", "abort"), retry,
            ownAction("argo.undo:5", "Undo to revision 5 (4be81c0)", "5"),
            ownAction("argo.undo:4", "Undo to revision 4 (9f3c2a1 & more)", "4")};
}

} // namespace

/// “More…” in the page of a track, over a controller with everything below its ports in memory.
class TestOwnMenu : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        Theme::instance().apply(*qApp);
        QVERIFY(m_dir.isValid());
    }
    void init()
    {
        m_view.reset();
        m_bench = std::make_unique<RolloutBench>();
        m_bench->traffic.own = offered();
        m_bench->traffic.world.progress = QStringLiteral("step 2 of 6 · Paused");
        m_logs = std::make_unique<LogController>(std::vector<LogSource *>{}, m_dir.path(),
                                                 m_bench->clock);
        m_bench->toWeight(10);
        m_view = std::make_unique<TrackView>(*m_bench->rollout, *m_logs);
        m_view->resize(1200, 800);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }
    void cleanupTestCase()
    {
        m_view.reset();
        m_logs.reset();
    }

    void theMenuHasWhatIsOfferedAndSaysWhyWhatIsOff()
    {
        const QStringList texts = shown();
        QCOMPARE(texts,
                 (QStringList{QStringLiteral("Abort the rollout…"),
                              QStringLiteral("Retry the rollout…  (off: it is not aborted)"),
                              QStringLiteral("-"), QStringLiteral("Undo to revision 5 (4be81c0)…"),
                              QStringLiteral("Undo to revision 4 (9f3c2a1 && more)…")}));
        for (const QAction *action : menu()->actions()) {
            if (!action->isSeparator())
                QCOMPARE(action->isEnabled(),
                         action->data().toString() != QLatin1String("argo.retry"));
        }
    }

    void anEarlierRevisionIsChosenByMouseAndShowsWhatItBreaks()
    {
        OwnAction back = ownAction("cloudrun.back:web-00055-gid",
                                   "Cloud Run: back to 4be81c0 (web-00055-gid)", "4be81c0");
        back.chosen = CommitId(other);
        back.against = {QStringLiteral("it was retired as a way back by A. Muster, 24 Nov 14:20")};
        m_bench->traffic.own = {ownAction("cloudrun.pin", "Pin", "x"), back};
        m_bench->rollout->setChosenReasons(
            {{other,
              {{Reason::Kind::Against,
                QStringLiteral("BREAKS: 4be81c0 inserts without organization_id"),
                {}}}}});
        m_bench->toWeight(0);
        QString entry;
        QTimer::singleShot(0, menu(), [this, &entry] { // the press comes back when it has closed
            QAction *last = menu()->actions().last();
            entry = last->text();
            QTest::mouseClick(menu(), Qt::LeftButton, Qt::NoModifier,
                              menu()->actionGeometry(last).center());
        });
        QTest::mouseClick(button(), Qt::LeftButton);
        QCOMPARE(entry,
                 QStringLiteral("Cloud Run: back to 4be81c0 (web-00055-gid)…  (! BREAKS: 4be81c0 "
                                "inserts without organization_id)"));
        ConfirmationDialog *dialog = nullptr;
        QTRY_VERIFY((dialog = m_view->findChild<ConfirmationDialog *>()) && dialog->isVisible());
        QVERIFY(!menu()->isVisible());
        auto *confirm = dialog->findChild<QPushButton *>(QStringLiteral("confirmButton"));
        QTest::keyClicks(dialog->findChild<QLineEdit *>(QStringLiteral("typedField")),
                         QStringLiteral("4be81c0"));
        QVERIFY2(!confirm->isEnabled(), "a reason is asked");
        takePicture(*dialog);
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!m_view->findChild<ConfirmationDialog *>());
        QVERIFY(m_bench->traffic.ownRuns.isEmpty());
    }

    void theButtonIsAbsentWhereNothingIsOffered()
    {
        QVERIFY(button()->isVisible());
        m_bench->traffic.own.clear();
        m_bench->traffic.tell();
        m_bench->toWeight(50);
        QVERIFY(!button()->isVisible());
        m_bench->traffic.own = offered();
        m_bench->toWeight(10);
        QVERIFY(button()->isVisible());
    }

    void thePageSaysWhereTheSystemsOwnStepsStand()
    {
        auto *label = m_view->findChild<QLabel *>(QStringLiteral("progressLabel"));
        QVERIFY(label && label->isVisible());
        QCOMPARE(label->text(), QStringLiteral("step 2 of 6 · Paused"));
        m_bench->traffic.world.progress.clear();
        m_bench->toWeight(50);
        QVERIFY(!label->isVisible());
    }

    void whatADryRunSaysStandsInTheConfirmation()
    {
        m_bench->traffic.dryRuns = {DryRun{
            QStringLiteral("dryRun=All"),
            {QStringLiteral("status.abort: (nothing) → true"), QStringLiteral("our note of it")}}};
        choose("argo.abort");
        auto *dialog = m_view->findChild<ConfirmationDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        const auto says = [dialog](const QString &text) {
            const auto labels = dialog->findChildren<QLabel *>();
            return std::any_of(labels.cbegin(), labels.cend(), [&text](const QLabel *label) {
                return label->text().contains(text);
            });
        };
        QVERIFY(says(QStringLiteral("taken (dryRun=All): status.abort: (nothing) → true")));
        QCOMPARE(m_bench->traffic.ownTrials.size(), 1);
        QVERIFY(m_bench->traffic.ownRuns.isEmpty());
        takePicture(*dialog);
        dialog->reject();
    }

    void anAbortIsChosenTypedAndDone()
    {
        m_bench->traffic.onOwn = [](TrafficState &t) {
            t.asked = t.accepted.emplace(Weight{0});
        };
        choose("argo.abort");
        ConfirmationDialog *dialog = m_view->findChild<ConfirmationDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        QCOMPARE(dialog->windowTitle(), QStringLiteral("Abort the rollout"));
        auto *confirm = dialog->findChild<QPushButton *>(QStringLiteral("confirmButton"));
        auto *typed = dialog->findChild<QLineEdit *>(QStringLiteral("typedField"));
        QVERIFY(!confirm->isEnabled());
        QTest::keyClicks(typed, QStringLiteral("abort"));
        QVERIFY(confirm->isEnabled());
        takePicture(*dialog);
        QTest::keyClick(typed, Qt::Key_Return);
        QTRY_COMPARE(m_bench->traffic.ownRuns.size(), 1);
        QCOMPARE(m_bench->traffic.ownRuns.first().action, QStringLiteral("argo.abort"));
        QTRY_VERIFY(!m_view->findChild<ConfirmationDialog *>());
        QCOMPARE(m_bench->traffic.world.asked, Weight{0});
        QCOMPARE(m_bench->journal.records(RecordKind::Outcome).size(), 1);
    }

    void anAbortThatSomebodyForestalledComesBackToTheDialog()
    {
        choose("argo.abort");
        ConfirmationDialog *dialog = m_view->findChild<ConfirmationDialog *>();
        QVERIFY(dialog);
        m_bench->traffic.beforeWrite = [this] {
            m_bench->traffic.change([](TrafficState &t) { t.lastWriter = QStringLiteral("x"); });
        };
        QTest::keyClicks(dialog->findChild<QLineEdit *>(QStringLiteral("typedField")),
                         QStringLiteral("abort"));
        QTest::mouseClick(dialog->findChild<QPushButton *>(QStringLiteral("confirmButton")),
                          Qt::LeftButton);
        auto *notice = dialog->findChild<QLabel *>(QStringLiteral("confirmationNotice"));
        QTRY_VERIFY(notice->isVisible() && notice->text().contains(QStringLiteral("modified")));
        QVERIFY(dialog->isVisible());
        QCOMPARE(m_bench->traffic.ownRuns.size(), 1);
    }

    void whatIsOffOpensNothing()
    {
        m_view->findChild<OwnMenu *>()->confirm(QStringLiteral("argo.retry"));
        m_view->findChild<OwnMenu *>()->confirm(QStringLiteral("argo.none"));
        QVERIFY(!m_view->findChild<ConfirmationDialog *>());
    }

    void aTrackThatMovesByItselfSaysSoOnce()
    {
        m_bench->traffic.own.clear();
        m_bench->traffic.world.progress
            = QStringLiteral("WaitingPromotion · 0 of 5 failed checks · waits for the gate "
                             "“approve” (confirm-promotion)");
        m_bench->traffic.world.promoteOff
            = QStringLiteral("Flagger moves the weight by itself and has no promote. It waits for "
                             "the gate “approve” (confirm-promotion): open that where it is kept "
                             "(http://gate/ok), and close it again afterwards, or the next release "
                             "goes through it too.");
        m_bench->traffic.mayWrite = {false, m_bench->traffic.world.promoteOff};
        m_bench->toWeight(50);
        m_bench->rollout->refresh();
        QTRY_VERIFY(!m_bench->rollout->mayRollBack().allowed());
        auto *next = m_view->findChild<QLabel *>(QStringLiteral("nextSentence"));
        QCOMPARE(next->text(), m_bench->traffic.world.progress);
        QCoreApplication::processEvents(); // the layout
        const QString folder = qEnvironmentVariable("PILOTHOUSE_PICTURES");
        if (!folder.isEmpty())
            m_view->grab().save(folder + QStringLiteral("/own-byitself.png"));
        int said = 0;
        for (const Reason &reason : m_bench->rollout->mayPromote().reasons)
            said += reason.text == m_bench->traffic.world.promoteOff ? 1 : 0;
        QCOMPARE(said, 1);
    }

private:
    [[nodiscard]] OwnMenu *button() const { return m_view->findChild<OwnMenu *>(); }
    [[nodiscard]] QMenu *menu() const { return button()->menu(); }
    /// Fills the menu as its opening does.
    [[nodiscard]] QStringList shown() const
    {
        Q_EMIT menu()->aboutToShow();
        QStringList texts;
        for (const QAction *action : menu()->actions())
            texts << (action->isSeparator() ? QStringLiteral("-") : action->text());
        return texts;
    }
    void choose(const char *id) const
    {
        (void)shown();
        for (QAction *action : menu()->actions()) {
            if (action->data().toString() == QLatin1String(id)) {
                action->trigger();
                return;
            }
        }
    }
    /// For whoever wants to look: PILOTHOUSE_PICTURES names a folder.
    void takePicture(QWidget &dialog) const
    {
        const QString folder = qEnvironmentVariable("PILOTHOUSE_PICTURES");
        if (folder.isEmpty())
            return;
        m_view->grab().save(folder + QStringLiteral("/own-page.png"));
        dialog.grab().save(folder + QStringLiteral("/own-dialog.png"));
        menu()->popup(QPoint());
        menu()->grab().save(folder + QStringLiteral("/own-menu.png"));
        menu()->hide();
    }

    QTemporaryDir m_dir;
    std::unique_ptr<RolloutBench> m_bench;
    std::unique_ptr<LogController> m_logs;
    std::unique_ptr<TrackView> m_view;
};

QTEST_MAIN(TestOwnMenu)
#include "testownmenu.moc"
