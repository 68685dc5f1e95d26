#include "logs/errors/poderrors.h"

#include "support/fakeclock.h"
#include "support/manylogs.h"

#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;

namespace {

using State = PodErrorsView::State;
using std::chrono::seconds;

const QString one = QStringLiteral("context-b-1");
const QString two = QStringLiteral("context-b-2");
const TrackName standalone(QStringLiteral("standalone"));

QByteArray errorAt(const QDateTime &at, const char *words = "pool is empty")
{
    return at.toString(Qt::ISODateWithMs).toUtf8() + " ERROR " + words + '\n';
}

} // namespace

class TestPodErrors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nobodyLooksNothingIsFollowed()
    {
        Bench b;
        b.errors.setPods({one, two});
        QVERIFY(b.logs.opened.isEmpty());
        b.errors.look(&b);
        QCOMPARE(b.logs.opened, QStringList({one, two}));
        QObject other;
        b.errors.look(&other);
        QCOMPARE(b.logs.open(), 2);
        b.errors.lookAway(&b);
        QCOMPARE(b.logs.open(), 2); // the other one still looks
        b.errors.lookAway(&other);
        QCOMPARE(b.logs.open(), 0);
    }

    void theNewestErrorOfAllPodsIsTold()
    {
        Bench b;
        b.looked();
        const QDateTime at = b.clock.now();
        b.logs.write(two, errorAt(at.addSecs(-3), "second"));
        b.logs.write(one,
                     errorAt(at.addSecs(-9), "first") + errorAt(at.addSecs(-8), "first again"));
        const PodErrorsView view = b.errors.view();
        QCOMPARE(view.state, State::Errors);
        QCOMPARE(view.pod, two);
        QCOMPARE(view.newest.text, QStringLiteral("ERROR second"));
        QCOMPARE(view.count, 3);
        QCOMPARE(view.perMinute, 3);
        QCOMPARE(view.since, at.addSecs(-9));
    }

    void theRateFallsWhileTheLogIsSilent()
    {
        Bench b;
        b.looked();
        b.logs.write(one, errorAt(b.clock.now()));
        QCOMPARE(b.errors.view().perMinute, 1);
        QSignalSpy changed(&b.errors, &PodErrors::changed);
        b.clock.advance(seconds(61));
        QVERIFY(changed.size() > 0);
        QCOMPARE(b.errors.view().perMinute, 0);
        QCOMPARE(b.errors.view().count, 1);
    }

    void manyLinesAreToldTogether()
    {
        Bench b;
        b.looked();
        QSignalSpy changed(&b.errors, &PodErrors::changed);
        for (int i = 0; i < 500; ++i)
            b.logs.write(one, errorAt(b.clock.now()));
        b.clock.advance(seconds(1));
        QCOMPARE(changed.size(), 1);
        QCOMPARE(b.errors.view().count, 500);
    }

    void quietAndNotYetAreNotTheSame()
    {
        Bench b;
        QCOMPARE(b.errors.view().state, State::NoPods);
        b.looked();
        QCOMPARE(b.errors.view().state, State::Waiting);
        b.logs.write(one, "2026-11-24T14:33:10.402Z INFO all is well\n");
        QCOMPARE(b.errors.view().state, State::Quiet);
        QCOMPARE(b.errors.view().pods, 2);
    }

    void aRefusalIsToldUnlessAnotherLogHasAnError()
    {
        Bench b;
        b.looked();
        b.logs.end(one, fail(ErrorKind::NotAllowed, QStringLiteral("you lack get on pods/log")));
        QCOMPARE(b.errors.view().state, State::Unreadable);
        QCOMPARE(b.errors.view().error, QStringLiteral("you lack get on pods/log"));
        b.logs.write(two, errorAt(b.clock.now()));
        QCOMPARE(b.errors.view().state, State::Errors);
    }

    void aLogThatEndsIsTakenUpAgainAndCountedAnew()
    {
        Bench b;
        b.looked();
        const QByteArray line = errorAt(b.clock.now());
        b.logs.write(one, line);
        b.logs.end(one, {});
        QCOMPARE(b.errors.view().count, 1);
        b.clock.advance(seconds(20));
        QCOMPARE(b.logs.opened.count(one), 2);
        b.logs.write(one, line); // what the log still has comes again
        QCOMPARE(b.errors.view().count, 1);
    }

    void aPodThatIsGoneIsNotAskedForAgain()
    {
        Bench b;
        b.looked();
        b.logs.write(one, errorAt(b.clock.now()));
        b.logs.end(one, fail(ErrorKind::NotFound, QStringLiteral("no such pod")));
        b.errors.setPods({two});
        b.clock.advance(seconds(60));
        QCOMPARE(b.logs.opened.count(one), 1);
        QCOMPARE(b.errors.view().count, 0);
        QCOMPARE(b.errors.view().pods, 1);
    }

    void moreThanCanBeFollowedAreCounted()
    {
        Bench b;
        QStringList pods;
        for (int i = 0; i < PodErrors::mostFollowed + 3; ++i)
            pods << QStringLiteral("pod-%1").arg(i);
        b.errors.setPods(pods);
        b.errors.look(&b);
        QCOMPARE(b.logs.open(), PodErrors::mostFollowed);
        QCOMPARE(b.errors.view().leftOut, 3);
    }

    void whoeverHasNoLogsOpensNone()
    {
        FakeClock clock;
        PodErrors errors({}, standalone, clock);
        errors.setPods({one});
        errors.look(this);
        QCOMPARE(errors.view().state, State::Waiting);
        QCOMPARE(errors.view().pods, 0);
    }

private:
    struct Bench : QObject
    {
        void looked()
        {
            errors.setPods({one, two});
            errors.look(this);
        }

        FakeClock clock;
        ManyLogs logs;
        PodErrors errors{std::vector<LogSource *>{&logs}, standalone, clock};
    };
};

QTEST_GUILESS_MAIN(TestPodErrors)
#include "testpoderrors.moc"
