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
    void only_pods_of_its_own_track_are_its_business()
    {
        Fixture f;
        QVERIFY(
            !f.logs.open(PodLog{TrackName(QStringLiteral("coditect")), QStringLiteral("p"), {}}));
        QVERIFY(!f.logs.open(JobLog{RunId(1), JobId(2)}));
    }

    void lines_come_as_they_arrive_and_halves_wait()
    {
        Fixture f(QStringLiteral("app"));
        QCOMPARE(f.http.last(), QString(first).replace(QStringLiteral("&tailLines"),
                                                       QStringLiteral("&container=app&tailLines")));
        const QByteArray second = line(20, "two");
        f.arrive(line(10, "one") + second.left(12));
        QCOMPARE(f.text, line(10, "one"));
        f.stream().arrive(second.mid(12));
        QCOMPARE(f.text, line(10, "one") + second);
    }

    void a_break_loses_and_doubles_nothing()
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

    void equal_lines_at_one_moment_are_kept_while_the_log_runs()
    {
        Fixture f;
        f.arrive(line(10, "x") + line(10, "x") + line(9, "earlier stamp"));
        QCOMPARE(f.text.count('\n'), 3);
    }

    void a_second_break_before_all_came_again_is_no_trouble()
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

    void stamps_of_another_zone_are_asked_for_in_utc()
    {
        Fixture f;
        f.arrive("2026-11-24T01:00:05.000000001+02:00 x\n");
        f.stream().end(fail(cut));
        f.clock.advance(1s);
        QCOMPARE(f.http.last(), since(QStringLiteral("2026-11-23T23:00:04Z")));
    }

    void a_line_without_a_stamp_comes_once()
    {
        Fixture f;
        f.arrive(line(100, "a") + "unable to retrieve more\n");
        f.stream().end(fail(cut));
        f.clock.advance(1s);
        f.arrive(line(100, "a") + "unable to retrieve more\n" + line(3000, "b"));
        QCOMPARE(f.text, line(100, "a") + "unable to retrieve more\n" + line(3000, "b"));
    }

    void a_log_that_ends_is_asked_once_more()
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

    void a_rotated_log_goes_on()
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

    void a_pod_that_is_gone_after_its_log_ended_leaves_it_complete()
    {
        Fixture f;
        f.arrive(line(100, "a") + "rest");
        f.stream().end();
        f.clock.advance(1s);
        f.stream().end(fail(ErrorKind::NotFound, QStringLiteral("no such pod")));
        QCOMPARE(f.ends.size(), 1);
        QVERIFY(f.ends.first().has_value());
        QCOMPARE(f.text, line(100, "a") + "rest");
    }

    void a_pod_that_is_gone_after_a_break_is_told()
    {
        Fixture f;
        f.arrive(line(100, "a"));
        f.stream().end(fail(cut));
        f.clock.advance(1s);
        f.stream().end(fail(ErrorKind::NotFound, QStringLiteral("no such pod")));
        QCOMPARE(f.ends.size(), 1);
        QCOMPARE(f.ends.first().error().kind, ErrorKind::NotFound);
    }

    void a_quiet_pod_is_followed_for_ever()
    {
        Fixture f;
        for (int i = 0; i < 20; ++i) {
            f.stream().start();
            f.clock.advance(300s);
            f.stream().end(fail(ErrorKind::TimedOut, QStringLiteral("silent")));
            f.clock.advance(0ms);
        }
        QVERIFY(f.ends.isEmpty());
        QCOMPARE(f.http.streams.size(), 21);
        QVERIFY(f.http.scripted.requests.last().timeout > 60s);
    }

    void a_server_that_stays_away_is_given_up_in_the_end()
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

    void what_is_not_allowed_ends_at_once()
    {
        Fixture f;
        f.stream().end(fail(ErrorKind::NotAllowed, QStringLiteral("you lack get on pods/log")));
        QCOMPARE(f.ends.size(), 1);
        QCOMPARE(f.ends.first().error().kind, ErrorKind::NotAllowed);
        QCOMPARE(f.clock.waiting(), 0);
    }

    void only_the_last_two_seconds_are_remembered()
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

    void what_did_not_come_again_is_not_awaited_for_ever()
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
