#include "release/things/thinglink.h"

#include <QTest>

using namespace pilothouse;

namespace {

const QString sha(40, QLatin1Char('c'));

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

Thing thing(Thing::Kind kind, const QString &id = {}, const QString &within = {})
{
    return {kind, id, within, {}, {}};
}

} // namespace

class TestThingLink final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aLinkIsReadBackAsItWasWritten_data()
    {
        QTest::addColumn<QString>("workspace");
        QTest::addColumn<Thing>("meant");
        QTest::addColumn<QString>("link");
        const auto row = [](const char *name, const QString &workspace, const Thing &meant,
                            const QString &link) {
            QTest::newRow(name) << workspace << meant << link;
        };
        const QString shop = t("shop");
        using Kind = Thing::Kind;
        row("commit", shop, thing(Kind::Commit, sha), t("pilothouse://shop/commit/") + sha);
        row("run", shop, thing(Kind::Run, t("7012")), t("pilothouse://shop/run/7012"));
        row("job", shop, thing(Kind::Job, t("5"), t("7012")),
            t("pilothouse://shop/run/7012/job/5"));
        row("build", shop, thing(Kind::Build, t("3f2a-9c"), sha),
            t("pilothouse://shop/commit/%1/build/3f2a-9c").arg(sha));
        row("track", shop, thing(Kind::Track, t("standalone")),
            t("pilothouse://shop/track/standalone"));
        row("revision", shop, thing(Kind::Revision, t("web-00057-xil"), t("coditect")),
            t("pilothouse://shop/track/coditect/revision/web-00057-xil"));
        row("pod", shop, thing(Kind::Pod, t("web-6c9f-x2kq"), t("standalone")),
            t("pilothouse://shop/track/standalone/pod/web-6c9f-x2kq"));
        row("alert", shop, thing(Kind::Alert, t("HighErrorRatio")),
            t("pilothouse://shop/alert/HighErrorRatio"));
        row("change", shop, thing(Kind::Change, t("org-id")), t("pilothouse://shop/change/org-id"));
        row("change in a database", shop, thing(Kind::Change, t("org-id"), t("context")),
            t("pilothouse://shop/change/org-id/database/context"));
        row("workload", shop, thing(Kind::Workload, t("celery worker")),
            t("pilothouse://shop/live/celery%20worker"));
        row("on call", shop, thing(Kind::OnCall), t("pilothouse://shop/oncall"));
        row("history", shop, thing(Kind::History), t("pilothouse://shop/history"));
        row("a name of any letters", t("Straße 5/7 <ä>"), thing(Kind::Track, t("a/b?c#d%20 \"x\"")),
            t("pilothouse://Stra%C3%9Fe%205%2F7%20%3C%C3%A4%3E/track/"
              "a%2Fb%3Fc%23d%2520%20%22x%22"));
    }
    void aLinkIsReadBackAsItWasWritten()
    {
        QFETCH(QString, workspace);
        QFETCH(Thing, meant);
        QFETCH(QString, link);
        QCOMPARE(linkTo(workspace, meant), link);
        const Result<ThingLink> read = parseLink(link);
        QVERIFY2(read, read ? "" : qPrintable(read.error().message));
        QCOMPARE(*read, (ThingLink{workspace, meant}));
    }

    void wordsAndHowItDoesAreNoPartOfALink()
    {
        Thing told = thing(Thing::Kind::Run, t("1"));
        told.words = t("ci.yml run 1");
        told.tells = t("failed");
        QCOMPARE(linkTo(t("shop"), told), t("pilothouse://shop/run/1"));
    }

    void aThingThatLacksANameLeadsToItsWorkspace()
    {
        const QString link = linkTo(t("shop"), thing(Thing::Kind::Pod, t("web-1")));
        QCOMPARE(link, t("pilothouse://shop"));
        QCOMPARE(parseLink(link)->thing, thing(Thing::Kind::Workspace));
    }

    void whatADesktopMakesOfALinkIsUnderstood()
    {
        const ThingLink run{t("shop"), thing(Thing::Kind::Run, t("7"))};
        QCOMPARE(*parseLink(t("  PilotHouse://shop/run/7/ \n")), run);
        QCOMPARE(parseLink(t("pilothouse://shop/"))->thing.kind, Thing::Kind::Workspace);
        QCOMPARE(parseLink(t("pilothouse://shop/commit/C41D77E"))->thing.id, t("c41d77e"));
    }

    void aHostileLinkIsRefusedInASentence_data()
    {
        QTest::addColumn<QString>("link");
        const auto row = [](const char *name, const QString &link) {
            QTest::newRow(name) << link;
        };
        row("empty", {});
        row("of the web", t("https://shop/run/7"));
        row("no slashes", t("pilothouse:shop/run/7"));
        row("no workspace", t("pilothouse:///run/7"));
        row("nothing at all", t("pilothouse://"));
        row("too long", t("pilothouse://shop/track/") + QString(5000, QLatin1Char('a')));
        row("a name too long", t("pilothouse://shop/track/") + QString(300, QLatin1Char('a')));
        row("what acts", t("pilothouse://shop/rollback/standalone"));
        row("an action behind", t("pilothouse://shop/track/standalone/promote/100"));
        row("a query", t("pilothouse://shop/run/7?confirm=50"));
        row("a fragment", t("pilothouse://shop/run/7#x"));
        row("a user", t("pilothouse://me:secret@shop/run/7"));
        row("up", t("pilothouse://shop/track/../run"));
        row("up, encoded", t("pilothouse://shop/track/%2E%2E"));
        row("empty in the middle", t("pilothouse://shop//run/7"));
        row("only blanks", t("pilothouse://shop/track/%20%20"));
        row("a zero", t("pilothouse://shop/track/a%00b"));
        row("a new line", t("pilothouse://shop/track/a%0Ab"));
        row("turned around", t("pilothouse://shop/track/%E2%80%AEevil"));
        row("no UTF-8", t("pilothouse://shop/track/%C3%28"));
        row("half a percent", t("pilothouse://shop/track/a%4"));
        row("raw letters", t("pilothouse://shop/track/ä"));
        row("raw blank", t("pilothouse://shop/track/a b"));
        row("markup", t("pilothouse://shop/track/<b>x</b>"));
        row("short SHA", t("pilothouse://shop/commit/c41d77"));
        row("long SHA", t("pilothouse://shop/commit/") + QString(41, QLatin1Char('c')));
        row("no SHA", t("pilothouse://shop/commit/HEAD"));
        row("a branch", t("pilothouse://shop/commit/-delete"));
        row("no number", t("pilothouse://shop/run/7x"));
        row("a number too large", t("pilothouse://shop/run/99999999999999999999"));
        row("zero", t("pilothouse://shop/run/0"));
        row("below zero", t("pilothouse://shop/run/-7"));
        row("a job that is none", t("pilothouse://shop/run/7/job/x"));
        row("a job alone", t("pilothouse://shop/job/5"));
        row("more behind", t("pilothouse://shop/run/7/job/5/step/2"));
        row("a word alone", t("pilothouse://shop/run"));
        row("a value too many", t("pilothouse://shop/oncall/now"));
        row("another case", t("pilothouse://shop/RUN/7"));
    }
    void aHostileLinkIsRefusedInASentence()
    {
        QFETCH(QString, link);
        const Result<ThingLink> read = parseLink(link);
        QVERIFY(!read);
        QCOMPARE(read.error().kind, ErrorKind::BadInput);
        const QString said = read.error().message;
        QVERIFY2(said.endsWith(QLatin1Char('.')), qPrintable(said));
        QVERIFY2(said.size() < 250, qPrintable(said));
        for (const QChar sign : said)
            QVERIFY2(sign.isPrint(), qPrintable(said));
    }

    void anyBytesAreReadWithoutHarm()
    {
        quint32 state = 20261124;
        const auto next = [&state](quint32 below) {
            state = state * 1664525u + 1013904223u;
            return (state >> 8) % below;
        };
        const QString alphabet = t("abc019/%:.-_~?#@ <ä\n\u202e") + QChar(0) + t("commit/run/job");
        for (int i = 0; i < 20'000; ++i) {
            QString link = t("pilothouse://");
            for (quint32 n = next(40); n > 0; --n)
                link += alphabet[next(quint32(alphabet.size()))];
            const Result<ThingLink> read = parseLink(link);
            if (read) // what is taken is written the same way again
                QCOMPARE(*parseLink(linkTo(read->workspace, read->thing)), *read);
        }
    }

    void aForeignTextMayStandInASentence()
    {
        QCOMPARE(quotable(t("a\u202e\u0007b\nc")), t("a b c"));
        const QString cut = quotable(QString(500, QLatin1Char('x')));
        QCOMPARE(cut.size(), 60);
        QVERIFY(cut.endsWith(QChar(0x2026)));
    }
};

QTEST_GUILESS_MAIN(TestThingLink)
#include "testthinglink.moc"
