#include "app/sandbox/kubernetes/jsonpatch.h"

#include <QJsonDocument>
#include <QTest>

using namespace pilothouse::sandbox;

namespace {

QJsonObject object(const QByteArray &text)
{
    return QJsonDocument::fromJson(text).object();
}

QJsonArray array(const QByteArray &text)
{
    return QJsonDocument::fromJson(text).array();
}

} // namespace

class JsonPatchTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void operationsDoWhatTheStandardSays_data();
    void operationsDoWhatTheStandardSays();
    void patchesThatDoNotApplyAreRefused_data();
    void patchesThatDoNotApplyAreRefused();
    void aFailedTestChangesNothing();
    void mergePatchesMergeReplaceAndRemove_data();
    void mergePatchesMergeReplaceAndRemove();
};

void JsonPatchTest::operationsDoWhatTheStandardSays_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("patch");
    QTest::addColumn<QByteArray>("result");
    const auto row
        = [](const char *name, const char *target, const char *patch, const char *result) {
              QTest::newRow(name) << QByteArray(target) << QByteArray(patch) << QByteArray(result);
          };
    row("add puts a member", R"({"a":1})", R"([{"op":"add","path":"/b","value":2}])",
        R"({"a":1,"b":2})");
    row("add replaces a member that is there", R"({"a":1})",
        R"([{"op":"add","path":"/a","value":2}])", R"({"a":2})");
    row("add inserts into a list", R"({"a":[1,3]})", R"([{"op":"add","path":"/a/1","value":2}])",
        R"({"a":[1,2,3]})");
    row("add appends with a dash", R"({"a":[1]})", R"([{"op":"add","path":"/a/-","value":2}])",
        R"({"a":[1,2]})");
    row("replace changes a weight", R"({"spec":{"rules":[{"refs":[{"w":90},{"w":10}]}]}})",
        R"([{"op":"replace","path":"/spec/rules/0/refs/1/w","value":50}])",
        R"({"spec":{"rules":[{"refs":[{"w":90},{"w":50}]}]}})");
    row("remove takes a member", R"({"a":1,"b":2})", R"([{"op":"remove","path":"/a"}])",
        R"({"b":2})");
    row("remove takes a list's element", R"({"a":[1,2,3]})", R"([{"op":"remove","path":"/a/0"}])",
        R"({"a":[2,3]})");
    row("move takes it along", R"({"a":1})", R"([{"op":"move","from":"/a","path":"/b"}])",
        R"({"b":1})");
    row("copy leaves it", R"({"a":1})", R"([{"op":"copy","from":"/a","path":"/b"}])",
        R"({"a":1,"b":1})");
    row("a slash in a name is ~1", R"({"m":{"x/y":1}})",
        R"([{"op":"replace","path":"/m/x~1y","value":2}])", R"({"m":{"x/y":2}})");
    row("a tilde in a name is ~0", R"({"x~y":1})", R"([{"op":"remove","path":"/x~0y"}])", R"({})");
    row("a good test lets the rest through", R"({"v":"7","w":1})",
        R"([{"op":"test","path":"/v","value":"7"},{"op":"replace","path":"/w","value":2}])",
        R"({"v":"7","w":2})");
    row("a test for null holds where nothing is", R"({})",
        R"([{"op":"test","path":"/x","value":null}])", R"({})");
}

void JsonPatchTest::operationsDoWhatTheStandardSays()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, patch);
    QFETCH(QByteArray, result);
    const auto applied = applyJsonPatch(object(target), array(patch));
    QVERIFY2(applied.has_value(), applied ? "" : qPrintable(applied.error().reason));
    QCOMPARE(*applied, object(result));
}

void JsonPatchTest::patchesThatDoNotApplyAreRefused_data()
{
    QTest::addColumn<QByteArray>("patch");
    QTest::addColumn<bool>("malformed");
    const auto row = [](const char *name, const char *patch, bool malformed) {
        QTest::newRow(name) << QByteArray(patch) << malformed;
    };
    row("a test that does not hold", R"([{"op":"test","path":"/a","value":2}])", false);
    row("a test of another type", R"([{"op":"test","path":"/a","value":"1"}])", false);
    row("replace of what is not there", R"([{"op":"replace","path":"/x","value":2}])", false);
    row("remove of what is not there", R"([{"op":"remove","path":"/x"}])", false);
    row("add below what is not there", R"([{"op":"add","path":"/x/y","value":2}])", false);
    row("an index behind the end", R"([{"op":"replace","path":"/l/2","value":2}])", false);
    row("an index with a leading zero", R"([{"op":"replace","path":"/l/01","value":2}])", false);
    row("a path without a slash", R"([{"op":"add","path":"x","value":2}])", true);
    row("no path", R"([{"op":"add","value":2}])", true);
    row("an unknown operation", R"([{"op":"swap","path":"/a","value":2}])", true);
    row("an operation that is no object", R"([7])", true);
}

void JsonPatchTest::patchesThatDoNotApplyAreRefused()
{
    QFETCH(QByteArray, patch);
    QFETCH(bool, malformed);
    const auto applied = applyJsonPatch(object(R"({"a":1,"l":[1,2]})"), array(patch));
    QVERIFY(!applied);
    QCOMPARE(applied.error().kind == PatchFailure::Kind::Malformed, malformed);
}

void JsonPatchTest::aFailedTestChangesNothing()
{
    const QJsonObject target = object(R"({"v":"8","w":1})");
    const auto applied = applyJsonPatch(
        target,
        array(R"([{"op":"replace","path":"/w","value":2},{"op":"test","path":"/v","value":"7"}])"));
    QVERIFY(!applied);
    QCOMPARE(target, object(R"({"v":"8","w":1})"));
}

void JsonPatchTest::mergePatchesMergeReplaceAndRemove_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("patch");
    QTest::addColumn<QByteArray>("result");
    const auto row
        = [](const char *name, const char *target, const char *patch, const char *result) {
              QTest::newRow(name) << QByteArray(target) << QByteArray(patch) << QByteArray(result);
          };
    row("members merge", R"({"a":{"b":1}})", R"({"a":{"c":2}})", R"({"a":{"b":1,"c":2}})");
    row("null removes", R"({"a":{"b":1,"c":2}})", R"({"a":{"b":null}})", R"({"a":{"c":2}})");
    row("lists are replaced whole", R"({"a":[1,2]})", R"({"a":[3]})", R"({"a":[3]})");
    row("an object takes a scalar's place", R"({"a":1})", R"({"a":{"b":2}})", R"({"a":{"b":2}})");
    row("null within what is new is dropped", R"({})", R"({"a":{"b":null,"c":1}})",
        R"({"a":{"c":1}})");
}

void JsonPatchTest::mergePatchesMergeReplaceAndRemove()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, patch);
    QFETCH(QByteArray, result);
    QCOMPARE(applyMergePatch(object(target), object(patch)), object(result));
}

QTEST_GUILESS_MAIN(JsonPatchTest)
#include "jsonpatchtest.moc"
