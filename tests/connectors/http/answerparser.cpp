#include "connectors/http/answerparser.h"

#include <QTest>

using namespace pilothouse;

using Phase = AnswerParser::Phase;

class TestAnswerParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersEndWhereTheySay_data();
    void answersEndWhereTheySay();
    void headersAreLowerCaseAndTrimmed();
    void theBodyComesAsItArrives();
    void aConnectionIsKeptWhereBothEndsAgree_data();
    void aConnectionIsKeptWhereBothEndsAgree();
};

void TestAnswerParser::answersEndWhereTheySay_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("phase");  // before the connection ends
    QTest::addColumn<int>("closed"); // after
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char *name, const QByteArray &answer, Phase phase, Phase closed,
                        const QByteArray &body) {
        QTest::newRow(name) << answer << int(phase) << int(closed) << body;
    };
    const QByteArray ok = "HTTP/1.1 200 OK\r\n";
    const QByteArray chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
    row("a whole body", ok + "Content-Length: 5\r\n\r\nhello", Phase::Done, Phase::Done, "hello");
    row("a body of nothing", ok + "Content-Length: 0\r\n\r\n", Phase::Done, Phase::Done, "");
    row("a short body is cut", ok + "Content-Length: 9\r\n\r\nhello", Phase::Body, Phase::Cut,
        "hello");
    row("what comes after the length does not count", ok + "Content-Length: 5\r\n\r\nhello world",
        Phase::Done, Phase::Done, "hello");
    row("chunks with the last one", chunked + "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", Phase::Done,
        Phase::Done, "hello!");
    row("chunks with extensions and trailers",
        chunked + "5;name=x\r\nhello\r\n0\r\nDigest: y\r\n\r\n", Phase::Done, Phase::Done, "hello");
    row("chunks in hexadecimal", chunked + "A\r\n0123456789\r\n0\r\n\r\n", Phase::Done, Phase::Done,
        "0123456789");
    row("chunks cut between two", chunked + "5\r\nhello\r\n", Phase::Body, Phase::Cut, "hello");
    row("chunks cut within one", chunked + "5\r\nhel", Phase::Body, Phase::Cut, "hel");
    row("chunks cut before the trailer's end", chunked + "5\r\nhello\r\n0\r\n", Phase::Body,
        Phase::Cut, "hello");
    row("a chunk without a size", chunked + "size\r\nhello\r\n", Phase::Garbled, Phase::Garbled,
        "");
    row("no length: the end of the connection ends it", ok + "\r\nhello", Phase::Body, Phase::Done,
        "hello");
    row("not modified has no body", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
        Phase::Done, Phase::Done, "");
    row("an interim answer is skipped",
        "HTTP/1.1 100 Continue\r\n\r\n" + ok + "Content-Length: 2\r\n\r\nok", Phase::Done,
        Phase::Done, "ok");
    row("a head that is cut", "HTTP/1.1 200 OK\r\nContent-Le", Phase::Head, Phase::Cut, "");
    row("nothing", "", Phase::Head, Phase::Cut, "");
    row("another protocol", "SSH-2.0-OpenSSH_9.2\r\n\r\n", Phase::Garbled, Phase::Garbled, "");
    row("a status that is none", "HTTP/1.1 abc\r\n\r\n", Phase::Garbled, Phase::Garbled, "");
    row("a length that is none", ok + "Content-Length: -4\r\n\r\n", Phase::Garbled, Phase::Garbled,
        "");
    row("a head without end", ok + QByteArray(300 * 1024, 'x'), Phase::Garbled, Phase::Garbled, "");
}

void TestAnswerParser::answersEndWhereTheySay()
{
    QFETCH(QByteArray, answer);
    QFETCH(int, phase);
    QFETCH(int, closed);
    QFETCH(QByteArray, body);

    // However the bytes are cut on the way.
    for (const qsizetype piece : {qsizetype(1), qsizetype(7), answer.size() + 1}) {
        AnswerParser parser;
        QByteArray got;
        for (qsizetype at = 0; at < answer.size(); at += piece) {
            parser.feed(answer.mid(at, piece));
            got += parser.takeBody();
        }
        QCOMPARE(int(parser.phase()), phase);
        parser.close();
        QCOMPARE(int(parser.phase()), closed);
        QCOMPARE(got, body);
    }
}

void TestAnswerParser::headersAreLowerCaseAndTrimmed()
{
    AnswerParser parser;
    parser.feed("HTTP/1.1 404 Not Found\r\nX-Thing:  a: b \r\nEmpty:\r\n\r\n");
    QCOMPARE(parser.status(), 404);
    const HttpHeaders expected{{"x-thing", "a: b"}, {"empty", ""}};
    QVERIFY(parser.headers() == expected);
}

void TestAnswerParser::theBodyComesAsItArrives()
{
    AnswerParser parser;
    parser.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
    QCOMPARE(parser.takeBody(), QByteArray("hel"));
    QCOMPARE(parser.takeBody(), QByteArray());
    parser.feed("lo\r\n");
    QCOMPARE(parser.takeBody(), QByteArray("lo"));
}

void TestAnswerParser::aConnectionIsKeptWhereBothEndsAgree_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("keeps");
    const QByteArray whole = "Content-Length: 2\r\n\r\n{}";
    QTest::newRow("a whole answer") << "HTTP/1.1 200 OK\r\n" + whole << true;
    QTest::newRow("in chunks") << QByteArray(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
                               << true;
    QTest::newRow("not yet whole") << "HTTP/1.1 200 OK\r\n" + whole.chopped(1) << false;
    QTest::newRow("the other side closes")
        << "HTTP/1.1 200 OK\r\nConnection: Close\r\n" + whole << false;
    QTest::newRow("an old version") << "HTTP/1.0 200 OK\r\n" + whole << false;
    QTest::newRow("something follows") << "HTTP/1.1 200 OK\r\n" + whole + "HTTP" << false;
    QTest::newRow("up to the end") << QByteArray("HTTP/1.1 200 OK\r\n\r\n{}") << false;
}

void TestAnswerParser::aConnectionIsKeptWhereBothEndsAgree()
{
    QFETCH(QByteArray, bytes);
    AnswerParser parser;
    parser.feed(bytes);
    QTEST(parser.keepsConnection(), "keeps");
}

QTEST_GUILESS_MAIN(TestAnswerParser)
#include "answerparser.moc"
