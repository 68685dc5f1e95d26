#include "app/cli/layoutcommand.h"
#include "pipeline/layered/graphfile.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

#include <unistd.h>

using namespace pilothouse;

namespace {

const QByteArray diamond = R"({"nodes": [
    {"id": 4, "w": 180, "h": 48, "layer": 0}, {"id": 1, "w": 120, "h": 48},
    {"id": 3, "w": 180, "h": 60}, {"id": 2, "w": 90, "h": 30}],
    "edges": [[4, 1], [4, 3], [1, 2], [3, 2]]})";

/// What the command wrote to one of the standard streams.
class Captured
{
public:
    Captured(FILE *stream, const QString &path) : m_stream(stream), m_path(path)
    {
        std::fflush(stream);
        m_before = dup(fileno(stream));
        QFile file(path);
        if (file.open(QIODevice::WriteOnly | QIODevice::Truncate))
            dup2(file.handle(), fileno(stream));
    }
    ~Captured()
    {
        if (m_before >= 0)
            restore();
    }
    Captured(const Captured &) = delete;
    Captured &operator=(const Captured &) = delete;

    QByteArray text()
    {
        restore();
        QFile file(m_path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private:
    void restore()
    {
        std::fflush(m_stream);
        dup2(m_before, fileno(m_stream));
        close(m_before);
        m_before = -1;
    }

    FILE *m_stream;
    QString m_path;
    int m_before = -1;
};

struct Outcome
{
    int code = -1;
    QByteArray out;
    QByteArray err;
};

} // namespace

class LayoutCommandTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_dir.isValid()); }

    void aGraphIsDrawnIntoAFile()
    {
        const QString lay = m_dir.filePath(QStringLiteral("diamond.lay"));
        const Outcome outcome = run({written(diamond), QStringLiteral("-o"), lay});
        QCOMPARE(outcome.code, 0);
        QVERIFY(outcome.out.isEmpty());
        QVERIFY(outcome.err.isEmpty());
        const QList<QList<QByteArray>> lines = linesOf(read(lay));
        QCOMPARE(lines.size(), 8);
        QCOMPARE(lines[0].mid(0, 2), (QList<QByteArray>{"n", "4"}));
        QCOMPARE(lines[3].mid(0, 2), (QList<QByteArray>{"n", "2"}));
        QCOMPARE(lines[4].mid(0, 3), (QList<QByteArray>{"e", "4", "1"}));
        QCOMPARE(lines[7].mid(0, 3), (QList<QByteArray>{"e", "3", "2"}));
    }

    void nodesKeepTheirSizes()
    {
        const QList<QList<QByteArray>> lines = linesOf(run({written(diamond)}).out);
        QCOMPARE(lines[1][4].toDouble(), 120.0);
        QCOMPARE(lines[1][5].toDouble(), 48.0);
        QCOMPARE(lines[3][4].toDouble(), 90.0);
        QCOMPARE(lines[3][5].toDouble(), 30.0);
    }

    void thePictureRunsFromTopToBottom()
    {
        const QList<QList<QByteArray>> lines = linesOf(run({written(diamond)}).out);
        const auto y = [&](int line) {
            return lines[line][3].toDouble();
        };
        QVERIFY(y(0) < y(1));
        QVERIFY(y(1) < y(3));
        QVERIFY(y(2) < y(3));
    }

    void anEdgeGoesFromTheLowerSideToTheUpperSide()
    {
        const QList<QList<QByteArray>> lines = linesOf(run({written(diamond)}).out);
        const QList<QByteArray> &edge = lines[4]; // 4 → 1
        const int points = edge[3].toInt();
        QCOMPARE(edge.size(), 4 + points * 2);
        const auto isAlong = [](const QByteArray &x, const QList<QByteArray> &node) {
            return std::abs(x.toDouble() - node[2].toDouble()) < node[4].toDouble() / 2;
        };
        QVERIFY(isAlong(edge[4], lines[0]));
        QCOMPARE(edge[5].toDouble(), lines[0][3].toDouble() + 24);
        QVERIFY(isAlong(edge[2 + points * 2], lines[1]));
        QCOMPARE(edge[3 + points * 2].toDouble(), lines[1][3].toDouble() - 24);
    }

    void theSameFileGivesTheSameBytes()
    {
        const QString path = written(diamond);
        QCOMPARE(run({path}).out, run({path}).out);
    }

    void jsonTellsAboutThePictureInOneLine()
    {
        const QString lay = m_dir.filePath(QStringLiteral("told.lay"));
        const Outcome outcome
            = run({QStringLiteral("--json"), written(diamond), QStringLiteral("-o"), lay});
        QCOMPARE(outcome.code, 0);
        QCOMPARE(outcome.out.count('\n'), 1);
        const QJsonObject line = QJsonDocument::fromJson(outcome.out).object();
        QCOMPARE(line.value(QStringLiteral("nodes")).toInt(), 4);
        QCOMPARE(line.value(QStringLiteral("edges")).toInt(), 4);
        QCOMPARE(line.value(QStringLiteral("crossings")).toInt(-1), 0);
        QCOMPARE(line.value(QStringLiteral("lay")).toString(), lay);
        QVERIFY(QFile::exists(lay));
    }

    void crossingsThatCannotBeAvoidedAreTold()
    {
        // Every one of three before every one of three: nine edges, at least nine crossings.
        const QByteArray full = R"({"nodes": [
            {"id": 0, "w": 9, "h": 9}, {"id": 1, "w": 9, "h": 9}, {"id": 2, "w": 9, "h": 9},
            {"id": 3, "w": 9, "h": 9}, {"id": 4, "w": 9, "h": 9}, {"id": 5, "w": 9, "h": 9}],
            "edges": [[0,3],[0,4],[0,5],[1,3],[1,4],[1,5],[2,3],[2,4],[2,5]]})";
        const Outcome outcome = run({written(full), QStringLiteral("--json")});
        QCOMPARE(QJsonDocument::fromJson(outcome.out)
                     .object()
                     .value(QStringLiteral("crossings"))
                     .toInt(),
                 9);
    }

    void anEmptyGraphIsAnEmptyPicture()
    {
        const Outcome outcome = run({written(R"({"nodes": [], "edges": []})")});
        QCOMPARE(outcome.code, 0);
        QVERIFY(outcome.out.isEmpty());
    }

    void wrongGraphsAreRefusedWithASentence_data()
    {
        QTest::addColumn<QByteArray>("graph");
        QTest::addColumn<QByteArray>("sentence");
        const auto row = [](const char *name, const QByteArray &graph, const QByteArray &sentence) {
            QTest::newRow(name) << graph << sentence;
        };
        const auto nodes = [](const QByteArray &list) {
            return QByteArray(R"({"edges": [], "nodes": [)") + list + "]}";
        };
        const auto edges = [](const QByteArray &list) {
            return QByteArray(R"({"nodes": [{"id": 1, "w": 2, "h": 3}], "edges": [)") + list + "]}";
        };
        row("no JSON", "digraph {}", "is not JSON");
        row("no text", "", "is not JSON");
        row("a list", "[]", "\"nodes\" and \"edges\"");
        row("no edges", R"({"nodes": []})", "\"nodes\" and \"edges\"");
        row("a node that is a number", nodes("7"), "node 1 has no whole number");
        row("no id", nodes(R"({"w": 1, "h": 1})"), "node 1 has no whole number");
        row("half an id", nodes(R"({"id": 1.5, "w": 1, "h": 1})"), "node 1 has no whole number");
        row("an id too large", nodes(R"({"id": 1e30, "w": 1, "h": 1})"), "no whole number");
        row("no width", nodes(R"({"id": 1, "h": 1})"), "node 1 needs a width");
        row("a negative height", nodes(R"({"id": 1, "w": 1, "h": -1})"), "node 1 needs a width");
        row("an id twice", nodes(R"({"id": 1, "w": 1, "h": 1}, {"id": 1, "w": 1, "h": 1})"),
            "node 2 has the id 1");
        row("an edge of one end", edges("[1]"), "edge 1 is no pair");
        row("an edge of three ends", edges("[1, 1, 1]"), "edge 1 is no pair");
        row("an end that is not there", edges("[1, 1], [1, 5]"), "edge 2 has an end");
        row("an end that is text", edges(R"([1, "1"])"), "edge 1 has an end");
    }

    void wrongGraphsAreRefusedWithASentence()
    {
        QFETCH(QByteArray, graph);
        QFETCH(QByteArray, sentence);
        const QString path = written(graph);
        const Outcome outcome = run({path});
        QCOMPARE(outcome.code, 2);
        QVERIFY(outcome.out.isEmpty());
        QVERIFY2(outcome.err.contains(sentence), outcome.err.constData());
        QVERIFY(outcome.err.contains(path.toUtf8()));
        QCOMPARE(outcome.err.count('\n'), 1);
    }

    void wrongUseIsRefusedWithTheUsage_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("nothing") << QStringList();
        QTest::newRow("two graphs") << QStringList{QStringLiteral("a"), QStringLiteral("b")};
        QTest::newRow("-o without a name")
            << QStringList{QStringLiteral("a"), QStringLiteral("-o")};
        QTest::newRow("an unknown option")
            << QStringList{QStringLiteral("a"), QStringLiteral("--fast")};
    }

    void wrongUseIsRefusedWithTheUsage()
    {
        QFETCH(QStringList, arguments);
        const Outcome outcome = run(arguments);
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.contains("layout FILE.json"), outcome.err.constData());
    }

    void aFileThatIsNotThereIsNamed()
    {
        const Outcome outcome = run({QStringLiteral("/nowhere/graph.json")});
        QCOMPARE(outcome.code, 2);
        QVERIFY(outcome.err.contains("/nowhere/graph.json cannot be read"));
    }

    void aPictureThatCannotBeWrittenIsNamed()
    {
        const Outcome outcome
            = run({written(diamond), QStringLiteral("-o"), QStringLiteral("/nowhere/picture.lay")});
        QCOMPARE(outcome.code, 4);
        QVERIFY(outcome.err.contains("/nowhere/picture.lay cannot be written"));
    }

private:
    QString written(const QByteArray &graph)
    {
        const QString path = m_dir.filePath(QStringLiteral("graph.json"));
        QFile file(path);
        return file.open(QIODevice::WriteOnly) && file.write(graph) == graph.size() ? path
                                                                                    : QString();
    }

    static QByteArray read(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    static QList<QList<QByteArray>> linesOf(const QByteArray &text)
    {
        QList<QList<QByteArray>> lines;
        for (const QByteArray &line : text.split('\n')) {
            if (!line.isEmpty())
                lines.append(line.split(' '));
        }
        return lines;
    }

    Outcome run(const QStringList &arguments)
    {
        Captured out(stdout, m_dir.filePath(QStringLiteral("out")));
        Captured err(stderr, m_dir.filePath(QStringLiteral("err")));
        Outcome outcome;
        outcome.code = layoutCommand(arguments);
        outcome.err = err.text();
        outcome.out = out.text();
        return outcome;
    }

    QTemporaryDir m_dir;
};

QTEST_GUILESS_MAIN(LayoutCommandTest)
#include "layoutcommandtest.moc"
