#include "connectors/kubernetes/objectwatch.h"

#include "clusterobjects.h"
#include "streamshttp.h"
#include "support/fakeclock.h"

#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

const QString list = QStringLiteral("GET /api/v1/namespaces/production/pods?limit=500");
QString watchFrom(const QString &version)
{
    return QStringLiteral("GET /api/v1/namespaces/production/pods?watch=1&resourceVersion=%1"
                          "&allowWatchBookmarks=true")
        .arg(version);
}

QByteArray eventOf(const QByteArray &type, const QByteArray &name, const QByteArray &version)
{
    return bytes(parsed("{'type': '" + type + "', 'object': {'metadata': {'name': '" + name
                        + "', 'resourceVersion': '" + version + "'}}}"))
           + '\n';
}

constexpr int howMany = 4'000;
constexpr int firstOfMany = 1'000;

/// Of "p0", "p1" and so on, in one piece.
QByteArray manyEvents()
{
    QByteArray all;
    for (int i = 0; i < howMany; ++i)
        all += eventOf("ADDED", 'p' + QByteArray::number(i), QByteArray::number(firstOfMany + i));
    return all;
}

QByteArray errorOf(int code)
{
    return bytes(parsed("{'type': 'ERROR', 'object': {'kind': 'Status', 'message': 'too old',"
                        " 'code': "
                        + QByteArray::number(code) + "}}"))
           + '\n';
}

} // namespace

class ObjectWatchTest : public QObject
{
    Q_OBJECT

private:
    struct Fixture
    {
        StreamsHttp http;
        FakeClock clock;
        KubernetesApi api{http, clock, QUrl(QStringLiteral("https://k8s.test"))};
        ObjectWatch watch{api, clock,
                          ResourcePath{QStringLiteral("api/v1"), QStringLiteral("production"),
                                       QStringLiteral("pods")},
                          [this] {
                              return intake();
                          }};
        QSignalSpy lost{&watch, &ObjectWatch::lost};
        QSignalSpy resumed{&watch, &ObjectWatch::resumed};
        QStringList names; ///< that the last list kept
        QStringList told;  ///< "= a b", "+ a", "- a"

        Fixture()
        {
            QObject::connect(&watch, &ObjectWatch::listed, &watch,
                             [this] { told << names.join(QLatin1Char(' ')); });
            QObject::connect(&watch, &ObjectWatch::changed, &watch,
                             [this](const QJsonObject &object) {
                                 told << QStringLiteral("+ ") + nameOf(object);
                             });
            QObject::connect(&watch, &ObjectWatch::removed, &watch,
                             [this](const QString &name) { told << QStringLiteral("- ") + name; });
        }
        [[nodiscard]] ListIntake intake()
        {
            const auto fresh = std::make_shared<QStringList>();
            return {[fresh](const QJsonArray &objects, ListIntake::Page) {
                        *fresh = QStringList{QStringLiteral("=")};
                        for (const QJsonValue each : objects)
                            *fresh << nameOf(each.toObject());
                    },
                    [this, fresh] {
                        names = *fresh;
                    }};
        }
        void answerList(const QByteArray &version, const QByteArray &name = {})
        {
            QJsonArray items;
            if (!name.isEmpty())
                items.append(parsed("{'metadata': {'name': '" + name + "'}}"));
            http.scripted.answer(200, bytes(listObject(items, version)));
        }
        /// Listed at version 10, watching from there.
        void begin()
        {
            answerList("10", "a");
            watch.start();
            stream().start();
        }
        ScriptedStream &stream() { return *http.streams.last(); }
        [[nodiscard]] Error lastLost() const { return lost.last().first().value<Error>(); }
    };

private Q_SLOTS:
    void itListsThenTellsEachChange()
    {
        Fixture f;
        f.begin();
        f.stream().arrive(eventOf("ADDED", "b", "11") + eventOf("MODIFIED", "a", "12"));
        f.stream().arrive(eventOf("DELETED", "b", "13"));
        QCOMPARE(f.told, QStringList({QStringLiteral("= a"), QStringLiteral("+ b"),
                                      QStringLiteral("+ a"), QStringLiteral("- b")}));
        QCOMPARE(f.http.log(), QStringList({list, watchFrom(QStringLiteral("10"))}));
        QCOMPARE(f.lost.size(), 0);
        QVERIFY(!f.watch.trouble());
    }

    void eventsMayBeCutAnywhere()
    {
        Fixture f;
        f.begin();
        const QByteArray all = eventOf("ADDED", "b", "11") + "\n" + eventOf("ADDED", "c", "12");
        for (const char byte : all)
            f.stream().arrive(QByteArray(1, byte));
        QCOMPARE(f.told, QStringList({QStringLiteral("= a"), QStringLiteral("+ b"),
                                      QStringLiteral("+ c")}));
    }

    void manyEventsAtOnceAreTakenInTurns()
    {
        Fixture f;
        f.begin();
        f.stream().arrive(manyEvents());
        const qsizetype inOneTurn = f.told.size();
        QVERIFY(inOneTurn > 1);
        QVERIFY2(inOneTurn < howMany / 2, qPrintable(QString::number(inOneTurn)));
        f.stream().arrive(eventOf("DELETED", "last", "9000")); // waits behind them
        QCOMPARE(f.told.size(), inOneTurn);
        QTRY_COMPARE(f.told.size(), 1 + howMany + 1);
        for (int i = 0; i < howMany; ++i)
            QCOMPARE(f.told[1 + i], QStringLiteral("+ p%1").arg(i));
        QCOMPARE(f.told.last(), QStringLiteral("- last"));
    }

    void whatCameBeforeTheEndIsToldBeforeIt()
    {
        Fixture f;
        f.begin();
        f.stream().arrive(manyEvents());
        f.stream().end(fail(ErrorKind::Unavailable, QStringLiteral("cut")));
        QCOMPARE(f.lost.size(), 0);
        QTRY_COMPARE(f.lost.size(), 1);
        QCOMPARE(f.told.size(), 1 + howMany);
        f.clock.advance(800ms);
        QCOMPARE(f.http.last(), watchFrom(QString::number(firstOfMany + howMany - 1)));
    }

    void eventsThatWaitForTheirTurnAreVoidWithTheirStream()
    {
        Fixture f;
        f.begin();
        QByteArray events = manyEvents();
        events.insert(events.size() / 2, "\nno JSON\n");
        f.stream().arrive(events);
        f.answerList("20", "b");
        QTRY_COMPARE(f.lost.size(), 1);
        const qsizetype told = f.told.size();
        QVERIFY(told < howMany);
        f.clock.advance(800ms);
        QCoreApplication::processEvents();
        QCOMPARE(f.told.size(), told + 1);
        QCOMPARE(f.told.last(), QStringLiteral("= b"));
    }

    void aWatchCutInsideAnEventIsTakenUpBeforeIt()
    {
        Fixture f;
        f.begin();
        const QByteArray cut = eventOf("ADDED", "c", "12");
        f.stream().arrive(eventOf("ADDED", "b", "11") + cut.left(cut.size() / 2));
        f.stream().end(fail(ErrorKind::Unavailable, QStringLiteral("cut")));
        QCOMPARE(f.lost.size(), 1);
        QVERIFY(f.watch.trouble());
        f.clock.advance(800ms);
        QCOMPARE(f.http.last(), watchFrom(QStringLiteral("11")));
        QVERIFY(f.watch.trouble()); // asking is not yet getting
        f.stream().start();
        QCOMPARE(f.resumed.size(), 1);
        QVERIFY(!f.watch.trouble());
        // The half that came before the cut is not put before what comes now.
        f.stream().arrive(cut);
        QCOMPARE(f.told.last(), QStringLiteral("+ c"));
    }

    void aBookmarkMovesTheVersionAndTellsNothing()
    {
        Fixture f;
        f.begin();
        f.stream().arrive(eventOf("BOOKMARK", "", "57"));
        f.stream().end();
        f.clock.advance(100ms);
        QCOMPARE(f.http.last(), watchFrom(QStringLiteral("57")));
        QCOMPARE(f.told, QStringList{QStringLiteral("= a")});
        QCOMPARE(f.lost.size(), 0);
    }

    void theEndOfItsTimeIsNoLoss()
    {
        Fixture f;
        f.begin();
        f.clock.advance(300s);
        f.stream().end();
        f.clock.advance(100ms);
        QCOMPARE(f.http.last(), watchFrom(QStringLiteral("10")));
        QCOMPARE(f.lost.size(), 0);
    }

    void silenceIsNoLossOnceTheWatchWasOpen()
    {
        Fixture f;
        f.begin();
        f.clock.advance(90s);
        f.stream().end(fail(ErrorKind::TimedOut, QStringLiteral("silent")));
        QCOMPARE(f.lost.size(), 0);
        f.clock.advance(100ms);
        QCOMPARE(f.http.last(), watchFrom(QStringLiteral("10")));
        // Without even an answer it is one.
        f.clock.advance(90s);
        f.stream().end(fail(ErrorKind::TimedOut, QStringLiteral("silent")));
        QCOMPARE(f.lost.size(), 1);
    }

    void aWatchThatEndsAsSoonAsItBeginsIsNotOpenedInALoop()
    {
        Fixture f;
        f.begin();
        f.stream().end();
        QCOMPARE(f.lost.size(), 1);
        QVERIFY(f.lastLost().message.contains(QStringLiteral("proxy")));
        f.clock.advance(799ms);
        QCOMPARE(f.http.streams.size(), 1);
        f.clock.advance(1ms);
        QCOMPARE(f.http.streams.size(), 2);
    }

    void aForgottenVersionListsAnew_data()
    {
        QTest::addColumn<bool>("asEvent");
        QTest::newRow("told by an ERROR event") << true;
        QTest::newRow("told by the status") << false;
    }
    void aForgottenVersionListsAnew()
    {
        QFETCH(bool, asEvent);
        Fixture f;
        f.begin();
        f.stream().arrive(eventOf("ADDED", "b", "11"));
        const QPointer<ScriptedStream> first = &f.stream();
        if (asEvent) {
            f.stream().arrive(errorOf(410) + eventOf("ADDED", "never", "12"));
        } else {
            f.stream().end(fail(Error{
                ErrorKind::NotFound, QStringLiteral("gone"), QStringLiteral("HTTP 410\n{}"), {}}));
        }
        f.answerList("80", "c");
        f.clock.advance(800ms);
        QCOMPARE(f.http.log().mid(2), QStringList({list, watchFrom(QStringLiteral("80"))}));
        QCOMPARE(f.told.last(), QStringLiteral("= c"));
        QVERIFY(!f.told.contains(QStringLiteral("+ never")));
        QCOMPARE(f.lost.size(), 0);
        QTRY_VERIFY(!first); // the old stream is let go
    }

    void aServerThatForgetsEverythingIsAskedEverMoreSlowly()
    {
        Fixture f;
        f.begin();
        int lists = 1;
        std::chrono::milliseconds waited{0};
        for (const auto wait : {800ms, 1600ms, 3200ms}) {
            f.answerList("10");
            f.stream().arrive(errorOf(410));
            f.clock.advance(wait - 1ms);
            QCOMPARE(f.http.log().count(list), lists);
            f.clock.advance(1ms);
            QCOMPARE(f.http.log().count(list), ++lists);
            waited += wait;
        }
        QCOMPARE(waited, 5600ms);
    }

    void anotherErrorEventIsALossInItsOwnWords()
    {
        Fixture f;
        f.begin();
        f.stream().arrive(errorOf(500));
        QCOMPARE(f.lastLost().kind, ErrorKind::Unavailable);
        QVERIFY(f.lastLost().message.contains(QStringLiteral("too old")));
        f.clock.advance(800ms);
        QCOMPARE(f.http.last(), watchFrom(QStringLiteral("10")));
    }

    void anEventThatCannotBeReadIsToldAndListsAnew_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("no JSON") << QByteArray("<html>\n");
        QTest::newRow("no type") << QByteArray("{\"object\": {\"metadata\": {}}}\n");
        QTest::newRow("no object") << QByteArray("{\"type\": \"ADDED\"}\n");
    }
    void anEventThatCannotBeReadIsToldAndListsAnew()
    {
        QFETCH(QByteArray, line);
        Fixture f;
        f.begin();
        f.stream().arrive(line);
        QCOMPARE(f.lastLost().kind, ErrorKind::Malformed);
        f.answerList("80", "c");
        f.clock.advance(800ms);
        QCOMPARE(f.told.last(), QStringLiteral("= c"));
        f.stream().start();
        QVERIFY(!f.watch.trouble());
    }

    void failingTriesWaitLongerUpToHalfAMinuteAndAnEventHeals()
    {
        Fixture f;
        const Error down{ErrorKind::Unavailable, QStringLiteral("down"), {}, {}};
        f.http.scripted.answer(down);
        f.watch.start();
        QCOMPARE(f.lost.size(), 1);
        int tries = 1;
        for (const auto wait : {800ms, 1600ms, 3200ms, 6400ms, 12'800ms, 25'600ms, 30'000ms}) {
            f.http.scripted.answer(down);
            f.clock.advance(wait - 1ms);
            QCOMPARE(f.lost.size(), tries);
            f.clock.advance(1ms);
            QCOMPARE(f.lost.size(), ++tries);
        }
        f.answerList("10", "a");
        f.clock.advance(30s);
        f.stream().start();
        QVERIFY(!f.watch.trouble());
        f.stream().arrive(eventOf("ADDED", "b", "11"));
        f.stream().end(fail(down));
        f.clock.advance(800ms);
        QCOMPARE(f.http.last(), watchFrom(QStringLiteral("11")));
    }

    void aServerThatAsksToWaitIsNotAskedBefore()
    {
        Fixture f;
        f.http.scripted.answer(Error{
            ErrorKind::RateLimited, QStringLiteral("slow down"), {}, f.clock.now().addSecs(20)});
        f.watch.start();
        f.answerList("10", "a");
        f.clock.advance(19'999ms);
        QCOMPARE(f.http.log().size(), 1);
        f.clock.advance(1ms);
        QCOMPARE(f.told, QStringList{QStringLiteral("= a")});
    }

    void aWatchThatIsNotAllowedStaysInTroubleThoughListsWork()
    {
        Fixture f;
        f.answerList("10", "a");
        f.watch.start();
        f.stream().end(fail(ErrorKind::NotAllowed, QStringLiteral("you lack watch on pods")));
        QCOMPARE(f.lastLost().kind, ErrorKind::NotAllowed);
        f.clock.advance(800ms);
        f.stream().end(fail(ErrorKind::NotAllowed, QStringLiteral("you lack watch on pods")));
        QCOMPARE(f.watch.trouble()->kind, ErrorKind::NotAllowed);
        QCOMPARE(f.resumed.size(), 0);
    }

    void afterItsEndNothingComes()
    {
        StreamsHttp http;
        FakeClock clock;
        KubernetesApi api(http, clock, QUrl(QStringLiteral("https://k8s.test")));
        auto watch = std::make_unique<ObjectWatch>(
            api, clock,
            ResourcePath{QStringLiteral("api/v1"), QStringLiteral("p"), QStringLiteral("pods")},
            [] {
                return ListIntake{[](const QJsonArray &, ListIntake::Page) {},
                                  [] {
                                  }};
            });
        const ScriptedHttp::Promise held = http.scripted.hold();
        watch->start();
        watch.reset();
        ScriptedHttp::settle(held, 200, bytes(listObject({})));
        QCoreApplication::processEvents();
        QCOMPARE(http.streams.size(), 0);
    }
};

QTEST_GUILESS_MAIN(ObjectWatchTest)
#include "objectwatchtest.moc"
