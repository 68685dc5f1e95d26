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
