#include "release/things/chatline.h"

#include <QTest>

using namespace pilothouse;

namespace {

const QString ownLink = QStringLiteral("pilothouse://shop/commit/c41d77e");

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

QString lineOf(const char *words, const char *address, const char *tells = "",
               const char *command = "")
{
    const Thing thing{Thing::Kind::Commit, t("c41d77e"), {}, t(words), t(tells)};
    return chatLine(thing, {t("GitHub"), QUrl(t(address)), t(command), {}}, ownLink);
}

/// A form of tokens, put together here so that no whole one stands in a file.
QString token()
{
    return t("ghp_") + QString(36, QLatin1Char('a'));
}

} // namespace

class TestChatLine final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theVendorsAddressComesFirstAndOursSecond()
    {
        QCOMPARE(lineOf("c41d77e Scope search", "https://github.com/o/r/commit/c41d77e",
                        "candidate at 10 %"),
                 t("[c41d77e Scope search](https://github.com/o/r/commit/c41d77e)"
                   " · candidate at 10 % · <pilothouse://shop/commit/c41d77e>"));
    }

    void whatHasNoPageIsToldWithItsCommand()
    {
        QCOMPARE(lineOf("pod web-1", "", "", "kubectl -n p describe pod web-1"),
                 t("pod web-1 · `kubectl -n p describe pod web-1` · "
                   "<pilothouse://shop/commit/c41d77e>"));
        QCOMPARE(lineOf("on call", ""), t("on call · <pilothouse://shop/commit/c41d77e>"));
    }

    void withAPageTheCommandIsNotNeeded()
    {
        QVERIFY(!lineOf("coditect", "https://console.cloud.google.com/run", "", "gcloud run x")
                     .contains(t("gcloud")));
    }

    void anAddressOfThisMachineSaysNothingToOthers()
    {
        const QString line = lineOf("alert A", "http://127.0.0.1:9090/alerts?search=A");
        QCOMPARE(line, t("alert A · <pilothouse://shop/commit/c41d77e>"));
        QVERIFY(lineOf("alert A", "http://prometheus.example/alerts").contains(t("](http://")));
        QVERIFY(!lineOf("alert A", "javascript:alert(1)").contains(t("javascript")));
        QVERIFY(!lineOf("alert A", "file:///etc/passwd").contains(t("file:")));
    }

    void wordsShowAsTheyAre_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("markdown");
        const auto row = [](const char *name, const char *words, const char *markdown) {
            QTest::newRow(name) << t(words) << t(markdown);
        };
        row("plain", "Scope search by organization (#418)", "Scope search by organization (#418)");
        row("emphasis", "*a* _b_ ~c~", "\\*a\\* \\_b\\_ \\~c\\~");
        row("code", "`rm`", "\\`rm\\`");
        row("a link that closes ours", "x](https://evil.example) [y",
            "x\\](https://evil.example) \\[y");
        row("a tag", "<img src=x>", "\\<img src=x\\>");
        row("an entity", "&lt; &#60; R&D &", "\\&lt; \\&#60; R&D &");
        row("a backslash", "a\\b\\", "a\\\\b\\\\");
        row("a table", "a|b", "a\\|b");
        row("a heading", "# big", "\\# big");
        row("a list", "- one", "\\- one");
        row("a numbered list", "1. one", "1\\. one");
        row("a quotation", "> said", "\\> said");
        row("a number within", "took 1.5 s - ok", "took 1.5 s - ok");
        row("lines", "one\ntwo\r\n\tthree\u2028four", "one two three four");
        row("turned around", "a\u202egnp.exe\u202c", "agnp.exe");
        row("invisible", "a\u200bb\ufeffc", "abc");
        row("a bell", "a\u0007b", "a b");
    }
    void wordsShowAsTheyAre()
    {
        QFETCH(QString, words);
        QFETCH(QString, markdown);
        QCOMPARE(chatText(words), markdown);
    }

    void aCommandWithBackticksStaysCode()
    {
        QCOMPARE(lineOf("x", "", "", "echo `` `a`"),
                 t("x · ``` echo `` `a` ``` · <pilothouse://shop/commit/c41d77e>"));
    }

    void bracketsInAnAddressDoNotEndIt()
    {
        QVERIFY(
            lineOf("x", "https://github.com/a(b)c").contains(t("(https://github.com/a%28b%29c)")));
    }

    void nothingThatLooksLikeATokenIsToldToAnybody_data()
    {
        QTest::addColumn<Thing>("thing");
        QTest::addColumn<VendorPage>("page");
        QTest::addColumn<QString>("own");
        const Thing plain{Thing::Kind::Commit, t("c"), {}, t("words"), {}};
        const VendorPage none;
        Thing said = plain;
        said.words = t("remove ") + token();
        QTest::newRow("words") << said << none << ownLink;
        said = plain;
        said.tells = t("curl -H 'Authorization: Bearer %1'").arg(token());
        QTest::newRow("how it does") << said << none << ownLink;
        said = plain;
        said.words
            = t("-----BEGIN PRIVATE KEY-----\n") + token() + t("\n-----END PRIVATE KEY-----");
        QTest::newRow("a key over lines") << said << none << ownLink;
        QTest::newRow("command") << plain << VendorPage{{}, {}, t("kubectl --token ") + token(), {}}
                                 << ownLink;
        QTest::newRow("a user in the address")
            << plain << VendorPage{{}, QUrl(t("https://%1:x@example.com/").arg(token())), {}, {}}
            << ownLink;
        QTest::newRow("a query of the address")
            << plain
            << VendorPage{{}, QUrl(t("https://example.com/?access_token=%1").arg(token())), {}, {}}
            << ownLink;
        QTest::newRow("our own link") << plain << none << t("pilothouse://shop/track/") + token();
    }
    void nothingThatLooksLikeATokenIsToldToAnybody()
    {
        QFETCH(Thing, thing);
        QFETCH(VendorPage, page);
        QFETCH(QString, own);
        const QString line = chatLine(thing, page, own);
        QVERIFY2(!line.contains(token()), qPrintable(line));
        QVERIFY2(!line.contains(QString(20, QLatin1Char('a'))), qPrintable(line));
    }

    void itIsAlwaysOneLineOfBearableLength()
    {
        const QByteArray longLine(5000, 'x');
        const QString line = lineOf(longLine + "\n\n" + longLine, "", longLine);
        QVERIFY(!line.contains(QLatin1Char('\n')));
        QVERIFY(line.size() < 1000);
        QVERIFY(line.contains(QChar(0x2026)));
    }
};

QTEST_GUILESS_MAIN(TestChatLine)
#include "testchatline.moc"
