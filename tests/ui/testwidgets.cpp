#include "support/fakeclock.h"
#include "ui/widgets/codeview.h"
#include "ui/widgets/contentarea.h"
#include "ui/widgets/environmentband.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/stateview.h"
#include "ui/widgets/tablemodel.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/words.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QItemSelectionModel>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QTextBlock>
#include <QTextLayout>

#include <cmath>
#include <limits>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

struct Row
{
    QString key;
    int value = 0;
};

class Rows final : public TableModel<Row>
{
public:
    using TableModel::TableModel;
    int columnCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : 1;
    }

protected:
    QString keyOf(const Row &row) const override { return row.key; }
    QVariant cell(const Row &row, int, int role) const override
    {
        return role == Qt::DisplayRole
                   ? QVariant(QStringLiteral("%1=%2").arg(row.key).arg(row.value))
                   : QVariant();
    }
};

QStringList shown(const Rows &rows)
{
    QStringList all;
    for (int i = 0; i < rows.rowCount(); ++i)
        all << rows.index(i, 0).data().toString();
    return all;
}

/// WCAG 2.1, relative luminance and contrast ratio.
double luminance(const QColor &color)
{
    const auto channel = [](double c) {
        return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * channel(color.redF()) + 0.7152 * channel(color.greenF())
           + 0.0722 * channel(color.blueF());
}

double contrast(const QColor &a, const QColor &b)
{
    const double la = luminance(a);
    const double lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

/// The colour in which a word of the code is painted.
QColor inkOf(const CodeView &view, const char *word)
{
    const QTextCursor found = view.document()->find(QLatin1String(word));
    const int at = found.selectionStart() - found.block().position();
    QColor ink = view.palette().color(QPalette::Text);
    for (const QTextLayout::FormatRange &range : found.block().layout()->formats()) {
        if (at >= range.start && at < range.start + range.length
            && range.format.hasProperty(QTextFormat::ForegroundBrush))
            ink = range.format.foreground().color();
    }
    return ink;
}

} // namespace

class TestWidgets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFirstSentenceEndsWhereASentenceDoes_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("first");
        const auto row = [](const char *text, const char *first) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(first);
        };
        row("held by A. Muster: c41d77e was rolled back",
            "held by A. Muster: c41d77e was rolled back");
        row("Flagger moves it. Open its gate instead.", "Flagger moves it");
        row("error ratio: 4.4 % is over 1 %", "error ratio: 4.4 % is over 1 %");
        row("at 50 %. Promote later", "at 50 %");
        row("", "");
    }

    void theFirstSentenceEndsWhereASentenceDoes()
    {
        QFETCH(QString, text);
        QFETCH(QString, first);
        QCOMPARE(firstSentence(text), first);
    }

    void initTestCase() { Theme::instance().apply(*qApp); }

    void codeIsColouredByItsLanguage()
    {
        CodeView view;
        view.setCode(
            QStringLiteral("-- remark\nALTER TABLE orders ALTER status SET DEFAULT 'new';"),
            QStringLiteral("SQL (PostgreSQL)"));
        QTRY_VERIFY(inkOf(view, "remark") != inkOf(view, "orders"));
        const QColor literal = inkOf(view, "new");
        QVERIFY(literal != inkOf(view, "orders"));
        QVERIFY(literal != inkOf(view, "remark"));
        // The dark scheme has colours of its own.
        Theme::instance().setScheme(Theme::Scheme::Dark);
        QTRY_VERIFY(inkOf(view, "new") != literal);
        QVERIFY(inkOf(view, "new") != inkOf(view, "orders"));
        Theme::instance().setScheme(Theme::Scheme::Light);
        // A request has no language.
        view.setCode(QStringLiteral("PATCH /orders -- remark 'new'"), {});
        QTRY_COMPARE(inkOf(view, "new"), inkOf(view, "orders"));
        QCOMPARE(inkOf(view, "remark"), inkOf(view, "orders"));
    }

    void everyTextIsLegible_data()
    {
        QTest::addColumn<Theme::Scheme>("scheme");
        QTest::newRow("in the light") << Theme::Scheme::Light;
        QTest::newRow("in the dark") << Theme::Scheme::Dark;
    }
    void everyTextIsLegible()
    {
        QFETCH(Theme::Scheme, scheme);
        Theme &theme = Theme::instance();
        theme.setScheme(scheme);
        QStringList faint;
        const auto check = [&](const char *what, const QColor &ink, const QColor &ground) {
            if (contrast(ink, ground) < 4.5)
                faint
                    << QStringLiteral("%1 %2").arg(QLatin1String(what)).arg(contrast(ink, ground));
        };
        for (const ColorRole ground :
             {ColorRole::Window, ColorRole::Surface, ColorRole::Raised, ColorRole::Selection}) {
            check("text", theme.color(ColorRole::Text), theme.color(ground));
            check("muted", theme.color(ColorRole::Muted), theme.color(ground));
        }
        for (const Tone tone : {Tone::Neutral, Tone::Info, Tone::Success, Tone::Warning,
                                Tone::Danger, Tone::Waiting}) {
            check("tone on its surface", theme.color(tone), theme.surface(tone));
            check("tone on a card", theme.color(tone), theme.color(ColorRole::Surface));
        }
        check("production", theme.color(ColorRole::ProductionText),
              theme.color(ColorRole::Production));
        check("rehearsal", theme.color(ColorRole::RehearsalText),
              theme.color(ColorRole::Rehearsal));
        check("code", theme.color(ColorRole::CodeText), theme.color(ColorRole::CodeBackground));
        check("hit", theme.color(ColorRole::HitText), theme.color(ColorRole::Hit));
        check("series", theme.color(ColorRole::SeriesCandidate), theme.color(ColorRole::Surface));
        QCOMPARE(faint, QStringList());
    }

    void aTextKeepsItsMeaningWhenTheThemeChanges()
    {
        Theme &theme = Theme::instance();
        theme.setScheme(Theme::Scheme::Light);
        QLabel label;
        const auto ink = [&label] {
            return label.palette().color(QPalette::WindowText);
        };
        setInk(&label, Tone::Warning);
        setInk(&label, ColorRole::Danger);
        QCOMPARE(ink(), theme.color(ColorRole::Danger));
        const QColor before = ink();
        theme.setScheme(Theme::Scheme::Dark);
        QCOMPARE(ink(), theme.color(ColorRole::Danger));
        QVERIFY(ink() != before);
    }

    void iconsTakeTheColourOfTheirMeaning()
    {
        const QImage image = themedPixmap(QStringLiteral("circle-check"), Qt::red, 24, 1).toImage();
        bool red = false;
        for (int x = 0; x < image.width(); ++x) {
            for (int y = 0; y < image.height(); ++y)
                red = red
                      || (qAlpha(image.pixel(x, y)) > 200 && qRed(image.pixel(x, y)) > 200
                          && qGreen(image.pixel(x, y)) < 60);
        }
        QVERIFY(red);
    }

    void theEnvironmentIsAWordToo()
    {
        QCOMPARE(
            EnvironmentBand::word({EnvironmentMark::Kind::Production, QStringLiteral("prod-eu")}),
            QStringLiteral("PRODUCTION"));
        QCOMPARE(EnvironmentBand::word({EnvironmentMark::Kind::Rehearsal, {}}),
                 QStringLiteral("REHEARSAL"));
        QCOMPARE(EnvironmentBand::word({EnvironmentMark::Kind::Other, QStringLiteral("staging")}),
                 QStringLiteral("STAGING"));
    }

    void wordsForAges_data()
    {
        QTest::addColumn<qint64>("milliseconds");
        QTest::addColumn<QString>("text");
        QTest::newRow("under a second") << qint64(400) << QStringLiteral("now");
        QTest::newRow("seconds go to two minutes") << qint64(74'000) << QStringLiteral("74 s");
        QTest::newRow("minutes") << qint64(240'000) << QStringLiteral("4 min");
        QTest::newRow("hours") << qint64(3 * 3'600'000) << QStringLiteral("3 h");
        QTest::newRow("days") << qint64(50LL * 3'600'000) << QStringLiteral("2 days");
    }
    void wordsForAges()
    {
        QFETCH(qint64, milliseconds);
        QFETCH(QString, text);
        QCOMPARE(ageText(std::chrono::milliseconds(milliseconds)), text);
    }

    void wordsForValues_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("unit");
        QTest::addColumn<QString>("text");
        QTest::newRow("a ratio is per cent")
            << 0.044 << QStringLiteral("ratio") << QStringLiteral("4.4 %");
        QTest::newRow("short times are milliseconds")
            << 0.205 << QStringLiteral("s") << QStringLiteral("205 ms");
        QTest::newRow("rates") << 60.0 << QStringLiteral("1/s") << QStringLiteral("60 /s");
        QTest::newRow("no data is never zero")
            << std::nan("") << QStringLiteral("ratio") << QStringLiteral("no data");
        QTest::newRow("infinity is a sight of its own")
            << std::numeric_limits<double>::infinity() << QStringLiteral("s")
            << QStringLiteral("∞");
        QTest::newRow("zero is a value") << 0.0 << QStringLiteral("ratio") << QStringLiteral("0 %");
    }
    void wordsForValues()
    {
        QFETCH(double, value);
        QFETCH(QString, unit);
        QFETCH(QString, text);
        QCOMPARE(valueText(value, unit), text);
    }

    void nothingStaleLooksFresh()
    {
        FakeClock clock;
        SourceState state;
        state.name = QStringLiteral("Prometheus");
        state.health = SourceState::Health::Live;
        state.lastGoodSinceBoot = clock.sinceBoot();
        clock.advance(6s);
        QCOMPARE(healthText(state, clock), QStringLiteral("6 s"));
        state.health = SourceState::Health::Old;
        clock.advance(68s);
        QCOMPARE(healthText(state, clock), QStringLiteral("old 74 s"));
        state.health = SourceState::Health::Lost;
        QCOMPARE(healthText(state, clock), QStringLiteral("lost 74 s"));
        state.lastGoodSinceBoot = 0ms;
        QCOMPARE(healthText(state, clock), QStringLiteral("lost"));
    }

    void aRefreshKeepsTheSelection()
    {
        Rows rows;
        QAbstractItemModelTester tester(&rows,
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        rows.setRows(
            {{QStringLiteral("a"), 1}, {QStringLiteral("b"), 1}, {QStringLiteral("c"), 1}});
        QItemSelectionModel selection(&rows);
        selection.setCurrentIndex(rows.index(1, 0), QItemSelectionModel::Select);
        rows.setRows(
            {{QStringLiteral("new"), 1}, {QStringLiteral("b"), 2}, {QStringLiteral("c"), 1}});
        QCOMPARE(shown(rows), (QStringList{QStringLiteral("new=1"), QStringLiteral("b=2"),
                                           QStringLiteral("c=1")}));
        QCOMPARE(selection.currentIndex().data().toString(), QStringLiteral("b=2"));
        rows.setRows({});
        QCOMPARE(rows.rowCount(), 0);
    }

    void theFiveStatesAreDesigned()
    {
        StateView view;
        view.resize(480, 320);
        view.show();
        view.showLoading(QStringLiteral("Prometheus"));
        QCOMPARE(view.accessibleName(), QStringLiteral("Loading"));
        view.showEmpty(QStringLiteral("No candidate"),
                       QStringLiteral("The next deploy brings one."));
        QCOMPARE(view.headline(), QStringLiteral("No candidate"));
        const std::pair<ErrorKind, QString> headlines[]
            = {{ErrorKind::NotAllowed, QStringLiteral("Not allowed")},
               {ErrorKind::SignedOut, QStringLiteral("Signed out")},
               {ErrorKind::NotFound, QStringLiteral("Not there")},
               {ErrorKind::Unavailable, QStringLiteral("This could not be read")}};
        for (const auto &[kind, headline] : headlines) {
            view.showError(Error{kind, QStringLiteral("What to do."), {}, {}},
                           QStringLiteral("The rest works."), QStringLiteral("Read Again"));
            QCOMPARE(view.headline(), headline);
            QVERIFY(view.accessibleName().contains(QLatin1String("What to do.")));
        }
        QSignalSpy retry(&view, &StateView::retryRequested);
        QTest::mouseClick(view.findChild<QPushButton *>(QStringLiteral("retryButton")),
                          Qt::LeftButton);
        QCOMPARE(retry.size(), 1);
    }

    void whatAPersonScrolledStaysWhileItsRowsAreMadeAnew()
    {
        auto *content = new QWidget;
        content->setFixedHeight(1000);
        ContentArea area(content);
        area.resize(300, 200);
        area.show();
        QTRY_COMPARE(area.verticalScrollBar()->maximum(), 800);
        QTest::keyClick(&area, Qt::Key_PageDown);
        const int scrolled = area.verticalScrollBar()->value();
        QVERIFY(scrolled > 0);
        content->setFixedHeight(100);
        QTRY_COMPARE(area.verticalScrollBar()->maximum(), 0);
        content->setFixedHeight(1000);
        QTRY_COMPARE(area.verticalScrollBar()->maximum(), 800);
        QCOMPARE(area.verticalScrollBar()->value(), scrolled);
    }
};

QTEST_MAIN(TestWidgets)
#include "testwidgets.moc"
