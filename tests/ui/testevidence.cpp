#include "logs/logcontroller.h"
#include "rollout/rolloutbench.h"
#include "support/accessiblenames.h"
#include "ui/rollout/evidence/differencechart.h"
#include "ui/rollout/evidence/evidencedialog.h"
#include "ui/rollout/trackview.h"
#include "ui/rollout/verdicttable.h"
#include "ui/widgets/pill.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QDir>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QRegularExpression>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

const QString held = QStringLiteral("held");

RolloutSettings twoChecks()
{
    RolloutSettings made = settings();
    Check check;
    check.name = QStringLiteral("connections held");
    check.query = held;
    check.unit = QStringLiteral("s");
    check.method = JudgeMethod::MannWhitney;
    made.checks.append(check);
    return made;
}

} // namespace

/// What the verdicts rest on, over a controller with everything below its ports in memory.
class TestEvidence : public QObject
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
        m_logs.reset();
        m_bench = std::make_unique<RolloutBench>();
        m_bench->metrics.values[held] = {0.040, 0.348, true};
        m_bench->metrics.ripple = [](qint64 at) {
            return 0.0006 * std::sin(double(at % 97'000) / 3'000);
        };
        m_bench->start(&m_bench->metrics, twoChecks());
        m_logs = std::make_unique<LogController>(std::vector<LogSource *>{}, m_dir.path(),
                                                 m_bench->clock);
        const QDateTime now = m_bench->clock.now();
        m_bench->traffic.change([now](TrafficState &t) {
            const auto mark = [&t, now](int secondsAgo, int from, int to, const QString &commit) {
                WeightChange change;
                change.at = now.addSecs(-secondsAgo);
                change.actor = QStringLiteral("A. Muster");
                change.from = Weight{from};
                change.to = Weight{to};
                change.candidate = CommitId(commit);
                t.changes.prepend(change);
            };
            mark(90'000, 0, 10, other);
            mark(89'500, 10, 0, other);
            mark(600, 0, 10, good);
            mark(300, 10, 50, good);
            t.asked = t.accepted.emplace(Weight{50});
        });
        m_bench->traffic.tell();
        m_view = std::make_unique<TrackView>(*m_bench->rollout, *m_logs);
        m_view->resize(1200, 800);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
        for (int i = 0; i < 8; ++i) {
            m_bench->clock.advance(5s);
            QCoreApplication::processEvents();
        }
    }
    void cleanupTestCase()
    {
        m_view.reset();
        m_logs.reset();
    }

    void theEvidenceOfNowIsToldForTheChosenCheck()
    {
        table()->setCurrentIndex(table()->model()->index(1, 0));
        click("evidenceButton");
        QVERIFY(dialog() && dialog()->isVisible());
        QCOMPARE(label("evidenceHead"), QStringLiteral("Now, at 50 %"));
        QCOMPARE(nameless(*dialog()), QString());
        QVERIFY2(label("evidenceSentence")
                     .startsWith(QLatin1String("connections held: higher than the stable: +30")),
                 qPrintable(label("evidenceSentence")));
        QCOMPARE(label("evidenceSeries"),
                 QStringLiteral("version=\"candidate\" against version=\"stable\""));
        QVERIFY2(label("evidenceSamples").contains(QLatin1String("of the candidate")),
                 qPrintable(label("evidenceSamples")));
        QVERIFY(label("evidenceWindow").endsWith(QLatin1String("by Mann and Whitney's test")));
        QVERIFY2(label("evidenceDifference").endsWith(QLatin1String("p < 0.001")),
                 qPrintable(label("evidenceDifference")));
        QVERIFY(chart()->accessibleDescription().startsWith(QLatin1String("+30")));
        QCOMPARE(verdict(), QStringLiteral("FAIL"));
        picture("evidence-now");
    }

    void whatTheMetricsServerRemarksStandsWithIt()
    {
        click("evidenceButton");
        QCOMPARE(label("evidenceWarnings"), QStringLiteral("–"));
        m_bench->metrics.warnings = {QStringLiteral("not a counter")};
        for (int i = 0; i < 3; ++i)
            m_bench->clock.advance(10s);
        QTRY_COMPARE(label("evidenceWarnings"),
                     QStringLiteral("the metrics server says: not a counter"));
        picture("evidence-remark");
        m_bench->metrics.warnings.clear();
    }

    void anotherCheckIsLookedAtByChoosingIt()
    {
        click("evidenceButton");
        evidenceTable()->setCurrentIndex(evidenceTable()->model()->index(0, 0));
        QVERIFY2(label("evidenceSentence").startsWith(QLatin1String("error ratio: 0.")),
                 qPrintable(label("evidenceSentence")));
        QVERIFY(label("evidenceWindow").endsWith(QLatin1String("newest value against the limit")));
        QVERIFY2(label("evidenceDifference").contains(QLatin1String("points")),
                 qPrintable(label("evidenceDifference")));
        picture("evidence-limit");
    }

    void itFollowsWhatIsJudgedNowAndKeepsTheChoice()
    {
        click("evidenceButton");
        evidenceTable()->setCurrentIndex(evidenceTable()->model()->index(1, 0));
        const QString before = label("evidenceWindow");
        for (int i = 0; i < 3; ++i)
            m_bench->clock.advance(10s);
        QTRY_VERIFY(label("evidenceWindow") != before);
        QCOMPARE(evidenceTable()->currentIndex().row(), 1);
    }

    void everyWeightThatWasHeldCanBeJudged()
    {
        click("pastWindowButton");
        auto *windows = dialog()->findChild<QListWidget *>(QStringLiteral("windowList"));
        QCOMPARE(windows->count(), 4);
        QVERIFY(windows->item(1)->text().startsWith(QLatin1String("50 %   bbbbbbb")));
        QVERIFY(windows->item(1)->text().contains(QLatin1String("so far")));
        QVERIFY2(windows->item(3)->text().contains(QRegularExpression(QStringLiteral("\\d [A-Z]"))),
                 qPrintable(windows->item(3)->text())); // of yesterday: with its day
        QCOMPARE(windows->currentRow(), 2);             // the newest that is over
        QCOMPARE(label("evidenceHead"), QStringLiteral("bbbbbbb at 10 %"));
        QTRY_COMPARE(verdict(), QStringLiteral("FAIL"));
        const RangeQuery asked = m_bench->metrics.asked.last();
        QCOMPARE(asked.from.secsTo(asked.to), 300);
        picture("evidence-past");
        m_bench->metrics.values[held].candidate = 0.040;
        windows->setCurrentRow(3);
        QCOMPARE(label("evidenceHead"), QStringLiteral("ccccccc at 10 %"));
        QTRY_COMPARE(verdict(), QStringLiteral("PASS"));
    }

    void aPastWithoutDataSaysSoAndIsNoPass()
    {
        m_bench->metrics.values.clear();
        click("pastWindowButton");
        QTRY_COMPARE(verdict(), QStringLiteral("NO DATA"));
        QVERIFY(label("evidenceSentence").endsWith(QLatin1String("no series of the candidate")));
        QCOMPARE(chart()->accessibleDescription(), QStringLiteral("no samples of the candidate"));
        picture("evidence-no-data");
    }

    void itCanBeReadInTheDark()
    {
        Theme::instance().setScheme(Theme::Scheme::Dark);
        click("pastWindowButton");
        QTRY_COMPARE(verdict(), QStringLiteral("FAIL"));
        evidenceTable()->setCurrentIndex(evidenceTable()->model()->index(1, 0));
        picture("evidence-dark");
        Theme::instance().setScheme(Theme::Scheme::Light);
        const QImage light = chart()->grab().toImage();
        Theme::instance().setScheme(Theme::Scheme::Dark);
        QVERIFY(chart()->grab().toImage() != light);
        Theme::instance().setScheme(Theme::Scheme::Light);
    }

    void escapeClosesItAndTheButtonOpensItAgain()
    {
        click("evidenceButton");
        QTest::keyClick(dialog(), Qt::Key_Escape);
        QTRY_VERIFY(!dialog());
        click("evidenceButton");
        QVERIFY(dialog());
    }

    void thePageHasRoomForItsButtons()
    {
        for (const char *name : {"evidenceButton", "pastWindowButton"}) {
            const auto *button = m_view->findChild<QPushButton *>(QLatin1String(name));
            QVERIFY(button->isVisible());
            QVERIFY(button->width() >= button->sizeHint().width());
        }
        if (const QString folder = qEnvironmentVariable("PILOTHOUSE_PICTURES"); !folder.isEmpty())
            m_view->grab().save(QDir(folder).filePath(QStringLiteral("judging-page.png")));
    }

private:
    void click(const char *name)
    {
        QTest::mouseClick(m_view->findChild<QPushButton *>(QLatin1String(name)), Qt::LeftButton);
    }
    [[nodiscard]] EvidenceDialog *dialog() const { return m_view->findChild<EvidenceDialog *>(); }
    [[nodiscard]] QTableView *table() const
    {
        return m_view->findChild<QTableView *>(QStringLiteral("verdictTable"));
    }
    [[nodiscard]] QTableView *evidenceTable() const
    {
        return dialog()->findChild<QTableView *>(QStringLiteral("evidenceTable"));
    }
    [[nodiscard]] DifferenceChart *chart() const
    {
        return dialog()->findChild<DifferenceChart *>();
    }
    [[nodiscard]] QString label(const char *name) const
    {
        return dialog()->findChild<QLabel *>(QLatin1String(name))->text();
    }
    [[nodiscard]] QString verdict() const { return dialog()->findChild<Pill *>()->word(); }
    void picture(const char *name) const
    {
        const QString folder = qEnvironmentVariable("PILOTHOUSE_PICTURES");
        if (!folder.isEmpty())
            dialog()->grab().save(
                QDir(folder).filePath(QStringLiteral("judging-%1.png").arg(QLatin1String(name))));
    }

    QTemporaryDir m_dir;
    std::unique_ptr<RolloutBench> m_bench;
    std::unique_ptr<LogController> m_logs;
    std::unique_ptr<TrackView> m_view;
};

QTEST_MAIN(TestEvidence)
#include "testevidence.moc"
