#include "rollout/guard/rolloutguard.h"
#include "support/accessiblenames.h"
#include "ui/action/confirmationdialog.h"
#include "ui/nightroom.h"
#include "ui/release/releasepage.h"
#include "ui/rollout/rolloutpage.h"
#include "ui/shell/palette.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPointer>
#include <QStatusBar>
#include <QTest>

#include <algorithm>

using namespace pilothouse;

namespace {

/// The window on its first page: both tracks are at 50 %, baked, and may be promoted.
struct Room : NightRoom
{
    explicit Room(const RolloutSettings &each = settings())
        : NightRoom(QSize(1360, 880), Pages::Release, each)
    {
        night.database.now = untouchedFacts();
        night.start();
        while (night.clock.sinceBoot() < m_baked)
            night.settle();
    }

    [[nodiscard]] ReleasePage &page() const { return window->pages().release(); }
    /// The row of NEXT that is about a track; -1 = there is none.
    [[nodiscard]] qsizetype rowOf(const char *track) const
    {
        const QList<NextRow> &rows = night.release.next();
        const auto at = std::find_if(rows.begin(), rows.end(), [track](const NextRow &row) {
            return row.kind == NextRow::Kind::Track && row.track.value == QLatin1String(track);
        });
        return at == rows.end() ? -1 : at - rows.begin();
    }
    [[nodiscard]] QPushButton *nextButton(qsizetype row) const
    {
        return page().findChild<QPushButton *>(QStringLiteral("nextButton-%1").arg(row));
    }
    [[nodiscard]] ConfirmationDialog *dialog() const
    {
        return window->findChild<ConfirmationDialog *>();
    }
    [[nodiscard]] CommandPalette *palette() const { return window->findChild<CommandPalette *>(); }
    /// No weight, no hold and no statement was sent, and nothing is written down.
    [[nodiscard]] bool nothingWasDone() const
    {
        const auto still = [](const Way &way) {
            return way.traffic.writes.isEmpty() && way.traffic.ownRuns.isEmpty()
                   && !way.traffic.world.hold && way.traffic.world.asked == Weight{50};
        };
        return still(night.standalone) && still(night.coditect)
               && night.journal.records().isEmpty();
    }

private:
    const std::chrono::milliseconds m_baked = night.clock.sinceBoot() + std::chrono::seconds(60);
};

} // namespace

/// The keys of the window open confirmations; none acts by itself.
class TestReleaseKeys final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }
    void init()
    {
        m_room = std::make_unique<Room>();
        m_room->window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_room->window.get()));
        QTRY_VERIFY(m_room->rowOf("coditect") >= 0);
    }
    void cleanup() { m_room.reset(); }

    void theButtonOfATracksRowOpensItsConfirmation()
    {
        Room &room = *m_room;
        QCOMPARE(nameless(*room.window), QString());
        QPushButton *next = room.nextButton(room.rowOf("coditect"));
        QTRY_VERIFY(next->isEnabled());
        QTest::mouseClick(next, Qt::LeftButton);
        QVERIFY(room.dialog());
        QCOMPARE(room.dialog()->preview().scope, QStringLiteral("coditect"));
        QCOMPARE(room.dialog()->preview().typed, QStringLiteral("100"));
        QCOMPARE(room.window->page(), Pages::Rollout);
        QVERIFY(room.nothingWasDone());
        // And from there it goes to its end.
        QPointer<ConfirmationDialog> dialog = room.dialog();
        QTest::keyClicks(dialog->findChild<QLineEdit *>(QStringLiteral("reasonField")),
                         QStringLiteral("looks well"));
        auto *typed = dialog->findChild<QLineEdit *>(QStringLiteral("typedField"));
        QTest::keyClicks(typed, QStringLiteral("100"));
        QTest::keyClick(typed, Qt::Key_Return);
        QTRY_VERIFY(!dialog);
        QCOMPARE(room.night.coditect.traffic.world.asked, Weight{100});
        QVERIFY(room.night.standalone.traffic.writes.isEmpty());
    }

    void aFrozenRolloutHasAButtonForEachAnswer()
    {
        RolloutSettings frozen = settings();
        frozen.frozen = [](const QDateTime &) {
            return QStringLiteral("weekend, until Mon 08:00");
        };
        m_room = std::make_unique<Room>(frozen);
        Room &room = *m_room;
        QTRY_VERIFY(room.rowOf("coditect") >= 0);
        const qsizetype row = room.rowOf("coditect");
        const QString asks
            = QStringLiteral("frozen (weekend, until Mon 08:00): finish it, or roll it back?");
        QTRY_VERIFY2(room.night.release.next()[row].sentence.startsWith(asks),
                     qPrintable(room.night.release.next()[row].sentence));
        QTRY_VERIFY(room.nextButton(row)->isEnabled());
        QCOMPARE(room.nextButton(row)->text(), QStringLiteral("Promote 50 → 100…"));
        auto *back
            = room.page().findChild<QPushButton *>(QStringLiteral("otherwiseButton-%1").arg(row));
        QVERIFY(back && back->isVisible());
        QCOMPARE(back->text(), QStringLiteral("Roll back to aaaaaaa…"));
        QCOMPARE(nameless(*room.window), QString());
        const QString picture = qEnvironmentVariable("PILOTHOUSE_PICTURES");
        if (!picture.isEmpty())
            room.window->grab().save(picture + QStringLiteral("/frozen.png"));
        QTest::mouseClick(back, Qt::LeftButton);
        QVERIFY(room.dialog());
        QCOMPARE(room.dialog()->preview().scope, QStringLiteral("coditect"));
        QVERIFY(room.dialog()->preview().title.startsWith(QStringLiteral("Roll back")));
        QVERIFY(room.nothingWasDone());
    }

    void ctrlReturnOpensTheFirstThatCanBeDone()
    {
        Room &room = *m_room;
        const QList<NextRow> &rows = room.night.release.next();
        QCOMPARE(rows.first().action, NextAction::Kind::Promote);
        QTest::keyClick(room.window.get(), Qt::Key_Return, Qt::ControlModifier);
        QPointer<ConfirmationDialog> dialog = room.dialog();
        QVERIFY(dialog);
        QCOMPARE(dialog->preview().scope, rows.first().track.value);
        QVERIFY2(dialog->windowTitle().startsWith(QStringLiteral("Promote ")),
                 qPrintable(dialog->windowTitle()));
        // The same keys again press nothing in it, and open no second one.
        QTest::keyClick(dialog, Qt::Key_Return, Qt::ControlModifier);
        QTest::keyClick(room.window.get(), Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(dialog && dialog->isVisible());
        QCOMPARE(room.window->findChildren<ConfirmationDialog *>().size(), 1);
        QVERIFY(room.nothingWasDone());
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!dialog);
        QVERIFY(room.nothingWasDone());
    }

    void ctrlShiftROpensTheRollback()
    {
        Room &room = *m_room;
        QTest::keyClick(room.window.get(), Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(room.window->page(), Pages::Rollout);
        QPointer<ConfirmationDialog> dialog = room.dialog();
        QVERIFY(dialog);
        QCOMPARE(dialog->preview().scope, QStringLiteral("standalone"));
        QCOMPARE(dialog->preview().typed, QStringLiteral("aaaaaaa"));
        QVERIFY(!dialog->findChild<QPushButton *>(QStringLiteral("confirmButton"))->isEnabled());
        QTest::keyClick(dialog, Qt::Key_Return);
        QVERIFY(dialog && dialog->isVisible());
        QVERIFY(room.nothingWasDone());
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!dialog);
        QVERIFY(room.nothingWasDone());
    }

    void ctrlShiftROnTheCanaryRollsBackTheShownTrack()
    {
        Room &room = *m_room;
        room.window->showPage(Pages::Rollout);
        room.window->pages().rollout().showTrack(TrackName(QStringLiteral("coditect")));
        QTest::keyClick(room.window.get(), Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
        QPointer<ConfirmationDialog> dialog = room.dialog();
        QVERIFY(dialog);
        QCOMPARE(dialog->preview().scope, QStringLiteral("coditect"));
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!dialog);
        QVERIFY(room.nothingWasDone());
    }

    void ctrlShiftROnCallIsTheFirstRowWhateverTheCanaryShows()
    {
        Room &room = *m_room;
        room.window->pages().rollout().showTrack(TrackName(QStringLiteral("coditect")));
        QTest::keyClick(room.window.get(), Qt::Key_F12);
        QTest::keyClick(room.window.get(), Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
        QPointer<ConfirmationDialog> dialog = room.dialog();
        QVERIFY(dialog);
        QCOMPARE(dialog->preview().scope, QStringLiteral("standalone"));
        QCOMPARE(room.window->page(), Pages::Night);
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!dialog);
        QVERIFY(room.nothingWasDone());
    }

    void aRollbackThatIsOffSaysWhyAndNothingElseHappens()
    {
        Room &room = *m_room;
        room.night.standalone.rollout->setReadOnly(true);
        QTest::keyClick(room.window.get(), Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(!room.dialog());
        QCOMPARE(room.window->page(), Pages::Release);
        const QString said = room.window->statusBar()->currentMessage();
        QVERIFY2(said.startsWith(QStringLiteral("Roll back of standalone is off: ")),
                 qPrintable(said));
        QVERIFY(said.size() > QStringLiteral("Roll back of standalone is off: ").size());
    }

    void ctrlKOpensThePaletteAndWhatIsChosenItsConfirmation_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("chosen");
        QTest::addColumn<QString>("title");
        const auto row = [](const char *typed, const char *chosen, const char *title) {
            QTest::newRow(chosen) << QString::fromUtf8(typed) << QString::fromUtf8(chosen)
                                  << QString::fromUtf8(title);
        };
        row("promo", "Promote…", "Promote 50 → 100");
        row("rollb", "Roll Back…   (Ctrl+Shift+R)", "Roll back to aaaaaaa");
        row("guard", "Arm or Disarm Guard…", "Arm the guard of bbbbbbb");
    }
    void ctrlKOpensThePaletteAndWhatIsChosenItsConfirmation()
    {
        QFETCH(QString, typed);
        QFETCH(QString, chosen);
        QFETCH(QString, title);
        Room &room = *m_room;
        QTest::keyClick(room.window.get(), Qt::Key_K, Qt::ControlModifier);
        QPointer<CommandPalette> palette = room.palette();
        QVERIFY(palette && palette->isVisible());
        QCOMPARE(nameless(*palette), QString());
        auto *field = palette->findChild<QLineEdit *>(QStringLiteral("paletteField"));
        const auto *list = palette->findChild<QListWidget *>();
        const int all = list->count();
        QTest::keyClicks(field, typed);
        QVERIFY(list->count() > 0 && list->count() < all);
        QCOMPARE(list->currentItem()->text(), chosen);
        QVERIFY(!room.dialog());
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_VERIFY(!palette);
        QTRY_VERIFY(room.dialog());
        QPointer<ConfirmationDialog> dialog = room.dialog();
        QCOMPARE(dialog->windowTitle(), title);
        QCOMPARE(nameless(*dialog), QString());
        QVERIFY(room.nothingWasDone());
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!dialog);
        QVERIFY(room.nothingWasDone());
        QVERIFY(!room.night.standalone.rollout->guard().isArmed());
    }

    void escapeInThePaletteChoosesNothing()
    {
        Room &room = *m_room;
        QTest::keyClick(room.window.get(), Qt::Key_K, Qt::ControlModifier);
        QPointer<CommandPalette> palette = room.palette();
        QVERIFY(palette);
        auto *field = palette->findChild<QLineEdit *>(QStringLiteral("paletteField"));
        QTest::keyClicks(field, QStringLiteral("promo"));
        QTest::keyClick(palette, Qt::Key_Escape);
        QTRY_VERIFY(!palette);
        QVERIFY(!room.dialog());
        QCOMPARE(room.window->page(), Pages::Release);
        QVERIFY(room.nothingWasDone());
    }

    void theQuestionMarkShowsTheKeys()
    {
        Room &room = *m_room;
        QTest::keyClick(room.window.get(), Qt::Key_Question);
        QPointer<QMessageBox> keys
            = room.window->findChild<QMessageBox *>(QStringLiteral("keysDialog"));
        QVERIFY(keys && keys->isVisible());
        QVERIFY(keys->text().contains(QStringLiteral("Ctrl+Shift+R")));
        QCOMPARE(nameless(*keys), QString());
        QTest::keyClick(keys, Qt::Key_Escape);
        QTRY_VERIFY(!keys);
    }

private:
    std::unique_ptr<Room> m_room;
};

QTEST_MAIN(TestReleaseKeys)
#include "testreleasekeys.moc"
