#include "connectors/notify/desktopnotifier.h"
#include "privatebus.h"
#include "standindesktop.h"

#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include <csignal>

using namespace pilothouse;

namespace {

Notice notice(const char *title, Notice::Kind kind = Notice::Kind::Next,
              const char *text = "baked 5:00 of 5:00")
{
    Notice made;
    made.kind = kind;
    made.subject = QStringLiteral("standalone");
    made.track = TrackName(made.subject);
    made.title = QString::fromUtf8(title);
    made.text = QString::fromUtf8(text);
    return made;
}

} // namespace

/// The desktop's service on a real bus; the desktop itself is a stand-in.
class TestDesktopNotifier final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_bus = std::make_unique<PrivateBus>();
        QVERIFY(!m_bus->address().isEmpty());
        m_desktop = std::make_unique<StandInDesktop>(m_bus->address());
        m_notifier = std::make_unique<DesktopNotifier>(
            DesktopNotifier::Settings{QStringLiteral("Pilothouse"), m_bus->address()});
    }
    void cleanup()
    {
        m_notifier.reset();
        m_desktop.reset();
        m_bus.reset();
    }

    void aNoticeIsShown()
    {
        m_notifier->show(notice("standalone: next is Promote 10 → 50"));
        QTRY_COMPARE(m_desktop->shown.size(), 1);
        const StandInDesktop::Shown &shown = m_desktop->shown.first();
        QCOMPARE(shown.application, QStringLiteral("Pilothouse"));
        QCOMPARE(shown.title, QStringLiteral("standalone: next is Promote 10 → 50"));
        QCOMPARE(shown.body, QStringLiteral("baked 5:00 of 5:00"));
        QCOMPARE(shown.actions.value(0), QStringLiteral("default"));
        QCOMPARE(shown.hints.value(QStringLiteral("urgency")).toInt(), 1);
    }

    void whatIsUrgentSaysSo()
    {
        m_notifier->show(notice("standalone: alert fires", Notice::Kind::Alert));
        QTRY_COMPARE(m_desktop->shown.size(), 1);
        QCOMPARE(m_desktop->shown.first().hints.value(QStringLiteral("urgency")).toInt(), 2);
    }

    void aLaterOneOfTheSameTakesItsPlaceUntilItIsClosed()
    {
        m_notifier->show(notice("first"));
        QTRY_COMPARE(m_desktop->shown.size(), 1);
        QVERIFY(isHeard(7));
        m_notifier->show(notice("second"));
        QTRY_COMPARE(m_desktop->shown.size(), 2);
        QCOMPARE(m_desktop->shown.last().replaces, 7U);
        Notice other = notice("of another track");
        other.subject = QStringLiteral("coditect");
        m_notifier->show(other);
        QTRY_COMPARE(m_desktop->shown.size(), 3);
        Q_EMIT m_desktop->NotificationClosed(7, 2);
        QVERIFY(isHeard(8));
        m_notifier->show(notice("third"));
        QTRY_COMPARE(m_desktop->shown.size(), 4);
        QCOMPARE(m_desktop->shown.last().replaces, 0U);
    }

    void aClickTellsWhichOneAndBringsItsToken()
    {
        const QSignalSpy chosen(m_notifier.get(), &Notifier::chosen);
        m_notifier->show(notice("first"));
        QTRY_COMPARE(m_desktop->shown.size(), 1);
        Q_EMIT m_desktop->ActionInvoked(99, QStringLiteral("default")); // another program's
        Q_EMIT m_desktop->ActivationToken(7, QStringLiteral("token-1"));
        Q_EMIT m_desktop->ActionInvoked(7, QStringLiteral("default"));
        QTRY_COMPARE(chosen.size(), 1);
        QCOMPARE(chosen.first().at(0).value<Notice>(), notice("first"));
        QCOMPARE(chosen.first().at(1).toString(), QStringLiteral("token-1"));
    }

    void whereMarkupIsReadWordsAreNoMarkup_data()
    {
        QTest::addColumn<QStringList>("capabilities");
        QTest::addColumn<QString>("body");
        QTest::newRow("read") << QStringList{QStringLiteral("body-markup")}
                              << QStringLiteral("a &lt;b&gt; &amp; c");
        QTest::newRow("not read") << QStringList{QStringLiteral("body")}
                                  << QStringLiteral("a <b> & c");
    }
    void whereMarkupIsReadWordsAreNoMarkup()
    {
        QFETCH(QStringList, capabilities);
        QFETCH(QString, body);
        m_desktop->capabilities = capabilities;
        m_notifier->show(notice("one", Notice::Kind::Next, "a <b> & c"));
        QTRY_COMPARE(m_desktop->shown.size(), 1);
        QCOMPARE(m_desktop->shown.first().body, body);
    }

    void withoutTheServiceThatIsSaidOnceAndAgainAfterItCame()
    {
        m_desktop.reset();
        const QSignalSpy lost(m_notifier.get(), &Notifier::lost);
        m_notifier->show(notice("first"));
        QTRY_COMPARE(lost.size(), 1);
        QCOMPARE(lost.first().first().value<Error>().message,
                 QStringLiteral("the desktop has no service that shows them."));
        m_notifier->show(notice("second"));
        m_desktop = std::make_unique<StandInDesktop>(m_bus->address());
        m_notifier->show(notice("third"));
        QTRY_VERIFY(!m_desktop->shown.isEmpty());
        QCOMPARE(m_desktop->shown.last().title, QStringLiteral("third"));
        QCOMPARE(lost.size(), 1); // not for the second one
        QVERIFY(isHeard(7));
        m_desktop.reset();
        m_notifier->show(notice("fourth"));
        QTRY_COMPARE(lost.size(), 2);
    }

    void withoutABusThatIsSaidOnceAndItIsLookedForAgain()
    {
        DesktopNotifier alone({QStringLiteral("Pilothouse"), QStringLiteral("unix:path=/nowhere")});
        const QSignalSpy lost(&alone, &Notifier::lost);
        alone.show(notice("first"));
        QTRY_COMPARE(lost.size(), 1);
        QCOMPARE(lost.first().first().value<Error>().message,
                 QStringLiteral("this session has no message bus (D-Bus)."));
        alone.show(notice("second"));
        QTest::qWait(100); // that nothing is said has no signal
        QCOMPARE(lost.size(), 1);
    }

    void aBusThatHangsHoldsUpNothing()
    {
        QCOMPARE(::kill(pid_t(m_bus->process()), SIGSTOP), 0);
        bool wentOn = false;
        m_notifier->show(notice("first"));
        QTimer::singleShot(0, this, [&wentOn] { wentOn = true; });
        QCoreApplication::processEvents();
        QVERIFY(wentOn);
        QCOMPARE(::kill(pid_t(m_bus->process()), SIGCONT), 0);
        QTRY_COMPARE(m_desktop->shown.size(), 1);
    }

private:
    /// All that the desktop said so far was heard: a sender's messages keep their order, and the
    /// click on what it shows under `id` is the last of them.
    bool isHeard(uint id)
    {
        const QSignalSpy chosen(m_notifier.get(), &Notifier::chosen);
        Q_EMIT m_desktop->ActionInvoked(id, QStringLiteral("default"));
        return QTest::qWaitFor([&chosen] { return !chosen.isEmpty(); });
    }

    std::unique_ptr<PrivateBus> m_bus;
    std::unique_ptr<StandInDesktop> m_desktop;
    std::unique_ptr<DesktopNotifier> m_notifier;
};

QTEST_GUILESS_MAIN(TestDesktopNotifier)
#include "testdesktopnotifier.moc"
