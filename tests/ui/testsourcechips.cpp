#include "support/fakeclock.h"
#include "ui/shell/sourcechips.h"

#include <QLayout>
#include <QTest>
#include <QToolButton>

#include <memory>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

SourceState source(const char *name, SourceState::Health health)
{
    SourceState state;
    state.name = QLatin1String(name);
    state.health = health;
    state.lastGoodSinceBoot = 1s;
    return state;
}

} // namespace

class TestSourceChips : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_chips = std::make_unique<SourceChips>(m_clock);
        m_chips->setSource(source("GitHub", SourceState::Health::Live));
        m_chips->setSource(source("Kubernetes", SourceState::Health::Lost));
        m_chips->setSource(source("PostgreSQL", SourceState::Health::Loading));
    }

    void whereThereIsRoomEverySourceSaysItsState()
    {
        showWide(900);
        QVERIFY(textOf("GitHub") != QLatin1String("GitHub"));
        QVERIFY(textOf("Kubernetes").contains(QLatin1String("lost")));
        QVERIFY(textOf("PostgreSQL").contains(QLatin1String("connecting")));
    }

    void whereThereIsLessRoomWhatIsFreshSaysItsNameAlone()
    {
        SourceState streams = source("Kubernetes", SourceState::Health::Live);
        streams.streaming = true;
        SourceState fresh = source("PostgreSQL", SourceState::Health::Live);
        m_clock.advance(60s);
        fresh.lastGoodSinceBoot = m_clock.sinceBoot() - 9s;
        m_chips->setSource(streams);
        m_chips->setSource(fresh);
        showWide(900);
        QCOMPARE(textOf("Kubernetes"), QStringLiteral("Kubernetes live"));
        QCOMPARE(textOf("PostgreSQL"), QStringLiteral("PostgreSQL 9 s"));
        int needed = 0;
        for (const char *name : {"GitHub", "Kubernetes", "PostgreSQL"})
            needed += chip(name)->sizeHint().width() + m_chips->layout()->spacing();
        showWide(needed - 1);
        QCOMPARE(textOf("Kubernetes"), QStringLiteral("Kubernetes"));
        QCOMPARE(chip("Kubernetes")->accessibleName(), QStringLiteral("Kubernetes live"));
        QCOMPARE(textOf("PostgreSQL"), QStringLiteral("PostgreSQL"));
        QVERIFY(textOf("GitHub") != QLatin1String("GitHub")); // a minute old
        m_clock.advance(1s);
        m_chips->refreshAges();
        QCOMPARE(textOf("PostgreSQL"), QStringLiteral("PostgreSQL 10 s"));
    }

    void whereItIsNarrowOnlyWhatIsNotWellDoes()
    {
        showWide(340);
        QCOMPARE(textOf("GitHub"), QStringLiteral("GitHub"));
        QVERIFY(textOf("Kubernetes").contains(QLatin1String("lost")));
        QCOMPARE(textOf("PostgreSQL"), QStringLiteral("PostgreSQL"));
        QVERIFY(chip("GitHub")->accessibleName() != QLatin1String("GitHub"));
        showWide(900);
        QVERIFY(textOf("GitHub") != QLatin1String("GitHub"));
    }

    void whereEvenThatIsTooWideWhatIsLostSaysNoAge()
    {
        SourceState lost = source("Kubernetes", SourceState::Health::Lost);
        lost.lastGoodSinceBoot = m_clock.sinceBoot() - 60s;
        m_chips->setSource(lost);
        showWide(900);
        QCOMPARE(textOf("Kubernetes"), QStringLiteral("Kubernetes lost 60 s"));
        for (int width = 900; width > 0 && textOf("Kubernetes").contains(QLatin1String("60 s"));
             --width)
            m_chips->resize(width, 40);
        QCOMPARE(textOf("GitHub"), QStringLiteral("GitHub")); // the well gave way before
        QCOMPARE(textOf("Kubernetes"), QStringLiteral("Kubernetes lost"));
        QVERIFY(chip("Kubernetes")->accessibleName().contains(QLatin1String("60 s")));
    }

    void theStripAsksForNoRoom() { QCOMPARE(m_chips->minimumSizeHint().width(), 0); }

private:
    void showWide(int width)
    {
        m_chips->resize(width, 40);
        m_chips->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_chips.get()));
    }
    [[nodiscard]] const QToolButton *chip(const char *name) const
    {
        return m_chips->findChild<QToolButton *>(
            QStringLiteral("chip-%1").arg(QLatin1String(name)));
    }
    [[nodiscard]] QString textOf(const char *name) const { return chip(name)->text(); }

    FakeClock m_clock;
    std::unique_ptr<SourceChips> m_chips;
};

QTEST_MAIN(TestSourceChips)
#include "testsourcechips.moc"
