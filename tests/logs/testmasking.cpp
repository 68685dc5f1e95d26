#include "logs/logstore.h"
#include "logs/masking.h"

#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

namespace {

/// Put together here, so that nobody's scanner takes this file for a leak.
QByteArray of(const char *prefix, int size, char c = 'a')
{
    return QByteArray(prefix) + QByteArray(size, c);
}

QByteArray onDisk(const QList<QByteArray> &pieces)
{
    QTemporaryDir dir;
    auto store = LogStore::create(dir.path());
    if (!store)
        return "no store";
    for (const QByteArray &piece : pieces) {
        if (!(*store)->append(piece))
            return "not written";
    }
    if (!(*store)->finish())
        return "not finished";
    QFile file((*store)->text().file->path());
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("not readable");
}

} // namespace

class TestMasking : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knownFormsAreMasked_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("masked");
        for (const char *prefix : {"ghp_", "gho_", "ghs_", "ghu_", "ghr_", "github_pat_"})
            QTest::newRow(prefix) << "x " + of(prefix, 36) + " y" << QByteArray("x *** y");
        QTest::newRow("Google") << "t=" + of("ya29.", 40) << QByteArray("t=***");
        QTest::newRow("Google API key") << of("AIza", 35) << QByteArray("***");
        QTest::newRow("AWS") << of("AKIA", 16, 'Q') + ", " + of("ASIA", 16, '7')
                             << QByteArray("***, ***");
        QTest::newRow("GitLab") << of("glpat-", 20) << QByteArray("***");
        QTest::newRow("JSON web token")
            << "jwt " + of("eyJ", 20) + '.' + of("eyJ", 30) + '.' + of("s", 30) + " end"
            << QByteArray("jwt *** end");
        QTest::newRow("bearer") << "Authorization: Bearer " + of("q", 20)
                                << QByteArray("Authorization: Bearer ***");
        QTest::newRow("basic") << QByteArray("Authorization: Basic dXNlcjpwYXNz")
                               << QByteArray("Authorization: Basic ***");
        QTest::newRow("address with a password")
            << QByteArray("postgresql://app:hunter2@db/x") << QByteArray("postgresql://***@db/x");
        QTest::newRow("address with a password as a parameter")
            << QByteArray("jdbc:postgresql://db/x?user=a&password=hunter2&ssl=true")
            << QByteArray("jdbc:postgresql://db/x?user=a&password=***&ssl=true");
        QTest::newRow("a variable's value")
            << QByteArray("DB_PASSWORD=hunter2 make") << QByteArray("DB_PASSWORD=*** make");
        QTest::newRow("AWS secret key") << QByteArray("AWS_SECRET_ACCESS_KEY=abc/def+ghi")
                                        << QByteArray("AWS_SECRET_ACCESS_KEY=***");
        QTest::newRow("JSON") << QByteArray("{\"client_secret\": \"s3cr3t\", \"a\": 1}")
                              << QByteArray("{\"client_secret\": \"***\", \"a\": 1}");
        QTest::newRow("a key written in one line")
            << QByteArray("\"-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\\n\"")
            << QByteArray("\"-----BEGIN PRIVATE KEY-----***-----END PRIVATE KEY-----\\n\"");
    }
    void knownFormsAreMasked()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, masked);
        QCOMPARE(maskTokens(text), masked);
        QCOMPARE(maskTokens(masked), masked);
    }

    void ordinaryTextStays_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("masked by GitHub") << QByteArray("token: ***  password=***");
        QTest::newRow("a variable") << QByteArray("psql --password=$PGPASSWORD");
        QTest::newRow("a word") << QByteArray("password: required; the token expires");
        QTest::newRow("an address") << QByteArray("GET https://example.org:8080/a:b@c?token");
        QTest::newRow("a hash") << QByteArray("sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
        QTest::newRow("a name with the prefix inside")
            << QByteArray("bigghp_" + QByteArray(30, 'a'));
        QTest::newRow("a count") << QByteArray("max_tokens=4096");
        QTest::newRow("bytes that are no UTF-8") << QByteArray("\xff\xfe ghp_short \xc3\xa9");
        QTest::newRow("a certificate")
            << QByteArray("-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----\n");
    }
    void ordinaryTextStays()
    {
        QFETCH(QByteArray, text);
        QCOMPARE(maskTokens(text), text);
    }

    void aPrivateKeyIsMaskedLineByLineWhereverItIsCut_data()
    {
        QTest::addColumn<int>("piece");
        QTest::newRow("byte by byte") << 1;
        QTest::newRow("in thirties") << 30;
        QTest::newRow("at once") << 10'000;
    }
    void aPrivateKeyIsMaskedLineByLineWhereverItIsCut()
    {
        QFETCH(int, piece);
        const QByteArray stamp = "2026-11-24T12:57:36.1180021Z ";
        const QByteArray text = stamp + "-----BEGIN RSA PRIVATE KEY-----\n" + stamp + of("MIIE", 60)
                                + '\n' + stamp + "short\n" + stamp
                                + "-----END RSA PRIVATE KEY-----\n" + stamp + "after\n";
        QList<QByteArray> pieces;
        for (qsizetype at = 0; at < text.size(); at += piece)
            pieces << text.mid(at, piece);
        QCOMPARE(onDisk(pieces), stamp + "-----BEGIN RSA PRIVATE KEY-----\n" + stamp + "***\n"
                                     + stamp + "***\n" + stamp + "-----END RSA PRIVATE KEY-----\n"
                                     + stamp + "after\n");
    }

    void aBlankLineInAKeyStaysALine()
    {
        const QByteArray text = "-----BEGIN PRIVATE KEY-----\n  \n ";
        QCOMPARE(onDisk({text}), text);
        QTemporaryDir folder;
        auto store = LogStore::create(folder.path());
        QVERIFY(store);
        QVERIFY((*store)->append(text));
        QCOMPARE((*store)->lineCount(), 3);
        QVERIFY((*store)->finish());
        QCOMPARE((*store)->lineCount(), 3);
    }

    void aKeyThatNeverEndsDoesNotHideTheLog()
    {
        QByteArray text = "-----BEGIN PRIVATE KEY-----\n";
        for (int i = 0; i < 300; ++i)
            text += "line\n";
        const QByteArray masked = maskTokens(text);
        QCOMPARE(masked.count('\n'), text.count('\n'));
        QVERIFY(masked.endsWith("line\nline\n"));
    }

    void aTokenCutBetweenTwoPiecesIsMasked()
    {
        const QByteArray token = of("ghp_", 36);
        for (qsizetype cut = 1; cut < token.size(); ++cut)
            QCOMPARE(onDisk({"a " + token.left(cut), token.mid(cut) + " b\n"}),
                     QByteArray("a *** b\n"));
    }

    void nothingOfATokenIsShownWhileItComes_data()
    {
        QTest::addColumn<QByteArray>("text"); ///< the secret is all that has a Z
        for (const char *prefix : {"ghp_", "gho_", "ghs_", "ghu_", "ghr_", "github_pat_", "ya29.",
                                   "AIza", "glpat-", "xoxb-"})
            QTest::newRow(prefix) << "x " + of(prefix, 35, 'Z') + " y";
        QTest::newRow("AWS") << "x=" + of("AKIA", 16, 'Z') + ", y";
        QTest::newRow("JSON web token") << "jwt " + of("eyJ", 20, 'Z') + '.' + of("eyJ", 30, 'Z')
                                               + '.' + of("Z", 30, 'Z') + " end";
        QTest::newRow("bearer") << "Authorization: Bearer " + of("", 20, 'Z') + " y";
        QTest::newRow("basic") << QByteArray("Authorization: Basic ZZZZZZZZZZ== y");
        QTest::newRow("an address") << QByteArray("to postgresql://app:Z%Z$Z!Z@db/x and on");
        QTest::newRow("a parameter") << QByteArray("jdbc:x://db/x?user=a&password=Z%Z!Z&ssl=1 on");
        QTest::newRow("a variable") << QByteArray("DB_PASSWORD=Z%Z!Z make");
        QTest::newRow("JSON") << QByteArray("{\"client_secret\": \"Z%ZZ\", \"a\": 1}");
        QTest::newRow("behind a state of progress") << "10 %\rx " + of("ghp_", 36, 'Z') + "\ry";
        QTest::newRow("behind a NUL") << QByteArray("x://a:Z\0Z\0Z@y z", 14);
        QTest::newRow("a key in one line") << QByteArray(
            "\"-----BEGIN PRIVATE KEY-----\\nZZZ ZZZ\\nZZZ\\n-----END PRIVATE KEY-----\\n\" y");
        QTest::newRow("a second key in one line")
            << QByteArray("-----BEGIN PRIVATE KEY-----\\nZZ\\n-----END PRIVATE KEY----- "
                          "-----BEGIN PRIVATE KEY-----\\nZ Z\\n-----END PRIVATE KEY----- y");
        QTest::newRow("a key") << QByteArray("-----BEGIN RSA PRIVATE KEY-----\nZZZ Z\n ZZ\n"
                                             "-----END RSA PRIVATE KEY-----\nafter");
    }
    void nothingOfATokenIsShownWhileItComes()
    {
        QFETCH(QByteArray, text);
        QTemporaryDir dir;
        auto store = LogStore::create(dir.path());
        QVERIFY(store);
        for (const char byte : text) {
            QVERIFY((*store)->append(QByteArray(1, byte)));
            const QByteArray shown = (*store)->line((*store)->lineCount() - 1);
            QVERIFY2(!shown.contains('Z'), shown.constData());
        }
        const QByteArray open = (*store)->line((*store)->lineCount() - 1);
        QVERIFY((*store)->finish());
        QCOMPARE((*store)->line((*store)->lineCount() - 1), open);
    }

    void whatCanBeNoTokenIsShownAtOnce_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("dots of a test")
            << QByteArray("tests/test_a.py ......") << QByteArray("tests/test_a.py ......");
        QTest::newRow("a percentage") << QByteArray("10 %\r45") << QByteArray("10 %\r45");
        QTest::newRow("the begin of an address waits for its end")
            << QByteArray("see https://example.o") << QByteArray("see ");
        QTest::newRow("an address that is whole")
            << QByteArray("see https://example.org 4") << QByteArray("see https://example.org 4");
        QTest::newRow("a word that is a sign")
            << QByteArray("token: required") << QByteArray("token: required");
    }
    void whatCanBeNoTokenIsShownAtOnce()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, shown);
        QCOMPARE(TokenMasker().maskOpen(text), shown);
    }

    void aTokenAcrossTheCutOfAnEndlessLineIsMasked()
    {
        const QByteArray filler = QByteArray((1 << 20) - 10, ' ');
        const QByteArray token = of("ghp_", 36);
        const QByteArray written = onDisk({filler + token.left(20), token.mid(20) + " rest"});
        QVERIFY(!written.contains("ghp_"));
        QVERIFY(written.endsWith("*** rest"));
    }
};

QTEST_GUILESS_MAIN(TestMasking)
#include "testmasking.moc"
