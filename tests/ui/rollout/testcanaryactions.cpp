#include "support/accessiblenames.h"
#include "ui/action/confirmationdialog.h"
#include "ui/nightroom.h"
#include "ui/rollout/rolloutpage.h"
#include "ui/rollout/trackview.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QMenu>
#include <QPointer>
#include <QTabBar>
#include <QTest>

using namespace pilothouse;

namespace {

const QString stableName = QStringLiteral("context-00041-kuv");
const QString candidateName = QStringLiteral("context-00042-bex");

/// What Cloud Run is asked for, in the words of its connector.
PlannedCall patchOfService(const WeightRequest &request, const TrafficState &now)
{
    const int percent = request.candidate.percent;
    PlannedCall call;
    call.summary = QStringLiteral("PATCH services/context   traffic %1 %2 %   if etag is still %3")
                       .arg(candidateName)
                       .arg(percent)
                       .arg(now.version);
    call.exact = QStringLiteral("PATCH https://run.googleapis.com/v2/projects/p/locations/r/"
                                "services/context?updateMask=traffic,annotations");
    call.curl = QStringLiteral("curl -X PATCH");
    call.copyable = QStringLiteral("gcloud run services update-traffic context --project=p "
                                   "--region=r --to-revisions=%1=%2")
                        .arg(percent > 0 ? candidateName : stableName)
                        .arg(percent > 0 ? percent : 100);
    return call;
}

/// The canary page of two tracks at 50 %, standalone on Kubernetes and coditect on Cloud Run.
struct Room : NightRoom
{
    Room() : NightRoom(QSize(1360, 880), Pages::Rollout)
    {
        TrafficState &run = night.coditect.traffic.world;
        run.stable->name = RevisionName(stableName);
        run.stable->commit = {}; // its image names none
        run.stable->imageDigest = QStringLiteral("sha256:41");
        run.candidate->name = RevisionName(candidateName);
        for (RevisionState *each : {&*run.stable, &*run.candidate})
            each->readyReplicas = each->wantedReplicas = 0; // it scales from nothing
        night.coditect.traffic.planned = patchOfService;
        night.start();
        while (night.clock.sinceBoot() < m_baked)
            night.settle();
    }

    [[nodiscard]] TrackView &view() const { return *window->pages().rollout().current(); }
    [[nodiscard]] QPushButton *button(const char *name) const
    {
        return view().findChild<QPushButton *>(QLatin1String(name));
    }
    [[nodiscard]] QTabBar *tabs() const
    {
        return window->findChild<QTabBar *>(QStringLiteral("trackTabs"));
    }
    void press(const char *name) const { QTest::mouseClick(button(name), Qt::LeftButton); }
    [[nodiscard]] ConfirmationDialog *dialog() const
    {
        return window->findChild<ConfirmationDialog *>();
    }
    template <typename T>
    [[nodiscard]] T *ofDialog(const char *name) const
    {
        return dialog()->findChild<T *>(QLatin1String(name));
    }
    void type(const char *field, const QString &text) const
    {
        QTest::keyClicks(ofDialog<QLineEdit>(field), text);
    }
    [[nodiscard]] bool mayConfirm() const
    {
        return ofDialog<QPushButton>("confirmButton")->isEnabled();
    }
    void confirm() const
    {
        QTest::mouseClick(ofDialog<QPushButton>("confirmButton"), Qt::LeftButton);
    }
    [[nodiscard]] bool nothingWasSent() const
    {
        return night.standalone.traffic.writes.isEmpty() && night.coditect.traffic.writes.isEmpty()
               && night.journal.records().isEmpty();
    }
    [[nodiscard]] QString told() const
    {
        QStringList rows;
        for (const PreviewRow &row : dialog()->preview().rows)
            rows << QStringLiteral("%1: %2").arg(row.label, row.text);
        return rows.join(QLatin1Char('\n'));
    }

private:
    const std::chrono::milliseconds m_baked = night.clock.sinceBoot() + std::chrono::seconds(60);
};

} // namespace

/// What the buttons of the canary page do, through the window, to the end.
class TestCanaryActions final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }

    void aTrackIsHeldAndTheHoldIsLifted()
    {
        Room room;
        QVERIFY(QTest::qWaitForWindowExposed(room.window.get()));
        FakeTraffic &traffic = room.night.standalone.traffic;
        QVERIFY(room.button("promoteButton")->isEnabled());
        QCOMPARE(room.button("holdButton")->text(), QStringLiteral("Hold…"));
        room.press("holdButton");
        QPointer<ConfirmationDialog> dialog = room.dialog();
        QVERIFY(dialog);
        QCOMPARE(dialog->windowTitle(), QStringLiteral("Hold standalone"));
        QVERIFY(!room.mayConfirm()); // no reason yet
        room.type("reasonField", QStringLiteral("the pool is full"));
        QVERIFY(!traffic.world.hold);
        room.confirm();
        QTRY_VERIFY(!dialog);
        QVERIFY(traffic.world.hold);
        QCOMPARE(traffic.world.hold->why, QStringLiteral("the pool is full"));
        QCOMPARE(traffic.world.hold->by, QStringLiteral("A. Muster"));
        QTRY_COMPARE(room.button("holdButton")->text(), QStringLiteral("Lift Hold…"));
        QVERIFY(!room.button("promoteButton")->isEnabled());

        room.press("holdButton");
        dialog = room.dialog();
        QVERIFY(dialog);
        QCOMPARE(dialog->windowTitle(), QStringLiteral("Lift the hold of standalone"));
        QTest::keyClick(dialog, Qt::Key_Return); // nothing is typed: Cancel is the default
        QTRY_VERIFY(!dialog);
        QVERIFY(traffic.world.hold);
        room.press("holdButton");
        dialog = room.dialog();
        room.confirm();
        QTRY_VERIFY(!dialog);
        QVERIFY(!traffic.world.hold);
        QTRY_COMPARE(room.button("holdButton")->text(), QStringLiteral("Hold…"));
        QTRY_VERIFY(room.button("promoteButton")->isEnabled());
        QVERIFY(traffic.writes.isEmpty()); // no weight was moved
        QCOMPARE(room.night.journal.records(RecordKind::Intent).size(), 2);
        QCOMPARE(room.night.journal.records(RecordKind::Outcome).size(), 2);
    }

    void aTrackGoesBackOneStage()
    {
        Room room;
        QVERIFY(QTest::qWaitForWindowExposed(room.window.get()));
        QCOMPARE(room.button("backButton")->text(), QStringLiteral("Back to 10 %…"));
        QVERIFY(room.button("backButton")->isVisible());
        room.press("backButton");
        QPointer<ConfirmationDialog> dialog = room.dialog();
        QVERIFY(dialog);
        room.type("reasonField", QStringLiteral("too much for the pool"));
        room.type("typedField", QStringLiteral("1"));
        QVERIFY(!room.mayConfirm());
        QVERIFY(room.nothingWasSent());
        room.type("typedField", QStringLiteral("0"));
        QTest::keyClick(room.ofDialog<QLineEdit>("typedField"), Qt::Key_Return);
        QTRY_VERIFY(!dialog);
        QCOMPARE(room.night.standalone.traffic.writes.size(), 1);
        QCOMPARE(room.night.standalone.traffic.world.asked, Weight{10});
        QCOMPARE(room.night.coditect.traffic.world.asked, Weight{50});
        // There is no stage before the first one.
        QTRY_VERIFY(!room.button("backButton")->isVisible());
        QCOMPARE(room.night.journal.records(RecordKind::Outcome).size(), 1);
    }

    void cloudRunIsPromotedByItsOwnRequest()
    {
        Room room;
        QVERIFY(QTest::qWaitForWindowExposed(room.window.get()));
        QTest::mouseClick(room.tabs(), Qt::LeftButton, {}, room.tabs()->tabRect(1).center());
        QCOMPARE(room.view().track().track(), TrackName(QStringLiteral("coditect")));
        QCOMPARE(nameless(*room.window), QString());
        FakeTraffic &traffic = room.night.coditect.traffic;
        QVERIFY(room.button("promoteButton")->isEnabled());
        QCOMPARE(room.button("promoteButton")->text(), QStringLiteral("Promote 50 → 100…"));
        room.press("promoteButton");
        QPointer<ConfirmationDialog> dialog = room.dialog();
        QVERIFY(dialog);
        QCOMPARE(nameless(*dialog), QString());
        QVERIFY2(room.told().contains(QStringLiteral(
                     "Sends: PATCH services/context   traffic context-00042-bex 100 %   if etag is "
                     "still 1")),
                 qPrintable(room.told()));
        // What is shown can be taken to a shell.
        const QList<QAction *> forms
            = room.ofDialog<QPushButton>("copyCallsButton")->menu()->actions();
        QCOMPARE(forms.constFirst()->text(), QStringLiteral("Copy as gcloud"));
        forms.constFirst()->trigger();
        QVERIFY(QApplication::clipboard()->text().endsWith(
            QStringLiteral("--to-revisions=context-00042-bex=100")));
        room.type("reasonField", QStringLiteral("looks well"));
        QVERIFY(!room.mayConfirm());
        QVERIFY(room.nothingWasSent());
        room.type("typedField", QStringLiteral("100"));
        QTest::keyClick(room.ofDialog<QLineEdit>("typedField"), Qt::Key_Return);
        QTRY_VERIFY(!dialog);
        QCOMPARE(traffic.writes.size(), 1);
        QCOMPARE(traffic.writes.first().candidate, Weight{100});
        QCOMPARE(traffic.world.asked, Weight{100});
        QVERIFY(room.night.standalone.traffic.writes.isEmpty());
        QTRY_VERIFY(!room.button("promoteButton")->isEnabled());
    }

    void cloudRunIsRolledBackToTheRevisionThatIsTyped()
    {
        Room room;
        QVERIFY(QTest::qWaitForWindowExposed(room.window.get()));
        QTest::mouseClick(room.tabs(), Qt::LeftButton, {}, room.tabs()->tabRect(1).center());
        FakeTraffic &traffic = room.night.coditect.traffic;
        room.press("rollBackButton");
        QPointer<ConfirmationDialog> dialog = room.dialog();
        QVERIFY(dialog);
        // Its image names no commit: the revision is told from its neighbours by its own name.
        QCOMPARE(dialog->preview().typed, stableName);
        room.type("reasonField", QStringLiteral("errors"));
        room.type("typedField", candidateName);
        QVERIFY(!room.mayConfirm());
        QVERIFY(room.nothingWasSent());
        room.ofDialog<QLineEdit>("typedField")->clear();
        room.type("typedField", stableName);
        QTest::keyClick(room.ofDialog<QLineEdit>("typedField"), Qt::Key_Return);
        QTRY_VERIFY(!dialog);
        QCOMPARE(traffic.writes.size(), 1);
        QCOMPARE(traffic.world.asked, Weight{0});
        QTRY_VERIFY(traffic.world.hold);
        QCOMPARE(room.night.standalone.traffic.world.asked, Weight{50});
        QTRY_COMPARE(room.button("holdButton")->text(), QStringLiteral("Lift Hold…"));
    }

    void whatTheWorldChangedMeanwhileGoesBackToThePerson()
    {
        Room room;
        QVERIFY(QTest::qWaitForWindowExposed(room.window.get()));
        room.press("backButton");
        QPointer<ConfirmationDialog> dialog = room.dialog();
        QVERIFY(dialog);
        room.type("reasonField", QStringLiteral("too much for the pool"));
        room.type("typedField", QStringLiteral("10"));
        // Somebody else is quicker.
        room.night.standalone.traffic.change(
            [](TrafficState &state) { state.asked = state.accepted.emplace(Weight{100}); });
        room.confirm();
        QTRY_COMPARE(dialog->preview().typed, QStringLiteral("50"));
        QVERIFY(!room.mayConfirm()); // what was typed is no longer right
        QVERIFY(room.night.standalone.traffic.writes.isEmpty());
        QCOMPARE(room.night.standalone.traffic.world.asked, Weight{100});
    }
};

QTEST_MAIN(TestCanaryActions)
#include "testcanaryactions.moc"
