// What of a log is seen in colour: the pixels themselves.
#include "logs/logcontroller.h"
#include "support/fakeclock.h"
#include "support/fakelogsource.h"
#include "ui/logs/hitmap.h"
#include "ui/logs/logpanel.h"
#include "ui/logs/logview.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QDir>
#include <QLineEdit>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

namespace {

/// Letters are painted with soft edges: what is as good as the ink itself.
constexpr int nearly = 24;

bool isLike(const QColor &a, const QColor &b)
{
    return std::abs(a.red() - b.red()) <= nearly && std::abs(a.green() - b.green()) <= nearly
           && std::abs(a.blue() - b.blue()) <= nearly;
}

int count(const QImage &image, const QColor &ink)
{
    int found = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            found += isLike(image.pixelColor(x, y), ink) ? 1 : 0;
    }
    return found;
}

} // namespace

class TestLogPaint final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }
    void init()
    {
        m_controller = std::make_unique<LogController>(std::vector<LogSource *>{&m_source},
                                                       m_dir.path(), m_clock);
        m_panel = std::make_unique<LogPanel>(*m_controller);
        m_panel->resize(900, 500);
        m_panel->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
    }
    void cleanup()
    {
        m_panel.reset();
        m_controller.reset();
        Theme::instance().setScheme(Theme::Scheme::Light);
    }

    void aWordHasTheColourThatItsProgramGaveIt_data()
    {
        QTest::addColumn<Theme::Scheme>("scheme");
        QTest::addColumn<int>("code");
        QTest::addColumn<Tone>("tone");
        for (const auto scheme : {Theme::Scheme::Light, Theme::Scheme::Dark}) {
            const char *where = scheme == Theme::Scheme::Light ? "light" : "dark";
            QTest::addRow("red, %s", where) << scheme << 31 << Tone::Danger;
            QTest::addRow("green, %s", where) << scheme << 32 << Tone::Success;
            QTest::addRow("yellow, %s", where) << scheme << 33 << Tone::Warning;
            QTest::addRow("blue, %s", where) << scheme << 34 << Tone::Info;
            QTest::addRow("bright red, %s", where) << scheme << 91 << Tone::Danger;
        }
    }
    void aWordHasTheColourThatItsProgramGaveIt()
    {
        QFETCH(Theme::Scheme, scheme);
        QFETCH(int, code);
        QFETCH(Tone, tone);
        Theme::instance().setScheme(scheme);
        const QByteArray colour = "\x1b[" + QByteArray::number(code) + 'm';
        open("MMMMMMMM plain\n" + colour + "MMMMMMMM\x1b[0m plain\n", 2);
        const QColor ink = Theme::instance().color(tone);
        QCOMPARE(count(row(0), ink), 0);
        QVERIFY(count(row(1), ink) > 20);
        // And no longer than that.
        QVERIFY(count(row(1), Theme::instance().color(ColorRole::CodeText)) > 5);
    }

    void aGroundHasTheColourThatItsProgramGaveIt()
    {
        open("plain\n\x1b[42m        \x1b[0m plain\n", 2);
        const QColor green = Theme::instance().color(Tone::Success);
        QCOMPARE(count(row(0), green), 0);
        const int letter = m_panel->view()->fontMetrics().horizontalAdvance(QLatin1Char('0'));
        QVERIFY(count(row(1), green) >= 8 * letter * 10);
    }

    void anErrorHasItsInkItsGroundAndItsMarkInTheGutter_data()
    {
        QTest::addColumn<Theme::Scheme>("scheme");
        QTest::newRow("in the light") << Theme::Scheme::Light;
        QTest::newRow("in the dark") << Theme::Scheme::Dark;
    }
    void anErrorHasItsInkItsGroundAndItsMarkInTheGutter()
    {
        QFETCH(Theme::Scheme, scheme);
        Theme &theme = Theme::instance();
        theme.setScheme(scheme);
        open("MMMM\n##[error]MMMM\n##[warning]MMMM\nMMMM\n", 4);
        picture(scheme == Theme::Scheme::Light ? "log-error-light" : "log-error-dark");
        const QColor danger = theme.color(Tone::Danger);
        const int letter = m_panel->view()->fontMetrics().horizontalAdvance(QLatin1Char('0'));
        const auto gutter = [&](int line) {
            return row(line).copy(0, 0, letter * 3, row(line).height());
        };
        const auto text = [&](int line) {
            return row(line).copy(letter * 4, 0, row(line).width() - letter * 4,
                                  row(line).height());
        };
        QVERIFY(count(text(1), danger) > 10);
        QVERIFY(count(gutter(1), danger) > 2); // its number
        const QImage error = text(1);
        const QColor ground = theme.color(ColorRole::DangerSurface);
        QVERIFY(error.pixelColor(error.width() / 2, error.height() / 2) == ground);
        for (const int line : {0, 2, 3}) {
            QCOMPARE(count(text(line), danger), 0);
            QCOMPARE(count(gutter(line), danger), 0);
            QVERIFY(row(line).pixelColor(error.width() / 2, error.height() / 2) != ground);
        }
        QVERIFY(count(text(2), theme.color(Tone::Warning)) > 10);
    }

    void theMapHasAMarkWhereHitsAndErrorsAre()
    {
        QByteArray text;
        for (int i = 0; i < 1000; ++i)
            text += i == 250 ? "##[error]boom\n" : i == 700 ? "org_hidden\n" : "a line\n";
        open(text, 1000);
        Q_EMIT m_source.stream->ended({}); // errors are looked for in the whole log
        const auto *map = m_panel->findChild<HitMap *>();
        const auto marks = [map](const QColor &ink) {
            const QImage drawn = const_cast<HitMap *>(map)->grab().toImage();
            QList<double> places; // parts of the height
            for (int y = 0; y < drawn.height(); ++y) {
                for (int x = 0; x < drawn.width(); ++x) {
                    if (drawn.pixelColor(x, y) == ink) {
                        places.append(double(y) / drawn.height());
                        break;
                    }
                }
            }
            return places;
        };
        const QColor danger = Theme::instance().color(Tone::Danger);
        const QColor accent = Theme::instance().color(ColorRole::Accent);
        QTRY_COMPARE(marks(danger).size(), 2); // two pixels high
        for (const double place : marks(danger))
            QVERIFY(std::abs(place - 0.25) < 0.01);
        QVERIFY(marks(accent).isEmpty());
        m_panel->findChild<QLineEdit *>(QStringLiteral("logSearchField"))
            ->setText(QStringLiteral("org_hidden"));
        QTRY_COMPARE(marks(accent).size(), 2);
        for (const double place : marks(accent))
            QVERIFY(std::abs(place - 0.7) < 0.01);
        QCOMPARE(marks(danger).size(), 2);
        picture("log-map");
    }

private:
    void open(const QByteArray &text, int lines)
    {
        m_controller->open(PodLog{TrackName(QStringLiteral("t")), QStringLiteral("p"), {}},
                           QStringLiteral("p"));
        Q_EMIT m_source.stream->bytesArrived(text);
        QTRY_COMPARE(m_panel->view()->rows().count(), lines);
        QCoreApplication::processEvents();
    }
    [[nodiscard]] QImage row(int line) const
    {
        LogView *view = m_panel->view();
        const int height = view->fontMetrics().height() + 3;
        return view->viewport()
            ->grab(QRect(0, line * height, view->viewport()->width(), height))
            .toImage();
    }
    /// Kept for whoever wants to look, where PILOTHOUSE_PICTURES names a folder.
    void picture(const char *name)
    {
        const QString folder = qEnvironmentVariable("PILOTHOUSE_PICTURES");
        if (!folder.isEmpty())
            m_panel->grab().save(
                QDir(folder).filePath(QLatin1String(name) + QStringLiteral(".png")));
    }

    QTemporaryDir m_dir;
    FakeClock m_clock;
    FakeLogSource m_source;
    std::unique_ptr<LogController> m_controller;
    std::unique_ptr<LogPanel> m_panel;
};

QTEST_MAIN(TestLogPaint)
#include "testlogpaint.moc"
