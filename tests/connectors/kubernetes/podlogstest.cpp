#include "connectors/kubernetes/podlogs.h"

#include "connectors/kubernetes/logresume.h"
#include "streamshttp.h"
#include "support/fakeclock.h"

#include <QSignalSpy>
#include <QTest>
#include <QTimeZone>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

const QString first = QStringLiteral("GET /api/v1/namespaces/production/pods/web-1/log?follow=true"
                                     "&timestamps=true&tailLines=2000");
QString since(const QString &time)
{
    return QStringLiteral("GET /api/v1/namespaces/production/pods/web-1/log?follow=true"
                          "&timestamps=true&sinceTime=%1")
        .arg(time);
}

/// A line at that many milliseconds after 13:30:00.
QByteArray line(int ms, const QByteArray &text)
{
    const QDateTime at(QDate(2026, 11, 24), QTime(13, 30).addMSecs(ms), QTimeZone::utc());
    return at.toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss.zzz")).toLatin1() + "123456Z " + text
           + '\n';
}

const Error cut{ErrorKind::Unavailable, QStringLiteral("the connection broke"), {}, {}};

} // namespace

class PodLogsTest : public QObject
{
    Q_OBJECT

private:
    struct Fixture
    {
        StreamsHttp http;
        FakeClock clock;
        KubernetesApi api{http, clock, QUrl(QStringLiteral("https://k8s.test"))};
        PodLogs logs{api, clock, TrackName(QStringLiteral("standalone")),
                     QStringLiteral("production")};
        std::unique_ptr<LogStream> log;
        QByteArray text;
        QList<Result<void>> ends;

        explicit Fixture(const QString &container = {})
        {
            log = logs.open(PodLog{TrackName(QStringLiteral("standalone")), QStringLiteral("web-1"),
                                   container});
            QObject::connect(log.get(), &LogStream::bytesArrived,
                             [this](const QByteArray &bytes) { text += bytes; });
            QObject::connect(log.get(), &LogStream::ended,
                             [this](const Result<void> &outcome) { ends.append(outcome); });
        }
        ScriptedStream &stream() { return *http.streams.last(); }
        void arrive(const QByteArray &bytes)
        {
            stream().start();
            stream().arrive(bytes);
        }
    };

private Q_SLOTS:
    void onlyPodsOfItsOwnTrackAreItsBusiness()
    {
        Fixture f;
        QVERIFY(
            !f.logs.open(PodLog{TrackName(QStringLiteral("coditect")), QStringLiteral("p"), {}}));
        QVERIFY(!f.logs.open(JobLog{RunId(1), JobId(2)}));
    }

    void linesComeAsTheyArriveAndHalvesWait()
    {
        Fixture f(QStringLiteral("app"));
        QCOMPARE(f.log->beginsLinesBack(), 2000);
        QCOMPARE(f.http.last(), QString(first).replace(QStringLiteral("&tailLines"),
                                                       QStringLiteral("&container=app&tailLines")));
        const QByteArray second = line(20, "two");
        f.arrive(line(10, "one") + second.left(12));
        QCOMPARE(f.text, line(10, "one"));
        f.stream().arrive(second.mid(12));
        QCOMPARE(f.text, line(10, "one") + second);
    }

    void aBreakLosesAndDoublesNothing()
    {
        Fixture f;
        const QByteArray seen
            = line(900, "a") + line(1200, "b") + line(1200, "b") + line(1500, "c");
        const QByteArray half = line(1600, "d");
        f.arrive(seen + half.left(20));
        f.stream().end(fail(cut));
        QVERIFY(f.ends.isEmpty());
        f.clock.advance(1s);
        // One second before the newest line's own, since stamps may run backwards by a little.
        QCOMPARE(f.http.last(), since(QStringLiteral("2026-11-24T13:30:00Z")));
        // What comes again, with two more lines of the same stamp and text, and one that was late.
        f.arrive(line(900, "a") + line(1190, "late") + line(1200, "b") + line(1200, "b")
                 + line(1200, "b"));
        f.stream().arrive(line(1500, "c") + half + line(1700, "e"));
        QCOMPARE(f.text, seen + line(1190, "late") + line(1200, "b") + half + line(1700, "e"));
    }

    void aPauseLosesAndDoublesNothing()
    {
        Fixture f;
        QSignalSpy told(f.log.get(), &LogStream::reconnected);
        const QByteArray half = line(1600, "c");
        // As a reader does that has no room: from within the signal.
        const auto full = connect(f.log.get(), &LogStream::bytesArrived, this,
                                  [&f] { QVERIFY(f.log->pause()); });
        f.arrive(line(900, "a") + line(1200, "b") + half.left(20));
        disconnect(full);
        QTRY_VERIFY2(f.http.streams.last().isNull(), "the connection is let go");
        f.clock.advance(600s);
        QCOMPARE(f.http.streams.size(), 1);
        QVERIFY(f.ends.isEmpty());
        f.log->goOn();
        QCOMPARE(f.http.last(), since(QStringLiteral("2026-11-24T13:30:00Z")));
        f.arrive(line(900, "a") + line(1200, "b") + half + line(1700, "d"));
        QCOMPARE(told.size(), 1);
        QCOMPARE(f.text, line(900, "a") + line(1200, "b") + half + line(1700, "d"));
    }

    void everyTakingUpAgainIsToldWhenItIsAnswered()
    {
        Fixture f;
        QSignalSpy told(f.log.get(), &LogStream::reconnected);
        f.arrive(line(100, "a"));
        QCOMPARE(told.size(), 0); // the first connection is none that was taken up
        f.stream().end(fail(cut));
        f.clock.advance(1s);
        f.stream().end(fail(cut)); // not answered
        QCOMPARE(told.size(), 0);
        f.clock.advance(2s);
        f.arrive(line(100, "a"));
        QCOMPARE(told.size(), 1);
        f.stream().end(fail(ErrorKind::TimedOut, QStringLiteral("silent")));
        f.clock.advance(0ms);
        f.stream().start();
        QCOMPARE(told.size(), 2);
        QCOMPARE(f.text, line(100, "a"));
    }

    void equalLinesAtOneMomentAreKeptWhileTheLogRuns()
    {
        Fixture f;
        f.arrive(line(10, "x") + line(10, "x") + line(9, "earlier stamp"));
        QCOMPARE(f.text.count('\n'), 3);
    }

    void aSecondBreakBeforeAllCameAgainIsNoTrouble()
    {
        Fixture f;
        f.arrive(line(100, "a") + line(200, "b") + line(300, "c"));
        f.stream().end(fail(cut));
        f.clock.advance(1s);
        f.arrive(line(100, "a"));
        f.stream().end(fail(cut));
        f.clock.advance(1s);
        f.arrive(line(100, "a") + line(200, "b") + line(300, "c") + line(400, "d"));
        QCOMPARE(f.text, line(100, "a") + line(200, "b") + line(300, "c") + line(400, "d"));
    }

    void stampsOfAnotherZoneAreAskedForInUtc()
    {
        Fixture f;
        f.arrive("2026-11-24T01:00:05.000000001+02:00 x\n");
        f.stream().end(fail(cut));
        f.clock.advance(1s);
        QCOMPARE(f.http.last(), since(QStringLiteral("2026-11-23T23:00:04Z")));
    }

    void aLineWithoutAStampComesOnce()
    {
        Fixture f;
        f.arrive(line(100, "a") + "unable to retrieve more\n");
        f.stream().end(fail(cut));
        f.clock.advance(1s);
        f.arrive(line(100, "a") + "unable to retrieve more\n" + line(3000, "b"));
        QCOMPARE(f.text, line(100, "a") + "unable to retrieve more\n" + line(3000, "b"));
    }

    void aLogThatEndsIsAskedOnceMore()
    {
        Fixture f;
        f.arrive(line(100, "a") + "2026-11-24T13:30:00.2Z without an end");
        f.stream().end();
        QVERIFY(f.ends.isEmpty());
        f.clock.advance(1s);
        f.arrive(line(100, "a") + "2026-11-24T13:30:00.2Z without an end");
        f.stream().end();
        QCOMPARE(f.ends.size(), 1);
        QVERIFY(f.ends.first().has_value());
        QCOMPARE(f.text, line(100, "a") + "2026-11-24T13:30:00.2Z without an end");
    }

    void aRotatedLogGoesOn()
    {
        Fixture f;
        f.arrive(line(100, "a"));
        f.stream().end();
        f.clock.advance(1s);
        f.arrive(line(100, "a") + line(2000, "b"));
        f.stream().end();
        QVERIFY(f.ends.isEmpty()); // something came: it may have been rotated again
        f.clock.advance(1s);
        f.stream().start();
        f.stream().end();
        QCOMPARE(f.ends.size(), 1);
        QCOMPARE(f.text, line(100, "a") + line(2000, "b"));
    }

    void aPodThatIsGoneAfterItsLogEndedLeavesItComplete()
    {
        Fixture f;
        f.arrive(line(100, "a") + "rest");
        f.stream().end();
        f.clock.advance(1s);
        f.stream().end(fail(ErrorKind::NotFound, QStringLiteral("no such pod"),
                            QStringLiteral("HTTP 404\n{\"kind\":\"Status\",\"code\":404}")));
        QCOMPARE(f.ends.size(), 1);
        QVERIFY(f.ends.first().has_value());
        QCOMPARE(f.text, line(100, "a") + "rest");
    }

    void whatIsNotFoundByAProxyIsNoEndOfALog()
    {
        Fixture f;
        f.arrive(line(100, "a"));
        f.stream().end();
        f.clock.advance(1s);
        f.stream().end(fail(ErrorKind::NotFound, QStringLiteral("no such page"),
                            QStringLiteral("HTTP 404\n<html>not here</html>")));
        QCOMPARE(f.ends.size(), 1);
        QCOMPARE(f.ends.first().error().kind, ErrorKind::NotFound);
    }

    void whatIsNoTextIsNotShownAsALog_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::newRow("JSON") << QByteArray("application/json");
        QTest::newRow("a page") << QByteArray("text/html; charset=utf-8");
    }
    void whatIsNoTextIsNotShownAsALog()
    {
        QFETCH(const QByteArray, type);
        Fixture f;
        for (int attempt = 0; attempt < 7; ++attempt) {
            f.stream().start(200, {{"content-type", type}});
            f.clock.advance(60s);
        }
        QCOMPARE(f.text, QByteArray());
        QCOMPARE(f.http.streams.size(), 7);
        QCOMPARE(f.ends.size(), 1);
        QCOMPARE(f.ends.first().error().message,
                 QStringLiteral("Where Kubernetes should be, “%1” is answered instead of a log. "
                                "Check what stands between this computer and the cluster.")
                     .arg(QString::fromLatin1(type)));
    }

    void aLogOfPlainTextIsShownWhateverWasAnsweredBefore()
    {
        Fixture f;
        f.stream().start(200, {{"content-type", "text/html"}});
        f.clock.advance(1s);
        f.stream().start(200, {{"content-type", "text/plain"}});
        f.stream().arrive(line(100, "a"));
        QCOMPARE(f.text, line(100, "a"));
        QVERIFY(f.ends.isEmpty());
    }

    void aLineWithoutEndIsPassedOnInPieces()
    {
        Fixture f;
        const QByteArray piece(300 << 10, 'x');
        f.arrive(line(100, "a"));
        for (int i = 0; i < 10; ++i)
            f.stream().arrive(piece);
        QVERIFY(f.text.size() >= 2 << 20);
        f.stream().arrive("\n" + line(200, "b"));
        QCOMPARE(f.text.size(), 2 * line(100, "a").size() + 10 * piece.size() + 1);
    }

    void aPodThatIsGoneAfterABreakIsTold()
    {
        Fixture f;
        f.arrive(line(100, "a"));
        f.stream().end(fail(cut));
        f.clock.advance(1s);
        f.stream().end(fail(ErrorKind::NotFound, QStringLiteral("no such pod")));
        QCOMPARE(f.ends.size(), 1);
        QCOMPARE(f.ends.first().error().kind, ErrorKind::NotFound);
    }

    void aQuietPodIsFollowedForEver()
    {
        Fixture f;
        for (int i = 0; i < 20; ++i) {
            f.stream().start();
            f.clock.advance(120s);
            f.stream().end(fail(ErrorKind::TimedOut, QStringLiteral("silent")));
            f.clock.advance(0ms);
        }
        QVERIFY(f.ends.isEmpty());
        QCOMPARE(f.http.streams.size(), 21);
        // As soon as two minutes of silence are said, the connection is a fresh one.
        QCOMPARE(f.http.scripted.requests.last().timeout, 120s);
    }

    void aServerThatStaysAwayIsGivenUpInTheEnd()
    {
        Fixture f;
        f.arrive(line(100, "a"));
        f.stream().end(fail(cut));
        for (const auto wait : {1s, 2s, 4s, 8s, 16s, 30s}) {
            QVERIFY(f.ends.isEmpty());
            const qsizetype before = f.http.streams.size();
            f.clock.advance(wait - 1ms);
            QCOMPARE(f.http.streams.size(), before);
            f.clock.advance(1ms);
            QCOMPARE(f.http.streams.size(), before + 1);
            f.stream().end(fail(cut));
        }
        QCOMPARE(f.ends.size(), 1);
        QCOMPARE(f.ends.first().error(), cut);
    }

    void whatIsNotAllowedEndsAtOnce()
    {
        Fixture f;
        f.stream().end(fail(ErrorKind::NotAllowed, QStringLiteral("you lack get on pods/log")));
        QCOMPARE(f.ends.size(), 1);
        QCOMPARE(f.ends.first().error().kind, ErrorKind::NotAllowed);
        QCOMPARE(f.clock.waiting(), 0);
    }

    void onlyTheLastTwoSecondsAreRemembered()
    {
        LogResume resume;
        QVERIFY(!resume.since().isValid());
        QVERIFY(resume.isNew(line(0, "a")));
        QVERIFY(resume.isNew(line(2000, "b")));
        resume.restart();
        // The server is asked from second 1 on; a line of second 0 is not what came before.
        QCOMPARE(resume.since().time(), QTime(13, 30, 1));
        QVERIFY(resume.isNew(line(0, "a")));
        QVERIFY(!resume.isNew(line(2000, "b")));
        QVERIFY(resume.isNew(line(2000, "b")));
    }

    void whatDidNotComeAgainIsNotAwaitedForEver()
    {
        LogResume resume;
        QVERIFY(resume.isNew(line(0, "a")));
        QVERIFY(resume.isNew("no stamp\n"));
        resume.restart();
        QVERIFY(!resume.isNew(line(0, "a")));
        QVERIFY(resume.isNew(line(5000, "b")));
        QVERIFY(resume.isNew("no stamp\n"));
    }
};

QTEST_GUILESS_MAIN(PodLogsTest)
#include "podlogstest.moc"
