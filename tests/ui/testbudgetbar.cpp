#include "ui/pipeline/budgetbar.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

BudgetView budget(std::optional<std::chrono::milliseconds> used, const char *track = "standalone")
{
    return {TrackName(QString::fromLatin1(track)), 10min, used};
}

} // namespace

class TestBudgetBar final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }

    void itSaysWhatWasUsed_data()
    {
        QTest::addColumn<QList<BudgetView>>("budgets");
        QTest::addColumn<QString>("text");
        const auto row = [](const char *name, const QList<BudgetView> &budgets, const char *text) {
            QTest::newRow(name) << budgets << QString::fromUtf8(text);
        };
        row("before a machine has begun", {budget(std::nullopt)}, "standalone – of 10:00");
        row("within it", {budget(9min + 6s)}, "standalone 9:06 of 10:00");
        row("all of it", {budget(10min)}, "standalone 10:00 of 10:00");
        row("more than it", {budget(12min + 30s)}, "standalone 12:30 of 10:00, 2:30 over");
        row("of two tracks", {budget(9min + 6s), budget(11min, "coditect")},
            "standalone 9:06 of 10:00 · coditect 11:00 of 10:00, 1:00 over");
    }

    void itSaysWhatWasUsed()
    {
        QFETCH(QList<BudgetView>, budgets);
        BudgetBar bar;
        bar.setBudgets(budgets);
        QTEST(bar.text(), "text");
        QCOMPARE(bar.accessibleName(), bar.text());
        const QFontMetrics metrics(Theme::instance().smallFont());
        QVERIFY(bar.sizeHint().width() > metrics.horizontalAdvance(bar.text()));
    }

    void theBarIsAsLongAsWhatWasUsed_data()
    {
        QTest::addColumn<BudgetView>("view");
        QTest::addColumn<QColor>("begin");
        QTest::addColumn<QColor>("end");
        const Theme &theme = Theme::instance();
        const QColor empty = theme.color(ColorRole::Border);
        const QColor within = theme.color(Tone::Success);
        const QColor over = theme.color(Tone::Danger);
        QTest::newRow("nothing") << budget(std::nullopt) << empty << empty;
        QTest::newRow("half") << budget(5min) << within << empty;
        QTest::newRow("all") << budget(10min) << within << within;
        QTest::newRow("more") << budget(11min) << over << over;
        QTest::newRow("far more") << budget(300min) << over << over;
    }

    void theBarIsAsLongAsWhatWasUsed()
    {
        QFETCH(BudgetView, view);
        BudgetBar bar;
        bar.setBudgets({view});
        bar.resize(bar.sizeHint());
        const QImage picture = bar.grab().toImage();
        QTEST(picture.pixelColor(12, picture.height() / 2), "begin");
        QTEST(picture.pixelColor(52, picture.height() / 2), "end");
    }

    void withoutABudgetItIsNotThere()
    {
        BudgetBar bar;
        bar.setBudgets({budget(5min)});
        QVERIFY(bar.isVisible());
        bar.setBudgets({});
        QVERIFY(!bar.isVisible());
    }
};

QTEST_MAIN(TestBudgetBar)
#include "testbudgetbar.moc"
