#include "connectors/cloudbuild/cloudbuilds.h"
#include "connectors/http/networkhttp.h"
#include "support/fakeclock.h"
#include "support/fakecredential.h"
#include "support/rawserver.h"
#include "support/scriptedhttp.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

QByteArray buildText(const char *status)
{
    return QByteArray("{\"id\":\"b-1\",\"status\":\"") + status
           + "\",\"logsBucket\":\"gs://logs/of/builds\"}";
}

/// What is found at one look: the state of the build, and what its storage answers.
struct Look
{
    const char *build;
    int status;
    QByteArray body;
};

/// A log that is followed, and what came of it.
class Followed
{
public:
    explicit Followed(std::unique_ptr<LogStream> opened) : stream(std::move(opened))
    {
        QObject::connect(stream.get(), &LogStream::bytesArrived,
                         [this](const QByteArray &bytes) { pieces.append(bytes); });
        QObject::connect(stream.get(), &LogStream::ended,
                         [this](const Result<void> &how) { outcome = how; });
    }
    [[nodiscard]] QByteArray text() const { return pieces.join(); }

    std::unique_ptr<LogStream> stream;
    QByteArrayList pieces;
    std::optional<Result<void>> outcome;
};

struct Setup
{
    Setup()
    {
        builds = std::make_unique<CloudBuilds>(http, storage, clock, settings());
        log = std::make_unique<Followed>(builds->open(BuildLog{t("b-1")}));
    }
    static CloudBuilds::Settings settings()
    {
        CloudBuilds::Settings settings;
        settings.project = t("p");
        return settings;
    }
    /// A second passes: the next look.
    void next()
    {
        clock.advance(1s);
        QCoreApplication::processEvents();
    }
    [[nodiscard]] QByteArray range(int request) const
    {
        return ScriptedHttp::header(storage.requests.at(request), "Range");
    }

    ScriptedHttp http;
    ScriptedHttp storage;
    FakeClock clock;
    std::unique_ptr<CloudBuilds> builds;
    std::unique_ptr<Followed> log;
};

} // namespace

class CloudBuildLogsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itGrowsByRangesAndIsReadOnceMoreAfterTheEnd()
    {
        Setup s;
        s.http.answer(200, buildText("QUEUED"));
        s.storage.answer(404, "<Error/>"); // not begun
        QCoreApplication::processEvents();
        QVERIFY(s.log->pieces.isEmpty() && !s.log->outcome);
        QCOMPARE(s.storage.requests[0].url.path(), t("/logs/of/builds/log-b-1.txt"));
        QVERIFY(s.range(0).startsWith("bytes=0-"));

        s.http.answer(200, buildText("WORKING"));
        s.storage.answer(206, "starting\n");
        s.next();
        s.http.answer(200, buildText("WORKING"));
        s.storage.answer(416, "<Error/>"); // nothing new
        s.next();
        QVERIFY(s.range(2).startsWith("bytes=9-"));
        QVERIFY(!s.log->outcome);

        s.http.answer(200, buildText("SUCCESS"));
        s.storage.answer(206, "DONE\n");
        s.next();
        QVERIFY(s.log->outcome && s.log->outcome->has_value());
        QCOMPARE(s.log->text(), QByteArray("starting\nDONE\n"));
        QCOMPARE(s.clock.waiting(), 0);
    }

    void aPendingBuildHasNotEnded()
    {
        Setup s;
        for (int i = 0; i < 3; ++i) {
            s.http.answer(200, buildText("PENDING"));
            s.storage.answer(404, "<Error/>");
            s.next();
        }
        QVERIFY(!s.log->outcome);
        QCOMPARE(s.clock.waiting(), 1);
    }

    void aLogComesWholeWhateverTheStorageDoes_data()
    {
        QTest::addColumn<QList<Look>>("looks");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("lastRange");
        const QByteArray words = QString::fromUtf8("Übung gelungen ✓\n").toUtf8();
        QTest::newRow("nothing new after the end is the end")
            << QList<Look>{{"WORKING", 206, "all\n"}, {"FAILURE", 416, "<Error/>"}}
            << QByteArray("all\n") << QByteArray("bytes=4-");
        QTest::newRow("a character cut between two pieces")
            << QList<Look>{{"WORKING", 206, words.left(1)}, {"SUCCESS", 206, words.mid(1)}} << words
            << QByteArray("bytes=1-");
        QTest::newRow("a storage without ranges is not read twice")
            << QList<Look>{{"WORKING", 200, "one\n"}, {"SUCCESS", 200, "one\ntwo\n"}}
            << QByteArray("one\ntwo\n") << QByteArray("bytes=4-");
        QTest::newRow("a storage in trouble is asked again")
            << QList<Look>{{"WORKING", 503, "busy"},
                           {"WORKING", 429, "slow down"},
                           {"SUCCESS", 206, "late\n"}}
            << QByteArray("late\n") << QByteArray("bytes=0-");
    }
    void aLogComesWholeWhateverTheStorageDoes()
    {
        QFETCH(const QList<Look>, looks);
        QFETCH(const QByteArray, text);
        QFETCH(const QByteArray, lastRange);
        Setup s;
        for (const Look &look : looks) {
            QVERIFY(!s.log->outcome);
            s.http.answer(200, buildText(look.build));
            s.storage.answer(look.status, look.body);
            s.next();
        }
        QVERIFY(s.log->outcome && s.log->outcome->has_value());
        QCOMPARE(s.log->text(), text);
        QVERIFY(s.range(int(looks.size()) - 1).startsWith(lastRange));
    }

    void butNotForEver()
    {
        Setup s;
        for (int i = 0; i < 70; ++i) {
            s.http.answer(200, buildText("WORKING"));
            s.storage.answer(503, "busy");
        }
        for (int i = 0; i < 70 && !s.log->outcome; ++i)
            s.next();
        QVERIFY(s.log->outcome);
        QCOMPARE(s.log->outcome->error().kind, ErrorKind::Unavailable);
        QCOMPARE(s.storage.requests.size(), 61);
    }

    void aLogIsNotToldAsWholeIfItMayNotBe_data()
    {
        QTest::addColumn<QList<Look>>("looks");
        QTest::addColumn<QString>("words");
        const QString gone = t("The rest of this log is not in its bucket.");
        const QString other = t("Something that is not the storage of this log");
        QTest::newRow("its object goes away")
            << QList<Look>{{"WORKING", 206, "one\n"}, {"SUCCESS", 404, "<Error/>"}} << gone;
        QTest::newRow("another host answers at the beginning")
            << QList<Look>{{"WORKING", 200, "{}"}, {"SUCCESS", 206, "log\n"}} << other;
        QTest::newRow("another host answers at the beginning of a log that is hardly any")
            << QList<Look>{{"WORKING", 200, "{}"}, {"SUCCESS", 416, "<Error/>"}} << other;
        QTest::newRow("another host answers at the end")
            << QList<Look>{{"WORKING", 206, "one\n"}, {"SUCCESS", 200, "{}"}} << other;
    }
    void aLogIsNotToldAsWholeIfItMayNotBe()
    {
        QFETCH(const QList<Look>, looks);
        QFETCH(const QString, words);
        Setup s;
        for (const Look &look : looks) {
            QVERIFY(!s.log->outcome);
            s.http.answer(200, buildText(look.build));
            s.storage.answer(look.status, look.body);
            s.next();
        }
        QVERIFY(s.log->outcome && !s.log->outcome->has_value());
        QVERIFY2(s.log->outcome->error().message.startsWith(words),
                 qPrintable(s.log->outcome->error().message));
        QCOMPARE(s.clock.waiting(), 0);
    }

    void anObjectThatIsEmptyYetIsWaitedFor()
    {
        Setup s;
        for (const Look &look : QList<Look>{
                 {"WORKING", 200, ""}, {"WORKING", 206, "one\n"}, {"SUCCESS", 416, "<Error/>"}}) {
            QVERIFY(!s.log->outcome);
            s.http.answer(200, buildText(look.build));
            s.storage.answer(look.status, look.body);
            s.next();
        }
        QVERIFY(s.log->outcome && s.log->outcome->has_value());
        QCOMPARE(s.log->text(), QByteArray("one\n"));
    }

    void whyThereIsNoLog_data()
    {
        QTest::addColumn<QByteArray>("build");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("words");
        QTest::newRow("no right") << buildText("SUCCESS") << 403
                                  << t("This account may not read the bucket of the log");
        QTest::newRow("never written")
            << buildText("CANCELLED") << 404 << t("This build has ended without a log.");
        QTest::newRow("kept elsewhere")
            << QByteArray("{\"id\":\"b-1\",\"status\":\"SUCCESS\",\"logsBucket\":\"gs://"
                          "b\",\"options\":{\"logging\":\"CLOUD_LOGGING_ONLY\"}}")
            << 0 << t("This build writes no log to a bucket.");
    }

    void whyThereIsNoLog()
    {
        QFETCH(const QByteArray, build);
        QFETCH(const int, status);
        QFETCH(const QString, words);
        Setup s;
        s.http.answer(200, build);
        if (status > 0)
            s.storage.answer(status, "<Error/>");
        QCoreApplication::processEvents();
        QVERIFY(s.log->outcome);
        QVERIFY2(s.log->outcome->error().message.startsWith(words),
                 qPrintable(s.log->outcome->error().message));
        QCOMPARE(s.clock.waiting(), 0);
    }

    void whatTheBuildItselfIsRefusedWithIsNotBlamedOnItsBucket()
    {
        for (const int status : {403, 404}) {
            Setup s;
            s.http.answer(200, buildText("WORKING"));
            s.storage.answer(206, "one\n");
            QCoreApplication::processEvents();
            s.http.answer(status, "{}");
            s.next();
            QVERIFY(s.log->outcome);
            const Error error = s.log->outcome->error();
            QCOMPARE(error.kind, status == 403 ? ErrorKind::NotAllowed : ErrorKind::NotFound);
            QVERIFY2(!error.message.contains(t("bucket")), qPrintable(error.message));
            QCOMPARE(s.clock.waiting(), 0);
        }
    }

    void aStreamThatIsGivenUpAsksNoMore()
    {
        Setup s;
        s.http.answer(200, buildText("WORKING"));
        s.storage.answer(404, "<Error/>");
        QCoreApplication::processEvents();
        s.log.reset();
        s.next();
        QCOMPARE(s.http.requests.size(), 1);
    }

    void theServiceMayGoBeforeTheStream()
    {
        Setup s;
        s.http.answer(200, buildText("WORKING"));
        s.storage.answer(404, "<Error/>");
        QCoreApplication::processEvents();
        s.builds.reset();
        s.next();
        QVERIFY(s.log->outcome);
        QCOMPARE(s.log->outcome->error().kind, ErrorKind::Cancelled);
    }

    void overTheWireEachHostGetsItsOwnCredentialAlone()
    {
        RawServer api;
        RawServer bucket;
        RawServer stranger;
        api.answer(RawServer::http("200 OK", buildText("SUCCESS")));
        bucket.answer(
            RawServer::http("302 Found", {}, "Location: " + stranger.url().toEncoded() + "x\r\n"));
        stranger.answer(RawServer::http("200 OK", "not for you"));
        SystemClock clock;
        FakeCredential first({"for-the-builds"});
        FakeCredential second({"for-the-storage"});
        const auto client = [&](const RawServer &server, FakeCredential &credential) {
            NetworkHttp::Settings settings;
            settings.systemName = t("Cloud Build");
            settings.base = server.url();
            return std::make_unique<NetworkHttp>(settings, credential, clock);
        };
        const auto http = client(api, first);
        const auto storage = client(bucket, second);
        CloudBuilds::Settings settings = Setup::settings();
        settings.api = api.url();
        settings.storage = bucket.url();
        CloudBuilds builds(*http, *storage, clock, settings);
        Followed log(builds.open(BuildLog{t("b-1")}));
        QTRY_VERIFY(log.outcome);
        QVERIFY(!log.outcome->has_value());
        QVERIFY(api.received[0].contains("Authorization: Bearer for-the-builds"));
        QVERIFY(bucket.received[0].contains("Authorization: Bearer for-the-storage"));
        QVERIFY(bucket.received[0].contains("Range: bytes=0-"));
        QVERIFY(stranger.received.isEmpty());
        QVERIFY(log.pieces.isEmpty());
    }

    void overTheWireALogComesWhole()
    {
        RawServer api;
        RawServer bucket;
        api.answer(RawServer::http("200 OK", buildText("WORKING")));
        api.answer(RawServer::http("200 OK", buildText("SUCCESS")));
        bucket.answer(
            RawServer::http("206 Partial Content", "first\n", "Content-Range: bytes 0-5/6\r\n"));
        bucket.answer(RawServer::http("416 Requested Range Not Satisfiable", "<Error/>"));
        SystemClock clock;
        FakeCredential none;
        NetworkHttp::Settings one;
        one.base = api.url();
        NetworkHttp::Settings two;
        two.base = bucket.url();
        NetworkHttp http(one, none, clock);
        NetworkHttp storage(two, none, clock);
        CloudBuilds::Settings settings = Setup::settings();
        settings.api = api.url();
        settings.storage = bucket.url();
        CloudBuilds builds(http, storage, clock, settings);
        Followed log(builds.open(BuildLog{t("b-1")}));
        QTRY_VERIFY(log.outcome);
        QVERIFY(log.outcome->has_value());
        QCOMPARE(log.text(), QByteArray("first\n"));
    }
};

QTEST_GUILESS_MAIN(CloudBuildLogsTest)
#include "cloudbuildlogs.moc"
