#include "release/oncall/clusterevents.h"
#include "support/accessiblenames.h"
#include "ui/action/confirmationdialog.h"
#include "ui/nightroom.h"
#include "ui/oncall/nightwords.h"
#include "ui/oncall/oncallpage.h"
#include "ui/rollout/rolloutpage.h"
#include "ui/rollout/trackview.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QHideEvent>
#include <QLabel>
#include <QPointer>
#include <QPromise>
#include <QScrollArea>
#include <QScrollBar>
#include <QTest>

#include <algorithm>

using namespace pilothouse;

namespace {

constexpr int muchChanged = 12;

/// A cluster in which much was changed before it began to hurt.
class BusyCluster final : public ClusterEventSource
{
public:
    QFuture<ClusterEvents> between(const ClusterQuestion &question) override
    {
        ClusterEvents events;
        for (int i = 0; i < muchChanged; ++i)
            events.events.append({question.to.addSecs(qint64(-60) * (i + 1)),
                                  QStringLiteral("helm"),
                                  QStringLiteral("config map context-%1 written").arg(i)});
        QPromise<ClusterEvents> promise;
        promise.start();
        promise.addResult(events);
        promise.finish();
        return promise.future();
    }
};

/// The night, in which standalone hurts, and which has much to say.
struct Room : NightRoom
{
    explicit Room(const QSize &size) : NightRoom(size, Pages::Night)
    {
        night.advice = QStringLiteral(" Look whether the VPN is up, whether your login is still "
                                      "good, and whether somebody else can reach it from where "
                                      "they are; the address stands in pilothouse.yaml.");
        night.metrics.values[errors] = {0.002, 0.044, true};
        night.onCall->setClusterEvents(cluster);
    }
    [[nodiscard]] OnCallPage &page() const { return window->pages().onCall(); }

    BusyCluster cluster;
};

QStringList cutButtons(const OnCallPage &page)
{
    QStringList cut;
    const QList<QPushButton *> buttons = page.findChildren<QPushButton *>();
    for (const QPushButton *button : buttons) {
        const QString what = button->objectName().startsWith(QLatin1String("wayButton-"))
                                 ? cutOf(*button)
                                 : QString();
        if (!what.isEmpty())
            cut << what;
    }
    return cut;
}

QScrollBar &barOf(QWidget &inside)
{
    QWidget *area = inside.parentWidget()->parentWidget();
    return *qobject_cast<QScrollArea *>(area)->verticalScrollBar();
}

} // namespace

/// However much is told at night, the ways back are in view without a turn of the wheel.
class TestOnCallRoom final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }

    void aTrackIsReadWhateverBecomesOfItsOwnPage()
    {
        Room room(QSize(1280, 880));
        room.night.start();
        for (const Way *way : {&room.night.standalone, &room.night.coditect}) {
            // Qt 6.8 tells a page so that is made while another one is shown.
            QHideEvent hides;
            QCoreApplication::sendEvent(
                room.window->pages().rollout().viewOf(way->rollout->track()), &hides);
            QVERIFY2(way->rollout->isVisible(), qPrintable(way->rollout->track().value));
        }
        room.window->showPage(Pages::Release);
        QVERIFY(!room.night.standalone.rollout->isVisible());
        QVERIFY(!room.night.coditect.rollout->isVisible());
    }

    void sinceWhenItHurtsIsToldAsFarAsItIsKnown_data()
    {
        QTest::addColumn<int>("minutes"); ///< that it has hurt
        QTest::addColumn<QString>("since");
        QTest::addColumn<QString>("title");
        QTest::newRow("for longer than the charts show")
            << 40 << QStringLiteral("since %1") << QStringLiteral("Changed before %1");
        QTest::newRow("for longer than anybody asks")
            << 2 * 24 * 60 << QStringLiteral("since before %1")
            << QStringLiteral("Changed before %1, when it hurt already");
    }

    void sinceWhenItHurtsIsToldAsFarAsItIsKnown()
    {
        QFETCH(int, minutes);
        QFETCH(QString, since);
        QFETCH(QString, title);
        Room room(QSize(1280, 880));
        QVERIFY(QTest::qWaitForWindowExposed(room.window.get()));
        const qint64 began = room.night.clock.now().addSecs(-60 * minutes).toMSecsSinceEpoch();
        room.night.metrics.values[errors] = {0.002, 0.002, true};
        room.night.metrics.ripple = [began](qint64 at) {
            return at < began ? 0.0 : 0.042;
        };
        room.night.start();
        const auto tells = [&room](const QString &form) {
            const OnCallView view = room.night.onCall->view();
            const QString words = form.arg(nightTime(view.firstBad));
            const QList<QLabel *> labels = room.page().findChildren<QLabel *>();
            return std::any_of(labels.cbegin(), labels.cend(), [&words](const QLabel *label) {
                return label->text().compare(words, Qt::CaseInsensitive) == 0;
            });
        };
        QTRY_VERIFY(tells(since));
        QTRY_VERIFY(tells(title));
        QVERIFY(room.night.onCall->view().firstBad < room.night.clock.now().addSecs(-60 * 39));
    }

    void aRunThatCouldPromoteAndABackfillElsewhereHaveTheirKeys()
    {
        Room room(QSize(1280, 880));
        Facts facts = expandedFacts();
        BackfillRow &row = facts.backfill.emplace();
        row.runnerAlive = true;
        row.runnerPid = 4711;
        row.rowsScanned = 1000;
        row.rowsTotal = 2000;
        room.night.database.now = facts;
        RunsLine runs;
        runs.able = {{QStringLiteral("run 7012 (deploy-standalone, waits at production)"), {}}};
        runs.holdRow
            = {PreviewRow::Kind::Plain, QStringLiteral("Runs"), QStringLiteral("cancels run 7012")};
        runs.holdCancels = RunsLine::Cancels::Runs;
        room.night.standalone.rollout->setRuns(QStringLiteral("GitHub"), runs);
        room.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(room.window.get()));
        room.night.start();
        const auto keyOf = [&room](WayLine::Kind kind) {
            const QList<WayLine> &ways = room.page().shown().ways;
            const auto at = std::find_if(ways.cbegin(), ways.cend(),
                                         [kind](const WayLine &way) { return way.kind == kind; });
            return at == ways.cend() ? -1 : int(at - ways.cbegin());
        };
        const auto titleAfter = [&room](int key) {
            room.window->activateWindow();
            (void)QTest::qWaitForWindowActive(room.window.get());
            QTest::keyClick(&room.page(), Qt::Key(Qt::Key_1 + key));
            QPointer<ConfirmationDialog> dialog;
            // The key presses the button down, and lets it go a little later.
            (void)QTest::qWaitFor([&] {
                dialog = room.window->findChild<ConfirmationDialog *>();
                return !dialog.isNull();
            });
            const QString title = dialog ? dialog->windowTitle() : QString();
            QStringList rows;
            if (dialog) {
                for (const PreviewRow &each : dialog->preview().rows)
                    rows << each.text;
                QTest::keyClick(dialog, Qt::Key_Escape);
            }
            return QTest::qWaitFor([&dialog] { return !dialog; })
                       ? title + QLatin1Char('\n') + rows.join(QLatin1Char('\n'))
                       : QString();
        };
        QTRY_VERIFY(keyOf(WayLine::Kind::Run) >= 0 && keyOf(WayLine::Kind::Pause) >= 0);
        const QString held = titleAfter(keyOf(WayLine::Kind::Run));
        QVERIFY2(held.startsWith(QStringLiteral("Hold standalone")), qPrintable(held));
        QVERIFY2(held.contains(QStringLiteral("cancels run 7012")), qPrintable(held));
        const QString paused = titleAfter(keyOf(WayLine::Kind::Pause));
        QVERIFY2(paused.startsWith(QStringLiteral("Pause the backfill")), qPrintable(paused));
        QVERIFY2(paused.contains(QStringLiteral("runs elsewhere (pid 4711)")), qPrintable(paused));
        QVERIFY(room.night.journal.records().isEmpty());
    }

    void everyWayBackIsInView_data()
    {
        QTest::addColumn<int>("lost");
        QTest::addColumn<QSize>("size");
        const QSize large(1280, 880);
        const QSize small(1100, 700);
        QTest::newRow("nothing lost") << 0 << large;
        QTest::newRow("two lost") << int(Metrics | Cluster) << large;
        QTest::newRow("all lost") << int(All) << large;
        QTest::newRow("two lost, a smaller window") << int(Metrics | Cluster) << small;
        QTest::newRow("all lost, a smaller window") << int(All) << small;
    }

    void everyWayBackIsInView()
    {
        QFETCH(int, lost);
        QFETCH(QSize, size);
        Room room(size);
        QVERIFY(QTest::qWaitForWindowExposed(room.window.get()));
        room.night.start();
        room.night.lose(lost);
        room.night.settle();
        const OnCallPage &page = room.page();
        QTRY_VERIFY(page.findChild<QPushButton *>(QStringLiteral("wayButton-4")));
        QTRY_COMPARE(lostShown(page), lost != 0);
        QCOMPARE(nameless(*room.window), QString());
        QTRY_COMPARE(cutButtons(page), QStringList());
    }

    void aConsoleThatStartsWithAllLostShowsThemToo()
    {
        Room room(QSize(1280, 880));
        QVERIFY(QTest::qWaitForWindowExposed(room.window.get()));
        room.night.lose(All);
        room.night.start();
        const OnCallPage &page = room.page();
        QTRY_VERIFY(page.findChild<QPushButton *>(QStringLiteral("wayButton-2")));
        QTRY_COMPARE(cutButtons(page), QStringList());
        // A long reason takes one sentence of the row; the rest is there to whoever points at it.
        const auto *row = page.findChild<QWidget *>(QStringLiteral("wayRow-1"));
        const QList<QLabel *> texts = row->findChildren<QLabel *>();
        const auto *why = *std::find_if(texts.begin(), texts.end(), [](const QLabel *label) {
            return label->text().startsWith(QLatin1String("off: "));
        });
        QCOMPARE(why->text(), QStringLiteral("off: Kubernetes does not answer"));
        QVERIFY(why->toolTip().contains(room.night.advice.trimmed()));
    }

    void whatStandsAboveThemScrollsByKeysAndOnlyWhenItMust()
    {
        Room room(QSize(1280, 880));
        QVERIFY(QTest::qWaitForWindowExposed(room.window.get()));
        room.night.start();
        OnCallPage &page = room.page();
        QTRY_VERIFY(page.findChild<QPushButton *>(QStringLiteral("wayButton-4")));
        auto *area = page.findChild<QScrollArea *>();
        QTRY_COMPARE(area->verticalScrollBar()->maximum(), 0);
        QCOMPARE(area->focusPolicy(), Qt::NoFocus);
        room.night.lose(All);
        room.night.settle();
        QTRY_VERIFY(area->verticalScrollBar()->maximum() > 0);
        QCOMPARE(barOf(page).maximum(), 0); // the page itself stays
        QCOMPARE(area->focusPolicy(), Qt::TabFocus);
        QTest::keyClick(area, Qt::Key_PageDown);
        const int scrolled = area->verticalScrollBar()->value();
        QVERIFY(scrolled > 0);
        // It stays there while ages are told anew.
        const QString told = lostSince(page);
        room.night.settle();
        QTRY_VERIFY(lostSince(page) != told);
        QTRY_COMPARE(area->verticalScrollBar()->value(), scrolled);
    }

private:
    /// All that the panel of lost sources says.
    static QString lostSince(const OnCallPage &page)
    {
        QStringList all;
        const auto *panel = page.findChild<QWidget *>(QStringLiteral("lostPanel"));
        const QList<QLabel *> texts = panel->findChildren<QLabel *>();
        for (const QLabel *label : texts)
            all << label->text();
        return all.join(QLatin1Char('\n'));
    }
    static bool lostShown(const OnCallPage &page)
    {
        const auto *panel = page.findChild<QWidget *>(QStringLiteral("lostPanel"));
        return panel && panel->isVisible();
    }
};

QTEST_MAIN(TestOnCallRoom)
#include "testoncallroom.moc"
