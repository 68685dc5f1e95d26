#include "support/accessiblenames.h"
#include "ui/action/confirmationdialog.h"
#include "ui/migration/leftopenlist.h"
#include "ui/migration/snoozebutton.h"
#include "ui/nightroom.h"
#include "ui/release/remindercard.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QTabBar>
#include <QTest>

using namespace pilothouse;

namespace {

const TableName orders{QStringLiteral("shop"), QStringLiteral("orders")};

/// A change whose file is gone, so many days late, and an index that nobody finished.
Traces someTraces(int daysLate)
{
    Traces traces;
    traces.at = QDateTime(QDate(2026, 12, 10), QTime(8, 0), Qt::UTC);
    traces.marked << MarkedColumn{orders, QStringLiteral("status"),
                                  ChangeName(QStringLiteral("orders-status")),
                                  traces.at.date().addDays(-daysLate)};
    traces.leftovers << Leftover{
        Leftover::Kind::InvalidIndex, orders, QStringLiteral("orders_b"), {}};
    return traces;
}

/// One window for all: to make it takes longer than all that is looked at.
struct Room : NightRoom
{
    Room() : NightRoom(QSize(1440, 900), Pages::Release) { night.start(); }

    void show(const Result<Traces> &answer)
    {
        traces.answer = answer;
        reminders.start();
    }
    [[nodiscard]] QString tab() const
    {
        return window->findChild<QTabBar *>(QStringLiteral("pageTabs"))->tabText(Pages::Migration);
    }
    template <typename T>
    [[nodiscard]] T *find(const char *name) const
    {
        return window->findChild<T *>(QLatin1String(name));
    }
    void save(const char *name) const
    {
        const QString pictures = qEnvironmentVariable("PILOTHOUSE_PICTURES");
        QCoreApplication::processEvents(); // a new scheme, a new layout
        if (!pictures.isEmpty())
            window->grab().save(pictures + QLatin1Char('/') + QLatin1String(name));
    }
};

} // namespace

/// What is late is seen from every page, and leads to where it is settled.
class RemindersTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<Room> m_room;

private Q_SLOTS:
    void initTestCase()
    {
        Theme::instance().apply(*qApp);
        m_room = std::make_unique<Room>();
    }
    void init() { m_room->show(Traces{}); }
    void cleanupTestCase() { m_room.reset(); }

    void whatIsLateStandsAboveAllElse()
    {
        Room &room = *m_room;
        room.window->showPage(Pages::Release);
        QTRY_VERIFY(room.find<QLabel>("reminderWords"));
        auto *card = room.find<ReminderCard>("reminderCard");
        QVERIFY(card->isHidden());
        QCOMPARE(room.tab(), QStringLiteral("4 Migrations"));
        room.show(someTraces(9));
        QTRY_VERIFY(!card->isHidden());
        QCOMPARE(room.find<QLabel>("reminderWords")->text(),
                 QStringLiteral("1 contract waiting, 9 days late"));
        QCOMPARE(room.tab(), QStringLiteral("4 Migrations · 1 late"));
        room.save("reminder-light.png");
        Theme::instance().setScheme(Theme::Scheme::Dark);
        room.save("reminder-dark.png");
        Theme::instance().setScheme(Theme::Scheme::Light);
        room.show(someTraces(-9));
        QTRY_VERIFY(card->isHidden());
        QCOMPARE(room.tab(), QStringLiteral("4 Migrations"));
    }
    void theCardLeadsToTheMigrations()
    {
        Room &room = *m_room;
        room.window->showPage(Pages::Release);
        room.show(someTraces(9));
        QTRY_VERIFY(!room.find<ReminderCard>("reminderCard")->isHidden());
        auto *show = room.find<QPushButton>("reminderShow");
        QTRY_VERIFY(show->isVisible());
        QTest::mouseClick(show, Qt::LeftButton);
        QCOMPARE(room.find<QTabBar>("pageTabs")->currentIndex(), int(Pages::Migration));
    }
    void whatHasNoFileIsListedWithWhatToDo()
    {
        Room &room = *m_room;
        room.window->showPage(Pages::Migration);
        room.show(someTraces(9));
        auto *panel = room.find<LeftOpenList>("leftOpen");
        QTRY_VERIFY(panel->isVisible());
        QCOMPARE(nameless(*room.window), QString());
        const QAbstractItemModel *model = room.find<QListView>("leftOpenList")->model();
        QCOMPARE(model->rowCount(), 2);
        QCOMPARE(model->index(0, 0).data().toString(), QStringLiteral("orders-status"));
        QVERIFY(model->index(1, 0)
                    .data(Qt::ToolTipRole)
                    .toString()
                    .contains(QStringLiteral("DROP INDEX CONCURRENTLY")));
        room.save("left-open.png");
        room.show(Traces{});
        QTRY_VERIFY(!panel->isVisible());
    }
    void aReminderIsPutOffForASpanAndWithAReason()
    {
        Room &room = *m_room;
        room.window->showPage(Pages::Migration);
        QTRY_VERIFY(!room.night.migrations.keys().isEmpty());
        const ChangeKey key = room.night.migrations.keys().constFirst();
        const auto view = room.night.migrations.view(key);
        QVERIFY(view);
        const QDate late = view->change.contractDue.addDays(9);
        Traces traces;
        traces.at = late.startOfDay(Qt::UTC);
        room.show(traces);
        auto *button = room.find<SnoozeButton>("snoozeButton");
        QTRY_VERIFY(button->isVisible());
        room.save("snooze.png");
        QCOMPARE(nameless(*room.window), QString());
        button->menu()->actions().at(1)->trigger();
        QTRY_VERIFY(room.find<ConfirmationDialog>("confirmationDialog"));
        auto *dialog = room.find<ConfirmationDialog>("confirmationDialog");
        QTRY_VERIFY(dialog->isVisible());
        QCOMPARE(nameless(*dialog), QString());
        if (const QString folder = qEnvironmentVariable("PILOTHOUSE_PICTURES"); !folder.isEmpty())
            dialog->grab().save(folder + QStringLiteral("/snooze-dialog.png"));
        auto *confirm = dialog->findChild<QPushButton *>(QStringLiteral("confirmButton"));
        QVERIFY(!confirm->isEnabled()); // no reason yet
        auto *reason = dialog->findChild<QLineEdit *>(QStringLiteral("reasonField"));
        QVERIFY(reason);
        QTest::keyClicks(reason, QStringLiteral("freeze"));
        QTRY_VERIFY(confirm->isEnabled());
        QTest::mouseClick(confirm, Qt::LeftButton);
        QTRY_VERIFY(room.traces.kept.join(QLatin1Char('\n')).contains(QStringLiteral("'freeze'")));
        // The page has a ticket's text only where EXPAND has begun.
        QVERIFY(room.find<QPushButton>("copyTicketButton")->isHidden());
        QVERIFY(room.traces.kept.constLast().contains(late.addDays(7).toString(Qt::ISODate)));
    }
    void aDatabaseThatDoesNotAnswerIsNotSilence()
    {
        Room &room = *m_room;
        room.window->showPage(Pages::Migration);
        room.show(fail(ErrorKind::Unavailable, QStringLiteral("context-production is away")));
        const QListView *list = room.find<QListView>("leftOpenList");
        QTRY_COMPARE(list->model()->rowCount(), 1);
        QVERIFY(
            list->model()->index(0, 0).data().toString().contains(QStringLiteral("not looked at")));
        // Once its server answers the migrations, it is asked again by itself.
        room.traces.answer = Traces{};
        room.night.database.lost = gone(QStringLiteral("PostgreSQL"));
        room.night.settle();
        room.night.database.lost.reset();
        room.night.settle();
        QTRY_VERIFY(!room.find<LeftOpenList>("leftOpen")->isVisible());
    }
};

QTEST_MAIN(RemindersTest)
#include "testreminders.moc"
