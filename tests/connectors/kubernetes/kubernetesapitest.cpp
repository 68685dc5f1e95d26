#include "connectors/kubernetes/kubernetesapi.h"

#include "clusterobjects.h"
#include "streamshttp.h"
#include "support/await.h"
#include "support/fakeclock.h"

#include <QSemaphore>
#include <QTest>
#include <QThread>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

const ResourcePath pods{QStringLiteral("api/v1"), QStringLiteral("production"),
                        QStringLiteral("pods")};

QByteArray pageOf(const QByteArray &name, const QByteArray &next)
{
    return "{\"metadata\": {\"resourceVersion\": \"10\", \"continue\": \"" + next
           + "\"}, \"items\": [{\"metadata\": {\"name\": \"" + name + "\"}}]}";
}

/// One page, too large to be taken in at once.
QByteArray largePage()
{
    QJsonArray items;
    for (int i = 0; i < 1'000; ++i) {
        QJsonObject object = parsed("{'metadata': {}}");
        items.append(with(object, "metadata.name", QString(200, QLatin1Char('n'))));
    }
    return bytes(listObject(items, "10"));
}

} // namespace

class KubernetesApiTest : public QObject
{
    Q_OBJECT

private:
    struct Fixture
    {
        StreamsHttp http;
        FakeClock clock;
        KubernetesApi api{http, clock, QUrl(QStringLiteral("https://k8s.test/k8s/clusters/c-1/"))};
        QObject context;
        QStringList names;        ///< that a list brought
        QList<QThread *> threads; ///< that took a page
        int kept = 0;

        /// Writes to this fixture from whichever thread takes a page; nobody looks before its end.
        [[nodiscard]] ListIntake intake()
        {
            return {[this](const QJsonArray &objects, ListIntake::Page page) {
                        if (page == ListIntake::Page::First)
                            names.clear();
                        for (const QJsonValue each : objects)
                            names << nameOf(each.toObject());
                        threads << QThread::currentThread();
                    },
                    [this] {
                        ++kept;
                    }};
        }
        Result<KubernetesApi::Answer> list() { return await(api.list(pods, intake(), &context)); }
        Result<KubernetesApi::Answer> patch(int status, const QByteArray &body)
        {
            http.scripted.answer(status, body);
            return await(api.patch(pods.object(QStringLiteral("p")),
                                   {parsed("{'op': 'test', 'path': '/a', 'value': 1}")}, &context));
        }
    };

private Q_SLOTS:
    void aListIsReadPageByPage()
    {
        Fixture f;
        f.http.scripted.answer(200, pageOf("a", "more+of=it/"));
        f.http.scripted.answer(200, pageOf("b", ""));
        const auto list = f.list();
        QVERIFY2(list, qPrintable(list ? QString() : list.error().message));
        QCOMPARE(f.names, QStringList({QStringLiteral("a"), QStringLiteral("b")}));
        const QString base = QStringLiteral("/k8s/clusters/c-1/api/v1/namespaces/production/pods");
        QCOMPARE(f.http.scripted.requests[0].url.path(), base);
        QCOMPARE(f.http.scripted.requests[0].url.query(), QStringLiteral("limit=500"));
        QCOMPARE(f.http.scripted.requests[1].url.query(QUrl::FullyEncoded),
                 QStringLiteral("limit=500&continue=more%2Bof%3Dit%2F"));
    }

    void aListOfMetadataSelectsByLabelOnEveryPage()
    {
        Fixture f;
        f.http.scripted.answer(200, pageOf("a", "next"));
        f.http.scripted.answer(200, pageOf("b", ""));
        const auto list
            = await(f.api.listMetadata(pods, QStringLiteral("owner=helm,name=web"), &f.context));
        QVERIFY(list);
        for (const HttpRequest &request : std::as_const(f.http.scripted.requests)) {
            QVERIFY2(request.url.query(QUrl::FullyEncoded)
                         .startsWith(QStringLiteral("labelSelector=owner%3Dhelm%2Cname%3Dweb&")),
                     qPrintable(request.url.query(QUrl::FullyEncoded)));
            QVERIFY(ScriptedHttp::header(request, "Accept")
                        .startsWith("application/json;as=PartialObjectMetadataList"));
        }
        QCOMPARE(f.http.scripted.requests.size(), 2);
    }

    void aListThatExpiresWhileItIsPagedIsReadInOnePiece()
    {
        Fixture f;
        f.http.scripted.answer(200, pageOf("a", "next"));
        f.http.scripted.answer(410, "{\"message\": \"too old\"}");
        f.http.scripted.answer(200, pageOf("c", ""));
        QVERIFY(f.list());
        QCOMPARE(f.names, QStringList{QStringLiteral("c")}); // the page before is void
        QVERIFY(!f.http.scripted.requests[2].url.hasQuery()
                || f.http.scripted.requests[2].url.query().isEmpty());
    }

    void aLargePageIsTakenBesideTheEventLoop()
    {
        Fixture f;
        f.http.scripted.answer(200, pageOf("a", "more"));
        f.http.scripted.answer(200, largePage());
        const auto list = f.list();
        QVERIFY2(list, qPrintable(list ? QString() : list.error().message));
        QCOMPARE(f.names.size(), 1'001);
        QCOMPARE(f.names.first(), QStringLiteral("a"));
        QCOMPARE(f.threads.size(), 2);
        QCOMPARE(f.threads.first(), thread());
        QVERIFY(f.threads.last() != thread());
        QVERIFY(!list->object.contains(QLatin1String("items")));
        QCOMPARE(f.kept, 0); // that is for the asker to say
    }

    void aLargePageThatCannotBeReadIsMalformed()
    {
        Fixture f;
        f.http.scripted.answer(200, largePage().chopped(1));
        const auto list = f.list();
        QVERIFY(!list);
        QCOMPARE(list.error().kind, ErrorKind::Malformed);
        QVERIFY(f.names.isEmpty());
    }

    void whoeverAsksMayGoWhileALargePageIsTaken()
    {
        StreamsHttp http;
        FakeClock clock;
        QSemaphore begun;
        QSemaphore mayGoOn;
        const ListIntake intake{[&](const QJsonArray &, ListIntake::Page) {
                                    begun.release();
                                    mayGoOn.acquire();
                                },
                                [] {
                                    QFAIL("nobody is there to keep it");
                                }};
        {
            KubernetesApi api(http, clock, QUrl(QStringLiteral("https://k8s.test")));
            auto asker = std::make_unique<QObject>();
            http.scripted.answer(200, largePage());
            const auto list = api.list(pods, intake, asker.get());
            begun.acquire();
            asker.reset();
            mayGoOn.release();
            QTRY_VERIFY(list.isFinished());
            QVERIFY(list.isCanceled());
        }
        QCOMPARE(http.log().size(), 1);
    }

    void anAnswerThatIsNoListIsMalformed_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("a page of a proxy") << QByteArray("<html>Sign in</html>");
        QTest::newRow("an array") << QByteArray("[]");
        QTest::newRow("an object without a version") << QByteArray("{\"items\": []}");
    }
    void anAnswerThatIsNoListIsMalformed()
    {
        QFETCH(QByteArray, body);
        Fixture f;
        f.http.scripted.answer(200, body);
        const auto list = f.list();
        QVERIFY(!list);
        QCOMPARE(list.error().kind, ErrorKind::Malformed);
    }

    void aPatchGoesOutOnceAndStrictly()
    {
        Fixture f;
        QVERIFY(f.patch(200, "{}"));
        const HttpRequest &request = f.http.scripted.requests.last();
        QCOMPARE(request.method, QByteArray("PATCH"));
        QCOMPARE(request.contentType, QByteArray("application/json-patch+json"));
        QCOMPARE(request.url.query(),
                 QStringLiteral("fieldManager=pilothouse&fieldValidation=Strict"));
        QVERIFY(request.repeat == HttpRequest::Repeat::Never);
        QCOMPARE(QJsonDocument::fromJson(request.body).array(),
                 QJsonArray{parsed("{'op': 'test', 'path': '/a', 'value': 1}")});
    }

    void aMergePatchGoesOutOnceAndStrictly()
    {
        Fixture f;
        const QJsonObject body = parsed("{'metadata': {'resourceVersion': '7'}, 'a': null}");
        f.http.scripted.answer(200, "{}");
        QVERIFY(await(f.api.mergePatch(pods.object(QStringLiteral("p")), body, &f.context)));
        const HttpRequest &request = f.http.scripted.requests.last();
        QCOMPARE(request.method, QByteArray("PATCH"));
        QCOMPARE(request.contentType, QByteArray("application/merge-patch+json"));
        QCOMPARE(request.url.query(),
                 QStringLiteral("fieldManager=pilothouse&fieldValidation=Strict"));
        QVERIFY(request.repeat == HttpRequest::Repeat::Never);
        QCOMPARE(QJsonDocument::fromJson(request.body).object(), body);
        // It applies to whatever is there: only its version can conflict.
        f.http.scripted.answer(422, "{\"details\": {}}");
        QCOMPARE(await(f.api.mergePatch(pods.object(QStringLiteral("p")), body, &f.context))
                     .error()
                     .kind,
                 ErrorKind::BadInput);
        f.http.scripted.answer(409, "{}");
        QCOMPARE(await(f.api.mergePatch(pods.object(QStringLiteral("p")), body, &f.context))
                     .error()
                     .kind,
                 ErrorKind::Conflict);
    }

    void aTrialChangesNothing()
    {
        Fixture f;
        f.http.scripted.answer(200, "{}");
        QVERIFY(await(f.api.patch(pods.object(QStringLiteral("p")), {}, &f.context,
                                  KubernetesApi::Write::Trial)));
        QCOMPARE(f.http.scripted.requests.last().url.query(),
                 QStringLiteral("fieldManager=pilothouse&fieldValidation=Strict&dryRun=All"));
    }

    void whatDoesNotApplyIsAConflict_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("kind");
        const auto row = [](const char *name, int status, const QByteArray &body, ErrorKind kind) {
            QTest::newRow(name) << status << bytes(parsed(body)) << int(kind);
        };
        // The real server does not say which operation failed.
        row("a failed test", 422,
            "{'kind': 'Status', 'reason': 'Invalid', 'details': {}, 'code': 422, 'message':"
            " 'the server rejected our request due to an error in our request'}",
            ErrorKind::Conflict);
        row("an object that was modified meanwhile", 409, "{'reason': 'Conflict', 'code': 409}",
            ErrorKind::Conflict);
        row("an object that would not be valid", 422,
            "{'message': 'HTTPRoute web is invalid', 'reason': 'Invalid', 'code': 422,"
            " 'details': {'causes': [{'field': 'weight'}]}}",
            ErrorKind::BadInput);
        row("an unknown field", 400, "{'message': 'strict decoding error'}", ErrorKind::BadInput);
        row("no right", 403, "{}", ErrorKind::NotAllowed);
    }
    void whatDoesNotApplyIsAConflict()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(int, kind);
        Fixture f;
        const auto answer = f.patch(status, body);
        QVERIFY(!answer);
        QCOMPARE(int(answer.error().kind), kind);
        QCOMPARE(f.http.scripted.requests.size(), 1);
    }

    void anObjectWithoutANameIsNone()
    {
        Fixture f;
        f.http.scripted.answer(200, "{}");
        const auto answer = await(f.api.get(pods.object(QStringLiteral("web")), &f.context));
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::Malformed);
    }

    void whatIsNotThereTheServerItselfSays_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("isNotThere");
        QTest::newRow("the server") << 404 << QByteArray(R"({"kind": "Status"})") << true;
        QTest::newRow("a proxy") << 404 << QByteArray("<html>no such page</html>") << false;
        QTest::newRow("it may not be seen") << 403 << QByteArray(R"({"kind": "Status"})") << false;
    }
    void whatIsNotThereTheServerItselfSays()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        Fixture f;
        f.http.scripted.answer(status, body);
        const auto answer = await(f.api.get(pods.object(QStringLiteral("web")), &f.context));
        QVERIFY(!answer);
        QTEST(isNotThere(answer.error()), "isNotThere");
    }

    void aReadingHasTheServersTimeAndOurs()
    {
        Fixture f;
        f.clock.advance(3s);
        f.http.scripted.answer(200, R"({"metadata": {"name": "web"}})");
        const auto answer = await(f.api.get(pods.object(QStringLiteral("web")), &f.context));
        QVERIFY(answer);
        const Reading<int> reading = answer->reading(7);
        QCOMPARE(reading.value, 7);
        QCOMPARE(reading.source, QStringLiteral("Kubernetes"));
        QVERIFY(reading.serverAt.isValid());
        QCOMPARE(reading.receivedSinceBoot.count(), f.clock.sinceBoot().count());
        f.clock.advance(5s);
        QCOMPARE(reading.age(f.clock).count(), 5000);
    }

    void watchesEndAtDifferentTimes()
    {
        Fixture f;
        QSet<QString> times;
        for (int i = 0; i < 20; ++i) {
            const auto stream = f.api.watch(pods, QStringLiteral("5"));
            const QUrlQuery query(f.http.scripted.requests.last().url);
            const int seconds = query.queryItemValue(QStringLiteral("timeoutSeconds")).toInt();
            QVERIFY(seconds >= 300 && seconds <= 600);
            times.insert(QString::number(seconds));
        }
        QVERIFY(times.size() > 1);
        QVERIFY(f.http.scripted.requests.last().timeout > 60s); // bookmarks come once a minute
    }

    void anAnswerAfterTheEndOfItsContextIsDropped()
    {
        Fixture f;
        auto context = std::make_unique<QObject>();
        const auto held = f.http.scripted.hold();
        const auto future = f.api.get(QStringLiteral("/version"), context.get());
        context.reset();
        ScriptedHttp::settle(held, 200, "{}");
        QCOMPARE(await(future).error().kind, ErrorKind::Cancelled);
    }
};

QTEST_GUILESS_MAIN(KubernetesApiTest)
#include "kubernetesapitest.moc"
