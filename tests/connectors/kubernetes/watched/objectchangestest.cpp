#include "clusterobjects.h"

#include "connectors/kubernetes/watched/objectchanges.h"
#include "connectors/kubernetes/watched/objectwrite.h"

#include <QTest>

using namespace pilothouse;

class ObjectChangesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aDifferenceIsALineWithItsPath_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QStringList>("expected");
        const auto row = [](const char *name, const char *before, const char *after,
                            const QStringList &expected) {
            QTest::newRow(name) << QByteArray(before) << QByteArray(after) << expected;
        };
        row("nothing", "{'a': 1}", "{'a': 1}", {});
        row("a value", "{'a': {'b': 1}}", "{'a': {'b': 2}}", {QStringLiteral("a.b: 1 → 2")});
        row("in a list", "{'a': [{'w': 10}, {'w': 90}]}", "{'a': [{'w': 50}, {'w': 50}]}",
            {QStringLiteral("a[0].w: 10 → 50"), QStringLiteral("a[1].w: 90 → 50")});
        row("a longer list", "{'a': [1]}", "{'a': [1, 2]}",
            {QStringLiteral("a[1]: (nothing) → 2")});
        row("a new member", "{}", "{'a': 'x'}", {QStringLiteral("a: (nothing) → x")});
        row("a member that goes", "{'a': [1]}", "{}", {QStringLiteral("a: [1] → (nothing)")});
        row("a key with a slash", "{'n': {'a.io/w': '10'}}", "{'n': {'a.io/w': '50'}}",
            {QStringLiteral("n[a.io/w]: 10 → 50")});
        row("an empty text", "{'a': ''}", "{'a': 'x'}", {QStringLiteral("a: (empty) → x")});
        row("a hold, and that it was written", "{'metadata': {}}",
            "{'metadata': {'annotations': {'pilothouse.dev/hold': '{\\\"by\\\": \\\"mara\\\"}',"
            " 'pilothouse.dev/deeds': '[]'}}}",
            {QStringLiteral("hold: (none) → by mara"), QStringLiteral("our note of it")});
        row("the last annotation that goes", "{'metadata': {'annotations': {'a': 'b'}}}",
            "{'metadata': {}}", {QStringLiteral("metadata.annotations.a: b → (nothing)")});
        row("what every write changes", "{'metadata': {'resourceVersion': '1', 'generation': 1}}",
            "{'metadata': {'resourceVersion': '2', 'generation': 2, 'managedFields': []}}", {});
    }
    void aDifferenceIsALineWithItsPath()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        QFETCH(QStringList, expected);
        QCOMPARE(objectChanges(parsed(before), parsed(after)), expected);
    }

    void aLongValueIsCut()
    {
        const QString text(200, QLatin1Char('x'));
        const QStringList changes = objectChanges({}, {{QStringLiteral("a"), text}});
        QCOMPARE(changes, QStringList{QStringLiteral("a: (nothing) → ") + text.left(80)
                                      + QStringLiteral("…")});
    }

    void aWriteIsBoundToItsVersion()
    {
        ObjectWrite write;
        write.merge = parsed("{'metadata': {'annotations': {'a': 'b'}}}");
        QCOMPARE(write.mergeAt(QStringLiteral("7")),
                 parsed("{'metadata': {'resourceVersion': '7', 'annotations': {'a': 'b'}}}"));
        write.operations = {parsed("{'op': 'remove', 'path': '/a'}")};
        QCOMPARE(write.operationsAt(QStringLiteral("7")).first().toObject(),
                 parsed("{'op': 'test', 'path': '/metadata/resourceVersion', 'value': '7'}"));
    }

    void aNoteOfOursIsShownAsANoteAndNotCopied()
    {
        const ObjectWrite note
            = annotationWrite("pilothouse.dev/changes", QStringLiteral("[long and secret]"));
        const PlannedCall call = plannedWrite(
            note, QStringLiteral("7"),
            {{}, QStringLiteral("n"), QStringLiteral("webs"), QStringLiteral("web"), {}},
            QStringLiteral("do it"), QStringLiteral("… one more"));
        QVERIFY(call.exact.contains(QStringLiteral("… one more")));
        QVERIFY(!call.exact.contains(QStringLiteral("secret")));
        QVERIFY(!call.curl.contains(QStringLiteral("secret")));
        QCOMPARE(call.copyable, QStringLiteral("kubectl -n n patch webs web --type=merge -p "
                                               "'{\"metadata\":{\"resourceVersion\":\"7\"}}'"));
    }
};

QTEST_GUILESS_MAIN(ObjectChangesTest)
#include "objectchangestest.moc"
