#include "app/tour/guide.h"

#include <QComboBox>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QWidget>

#include <algorithm>

using namespace pilothouse;

namespace {

constexpr int patience = 50; // ms
constexpr qint64 longerThanPatience = 200;

} // namespace

/// The tour's waits: on what is seen, never on how fast a machine is.
class TestGuide final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatWorksIsWaitedForWhileItWorks()
    {
        QElapsedTimer clock;
        clock.start();
        qint64 rows = 0;
        m_guide.expectWorking(
            QStringLiteral("slow"), [&] { return clock.elapsed() > longerThanPatience; },
            [&] { return ++rows; }, patience);
        QVERIFY2(rows > 2, "it was asked more than once whether it moves");
        m_guide.picture(QStringLiteral("slow"), {});
        const QJsonObject step = m_guide.record().last().toObject();
        const QJsonObject waited
            = step.value(QLatin1String("expected")).toArray().last().toObject();
        QCOMPARE(waited.value(QLatin1String("what")).toString(), QStringLiteral("slow"));
        QVERIFY(waited.value(QLatin1String("ms")).toInt() > longerThanPatience);
    }

    void whatStandsStillIsGivenUp()
    {
        QVERIFY(givenUp([] { return qint64(7); }));
        QCOMPARE(lastPicture(), QStringLiteral("02-lost.png"));
    }

    void whatMovesAndThenStopsIsGivenUpToo()
    {
        qint64 rows = 0;
        QVERIFY(givenUp([&rows] { return rows = std::min<qint64>(rows + 1, 3); }));
        QCOMPARE(rows, 3);
    }

    void whatWorksForEverIsGivenUpAtLast()
    {
        qint64 rows = 0;
        QVERIFY(givenUp([&rows] { return ++rows; }, int(longerThanPatience)));
        QVERIFY2(rows > 2, "it moved until then");
    }

    void aListIsChosenFromByMouseAndKeys()
    {
        QComboBox box(&m_window);
        box.setObjectName(QStringLiteral("list"));
        box.addItems({QStringLiteral("aaa 1"), QStringLiteral("bbb 2"), QStringLiteral("ccc 3")});
        m_window.show();
        QSignalSpy activated(&box, &QComboBox::activated);
        for (const char *each : {"ccc", "aaa", "bbb"}) {
            m_guide.choose(QStringLiteral("list"), QLatin1String(each));
            QVERIFY(box.currentText().startsWith(QLatin1String(each)));
        }
        QCOMPARE(activated.size(), 3);
    }

    void anEntryOfAMenuIsClicked()
    {
        QPushButton button(&m_window);
        button.setObjectName(QStringLiteral("more"));
        QMenu menu;
        button.setMenu(&menu);
        menu.addAction(QStringLiteral("Pin"));
        QSignalSpy chosen(menu.addAction(QStringLiteral("Back to a")), &QAction::triggered);
        m_window.show();
        button.show();
        QCOMPARE(m_guide.chooseFromMenu(QStringLiteral("more"), QStringLiteral("to a")),
                 QStringLiteral("Back to a"));
        QCOMPARE(chosen.size(), 1);
        QVERIFY(!menu.isVisible());
    }

    void aTableIsWalkedToRowsThatAreOutOfSight()
    {
        QStandardItemModel rows(60, 1);
        QTableView table(&m_window);
        table.setModel(&rows);
        m_window.show();
        table.show();
        for (const int row : {50, 3, 59, 0}) {
            m_guide.walkTo(table, row);
            QCOMPARE(table.currentIndex().row(), row);
            QVERIFY(
                table.viewport()->rect().contains(table.visualRect(table.currentIndex()).center()));
        }
    }

    void aWindowThatIsClosedByItsBarIsAsked()
    {
        QWidget beside;
        beside.show();
        QVERIFY(QTest::qWaitForWindowExposed(&beside));
        m_guide.closeByTitleBar(beside);
        QTRY_VERIFY(!beside.isVisible());
    }

    void itGoesOnInAnotherWindow()
    {
        QWidget other;
        QLineEdit field(&other);
        field.setObjectName(QStringLiteral("field"));
        other.show();
        m_guide.turnTo(other);
        m_guide.type(QStringLiteral("field"), QStringLiteral("typed"));
        m_guide.turnTo(m_window);
        QCOMPARE(field.text(), QStringLiteral("typed"));
        QCOMPARE(m_guide.find(QStringLiteral("field")), nullptr);
    }

private:
    bool givenUp(const std::function<qint64()> &done, int longest = 60'000)
    {
        try {
            m_guide.expectWorking(
                QStringLiteral("stuck"), [] { return false; }, done, patience, longest);
        } catch (const Guide::Lost &lost) {
            return lost.what == QLatin1String("stuck");
        }
        return false;
    }
    [[nodiscard]] QString lastPicture() const
    {
        return m_guide.record().last().toObject().value(QLatin1String("picture")).toString();
    }

    QTemporaryDir m_folder;
    QWidget m_window;
    Guide m_guide{m_window, m_folder.path()};
};

QTEST_MAIN(TestGuide)
#include "testguide.moc"
