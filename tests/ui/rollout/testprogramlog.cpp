#include "logs/logcontroller.h"
#include "rollout/rolloutbench.h"
#include "support/fakelogsource.h"
#include "ui/rollout/trackview.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

/// A track whose weight a program changes.
class TestProgramLog : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;

    struct Page
    {
        Page(const QString &program, const QString &folder)
            : logs(std::vector<LogSource *>{&source}, folder, bench.clock)
        {
            bench.traffic.program = program;
            bench.toWeight(10);
            view = std::make_unique<TrackView>(*bench.rollout, logs);
            view->resize(1200, 800);
            view->show();
        }
        [[nodiscard]] QPushButton *button() const
        {
            return view->findChild<QPushButton *>(QStringLiteral("programLogButton"));
        }

        RolloutBench bench;
        FakeLogSource source;
        LogController logs;
        std::unique_ptr<TrackView> view;
    };

private Q_SLOTS:
    void initTestCase()
    {
        Theme::instance().apply(*qApp);
        QVERIFY(m_dir.isValid());
    }

    void itsLogIsOneButtonAway()
    {
        const Page page(QStringLiteral("helm"), m_dir.path());
        QVERIFY(QTest::qWaitForWindowExposed(page.view.get()));
        QVERIFY(page.button()->isVisible());
        QCOMPARE(page.button()->text(), QStringLiteral("Log of helm"));
        QTest::mouseClick(page.button(), Qt::LeftButton);
        QVERIFY(page.source.last == LogTarget(ProgramLog{TrackName(QStringLiteral("standalone"))}));
        QCOMPARE(page.source.opened, 1);
    }

    void withoutAProgramThereIsNoSuchButton()
    {
        const Page page(QString(), m_dir.path());
        QVERIFY(QTest::qWaitForWindowExposed(page.view.get()));
        QVERIFY(!page.button()->isVisible());
    }
};

QTEST_MAIN(TestProgramLog)
#include "testprogramlog.moc"
