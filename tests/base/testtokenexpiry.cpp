#include "base/tokenexpiry.h"

#include <QTest>

using namespace pilothouse;

namespace {

Secret webToken(const QByteArray &claims)
{
    return Secret("eyJhbGciOiJub25lIn0."
                  + claims.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals)
                  + ".c2ln");
}

} // namespace

class TestTokenExpiry : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aWebTokenTellsItsEnd()
    {
        QCOMPARE(expiryOf(webToken(R"({"sub": "console", "exp": 1795557600})")),
                 QDateTime::fromSecsSinceEpoch(1795557600, Qt::UTC));
    }

    void whatDoesNotTellHasNone_data()
    {
        QTest::addColumn<QByteArray>("token");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("opaque") << QByteArray("ghp_0123456789");
        QTest::newRow("three words") << QByteArray("a.b.c");
        QTest::newRow("no end") << webToken(R"({"sub": "console"})").expose();
        QTest::newRow("an end in words") << webToken(R"({"exp": "soon"})").expose();
        QTest::newRow("not base64") << QByteArray("e30.!!!!.c2ln");
    }

    void whatDoesNotTellHasNone()
    {
        QFETCH(QByteArray, token);
        QVERIFY(!expiryOf(Secret(token)).isValid());
    }
};

QTEST_GUILESS_MAIN(TestTokenExpiry)
#include "testtokenexpiry.moc"
